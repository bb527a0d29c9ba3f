"""Is this HDF5 file closed in itself, and as small inside as it looks?

HDF5 can point at other files (external links, external storage, virtual datasets) and
can declare shapes far beyond what it holds. The walls hold all of that; this says it.
"""

from __future__ import annotations

from math import prod

import h5py

from scoring.errors import FileLimit, RefusedContent

MOST_OBJECTS = 100_000
OUTSIDE = "The HDF5 file points at another file."
TOO_LARGE = "The HDF5 file declares arrays of more than {limit_mb} MB."


def check_structure(content: h5py.File, max_bytes: int) -> None:
    """Walk over all groups and datasets without reading any data.

    Raises
    ------
    RefusedContent
        If anything lies outside the file, or there is no end of objects.
    FileLimit
        If the arrays would be larger than a model of this competition may be.
    """
    waiting, seen, declared = [content], 0, 0
    visited: set[tuple] = set()
    while waiting:
        group = waiting.pop()
        for name in group:
            seen += 1
            if seen > MOST_OBJECTS:
                raise RefusedContent("The HDF5 file holds more objects than a model.")
            if isinstance(group.get(name, getlink=True), h5py.ExternalLink):
                raise RefusedContent(OUTSIDE)
            found = group.get(name)
            if isinstance(found, h5py.Group):
                info = h5py.h5o.get_info(found.id)
                if (info.fileno, info.addr) not in visited:
                    visited.add((info.fileno, info.addr))
                    waiting.append(found)
            elif isinstance(found, h5py.Dataset):
                declared += _declared_bytes(found)
                if declared > max_bytes:
                    limit_mb = max_bytes // 1_000_000
                    raise FileLimit(TOO_LARGE.format(limit_mb=limit_mb))


def _declared_bytes(dataset: h5py.Dataset) -> int:
    if dataset.external or dataset.is_virtual:
        raise RefusedContent(OUTSIDE)
    return prod(dataset.shape or ()) * dataset.dtype.itemsize
