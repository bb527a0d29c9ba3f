"""Arrays of an NPZ: their shapes, the spread of the flat ones, samples of pictures."""

import base64
import math
import struct
import zipfile
import zlib

import numpy as np
from numpy.lib import format as npy

from podium.datasets.profiling.columns import printable, spread

MOST_ARRAYS = 50
MOST_BYTES = 32_000_000  # read of one array
SAMPLES = 24
LONGEST_SIDE = 96  # pixels of a sample; larger ones are thinned out
SMALLEST, LARGEST = 4, 2_048  # sides that a picture may have
MOST_PICTURES = 600_000  # characters of all samples together
_HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}


def read_arrays(archive: zipfile.ZipFile) -> dict:
    """What an archive holds, in its order."""
    members = [each for each in archive.infolist() if each.filename.endswith(".npy")]
    arrays = [_Array(archive, member) for member in members[:MOST_ARRAYS]]
    told = []
    for array in arrays:
        line = {
            "name": printable(array.name),
            "shape": list(array.shape),
            "dtype": str(array.dtype),
        }
        if array.is_flat_number():
            line |= _spread(array.first(MOST_BYTES // array.dtype.itemsize))
        elif array.is_pictures():
            line["samples"] = _samples(array, _labels(arrays, array.shape[0]))
        told.append(line)
    return {"kind": "arrays", "arrays": told, "array_count": len(members)}


class _Array:
    """One member: its header is read, its content only as far as is asked for."""

    def __init__(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo):
        self.archive, self.member = archive, member
        self.name = member.filename.removesuffix(".npy")
        with archive.open(member) as stream:
            self.shape, self.fortran, self.dtype = _header(stream)

    def is_number(self) -> bool:
        return self.dtype.kind in "biuf" and not self.fortran and 0 not in self.shape

    def is_flat_number(self) -> bool:
        return self.is_number() and len(self.shape) == 1

    def is_pictures(self) -> bool:
        """Rows of two sides, with or without colours at the end or in front."""
        if not self.is_number() or len(self.shape) not in (3, 4):
            return False
        sides = [n for n in self.shape[1:] if n not in (1, 3, 4)]
        if len(self.shape) == 4 and not {self.shape[1], self.shape[3]} & {1, 3, 4}:
            return False
        return len(sides) == 2 and all(SMALLEST <= n <= LARGEST for n in sides)

    def first(self, rows: int) -> np.ndarray:
        """The first rows, fewer where they would be too many bytes."""
        row_bytes = math.prod(self.shape[1:]) * self.dtype.itemsize
        rows = min(rows, self.shape[0], max(1, MOST_BYTES // row_bytes))
        with self.archive.open(self.member) as stream:
            _header(stream)
            data = stream.read(rows * row_bytes)
        rows = len(data) // row_bytes
        flat = np.frombuffer(data[: rows * row_bytes], self.dtype)
        return flat.reshape(rows, *self.shape[1:])


def _header(stream):
    version = npy.read_magic(stream)
    if version not in _HEADERS:
        raise ValueError(f"its format {version} is unknown")
    return _HEADERS[version](stream)


def _spread(values: np.ndarray) -> dict:
    finite = values[np.isfinite(values)].astype(np.float64)
    told = {"rows_read": len(values), "missing": int(len(values) - len(finite))}
    if not len(finite):
        return told
    low, high = float(finite.min()), float(finite.max())
    found, counts = np.unique(finite, return_counts=True)
    told |= {"low": low, "high": high, "mean": float(finite.mean())}
    if values.dtype.kind in "biu" and len(found) <= 16:
        pairs = zip(found, counts, strict=True)
        told["bars"] = [[f"{value:.0f}", int(count)] for value, count in pairs]
    else:
        told["bars"] = [["", count] for count in spread(finite.tolist(), low, high)]
    return told


def _labels(arrays: list[_Array], rows: int) -> list[str]:
    """Words for the samples: of a flat array of whole numbers that is as long."""
    for array in arrays:
        if array.shape == (rows,) and array.dtype.kind in "biu":
            return [str(int(value)) for value in array.first(SAMPLES)]
    return []


def _samples(array: _Array, labels: list[str]) -> list[dict]:
    pictures = _as_bytes(_colours_last(array.first(SAMPLES)))
    step = max(1, math.ceil(max(pictures.shape[1:3]) / LONGEST_SIDE))
    samples, size = [], 0
    for number, picture in enumerate(pictures[:, ::step, ::step]):
        text = base64.b64encode(_png(picture)).decode()
        size += len(text)
        if samples and size > MOST_PICTURES:
            break
        label = labels[number] if number < len(labels) else ""
        height, width = picture.shape[:2]
        samples.append({"png": text, "label": label, "size": [width, height]})
    return samples


def _colours_last(pictures: np.ndarray) -> np.ndarray:
    """Pictures as (n, height, width) or (n, height, width, 3 or 4)."""
    if pictures.ndim == 4 and pictures.shape[3] not in (1, 3, 4):
        pictures = np.moveaxis(pictures, 1, 3)
    if pictures.ndim == 4 and pictures.shape[3] == 1:
        pictures = pictures[..., 0]
    return pictures


def _as_bytes(pictures: np.ndarray) -> np.ndarray:
    """Values of any range as 0 to 255, black to white."""
    if pictures.dtype == np.uint8:
        return pictures
    values = np.nan_to_num(pictures.astype(np.float64), posinf=0, neginf=0)
    low, high = values.min(), values.max()
    if low >= 0 and high <= 1:
        low, high = 0.0, 1.0
    elif low >= 0 and high <= 255 and pictures.dtype.kind in "iu":
        low, high = 0.0, 255.0
    return np.round((values - low) / ((high - low) or 1) * 255).astype(np.uint8)


def _png(picture: np.ndarray) -> bytes:
    """A picture of bytes, in grey, colour, or colour with transparency, as PNG."""
    height, width = picture.shape[:2]
    colour = 0 if picture.ndim == 2 else {3: 2, 4: 6}[picture.shape[2]]
    lines = b"".join(b"\0" + line.tobytes() for line in np.ascontiguousarray(picture))
    header = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data))
        + name
        + data
        + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
