"""Typed arrays on disk: safetensors, mapped without parsing; text as bytes and offsets.

A string tensor `name` is stored as two: `name.bytes` holds the UTF-8 of all its cells
one after another, `name.offsets` where each begins and the last one ends; the metadata
keeps its shape.
"""

from __future__ import annotations

import json
import mmap
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

STRINGS = "podium.strings"
HEADER_BYTES = 8
DTYPES = {
    "F64": np.float64,
    "F32": np.float32,
    "F16": np.float16,
    "I64": np.int64,
    "I32": np.int32,
    "U8": np.uint8,
    "BOOL": np.bool_,
}


def write_tensors(
    path: Path | str,
    arrays: Mapping[str, np.ndarray],
    meta: Mapping[str, str] | None = None,
) -> None:
    """Write named arrays so that the file is either whole or not there."""
    stored: dict[str, np.ndarray] = {}
    shapes: dict[str, list[int]] = {}
    for name, array in arrays.items():
        array = np.asarray(array)
        if array.dtype.kind in "OUT":
            shapes[name] = list(array.shape)
            stored[f"{name}.bytes"], stored[f"{name}.offsets"] = _packed(array)
        else:
            stored[name] = np.ascontiguousarray(array)
    path = Path(path)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        save_file(stored, unfinished, {**(meta or {}), STRINGS: json.dumps(shapes)})
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def open_tensors(path: Path | str | int) -> dict[str, np.ndarray]:
    """Map the arrays of a file (or of an open descriptor), read-only.

    Text is decoded into object arrays of `str`; numbers are not read before use.
    """
    stored, meta = _mapped(path)
    shapes = json.loads(meta.get(STRINGS, "{}"))
    for name, shape in shapes.items():
        stored[name] = _unpacked(
            stored.pop(f"{name}.bytes"), stored.pop(f"{name}.offsets"), shape
        )
    return stored


@dataclass(frozen=True)
class Strings:
    """A string tensor as it is stored: all bytes, and where each cell begins."""

    data: np.ndarray
    offsets: np.ndarray


def open_strings(path: Path | str | int, name: str) -> Strings:
    """Map a string tensor without making a million objects of it."""
    stored, _ = _mapped(path)
    return Strings(stored[f"{name}.bytes"], stored[f"{name}.offsets"])


def tensor_shapes(path: Path | str) -> dict[str, tuple[int, ...]]:
    """The shape of each array of a file, from its header alone."""
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    strings = json.loads(header.pop("__metadata__", {}).get(STRINGS, "{}"))
    parts = {f"{name}.{part}" for name in strings for part in ("bytes", "offsets")}
    shapes = {name: each["shape"] for name, each in header.items() if name not in parts}
    return {name: tuple(shape) for name, shape in {**shapes, **strings}.items()}


def read_meta(path: Path | str) -> dict[str, str]:
    """The texts that were written beside the arrays."""
    meta = _mapped(path)[1]
    meta.pop(STRINGS, None)
    return meta


def _mapped(path) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    closing = not isinstance(path, int)
    with open(path, "rb", closefd=closing) as file:
        view = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    start = HEADER_BYTES + int.from_bytes(view[:HEADER_BYTES], "little")
    header = json.loads(view[HEADER_BYTES:start])
    meta = header.pop("__metadata__", {})
    arrays = {}
    for name, entry in header.items():
        dtype = DTYPES[entry["dtype"]]
        first, last = entry["data_offsets"]
        count = (last - first) // np.dtype(dtype).itemsize
        flat = np.frombuffer(view, dtype, count, start + first) if count else _no(dtype)
        arrays[name] = flat.reshape(entry["shape"])
    return arrays, meta


def _no(dtype) -> np.ndarray:
    return np.empty(0, dtype)


def _packed(array: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    cells = [str(cell).encode() for cell in array.ravel()]
    offsets = np.zeros(len(cells) + 1, dtype=np.int64)
    np.cumsum([len(cell) for cell in cells], out=offsets[1:])
    return np.frombuffer(b"".join(cells), dtype=np.uint8), offsets


def _unpacked(data: np.ndarray, offsets: np.ndarray, shape: list[int]) -> np.ndarray:
    raw, ends = data.tobytes(), offsets.tolist()
    cells = np.empty(len(ends) - 1, dtype=object)
    cells[:] = [
        raw[first:last].decode() for first, last in zip(ends, ends[1:], strict=False)
    ]
    cells = cells.reshape(shape)
    cells.flags.writeable = False
    return cells
