"""The bytes between a worker and its confined child, over one socket pair.

A message is a four-byte length and that much JSON with a `kind`; a result is followed
by raw little-endian numbers, or by text as lengths and UTF-8. Nothing is unpickled.
What comes from the child is believed by nobody: lengths are checked here, meaning by
the runner.

worker: job, go, inputs (with a descriptor)    child: ready, stage, fed, result, error
"""

from __future__ import annotations

import json
import math
import os
import struct

import ml_dtypes
import numpy as np

from scoring.errors import BadPredictions
from scoring.predictions import NOT_NUMBERS

LENGTH = struct.Struct("<I")
JOB_BYTES = 4_000_000
REPLY_BYTES = 65_536
TEXT_BYTES_PER_ROW = 1_024
WIRE_DTYPES = {"float32": "<f4", "float64": "<f8", "int64": "<i8"}


class Garbled(ValueError):
    """The other side does not keep to the protocol."""


def frame(kind: str, **content) -> bytes:
    """One message as bytes."""
    body = json.dumps({"kind": kind, **content}).encode()
    return LENGTH.pack(len(body)) + body


def take_frame(buffer: bytearray, most: int = REPLY_BYTES) -> dict | None:
    """Take the first whole message out of a buffer; None while there is none."""
    if len(buffer) < LENGTH.size:
        return None
    (size,) = LENGTH.unpack_from(buffer)
    if size > most:
        raise Garbled(f"a message of {size} bytes; at most {most} are allowed")
    end = LENGTH.size + size
    if len(buffer) < end:
        return None
    try:
        message = json.loads(bytes(buffer[LENGTH.size : end]))
    except (ValueError, RecursionError) as error:
        raise Garbled("a message that is not JSON") from error
    del buffer[:end]
    if not isinstance(message, dict) or not isinstance(message.get("kind"), str):
        raise Garbled("a message without a kind")
    return message


def read_frame(source: int) -> dict:
    """Wait for one message of the worker's on a descriptor."""
    buffer = bytearray(_read_exactly(source, LENGTH.size))
    (size,) = LENGTH.unpack(buffer)
    message = take_frame(buffer + _read_exactly(source, size), JOB_BYTES)
    assert message is not None
    return message


def write_all(target: int, data) -> None:
    """Write all bytes to a blocking descriptor."""
    left = memoryview(data).cast("B")
    while left:
        left = left[os.write(target, left) :]


def pack_array(array: np.ndarray) -> tuple[dict, bytes]:
    """An array as a header and raw bytes: a wire dtype, or text."""
    shape = list(array.shape)
    if array.dtype.kind in "OUST":
        cells = [_encoded(cell) for cell in array.ravel().tolist()]
        lengths = np.array([len(cell) for cell in cells], dtype="<i8").tobytes()
        body = lengths + b"".join(cells)
        return {"dtype": "text", "shape": shape, "bytes": len(body)}, body
    array = _wire_numbers(array)
    body = array.astype(WIRE_DTYPES[str(array.dtype)], copy=False).tobytes()
    return {"dtype": str(array.dtype), "shape": shape, "bytes": len(body)}, body


def check_header(header: dict, rows: int, most_cells: int) -> int:
    """The number of raw bytes that follow; Garbled where they are not what may come."""
    dtype, shape = str(header.get("dtype")), header.get("shape")
    if not isinstance(shape, list) or not 1 <= len(shape) <= 8:
        raise Garbled("a result without a shape")
    if not all(type(size) is int and size >= 0 for size in shape):
        raise Garbled("a result with an impossible shape")
    cells, size = math.prod(shape), header.get("bytes")
    if cells > most_cells or type(size) is not int:
        raise Garbled(f"a result of {cells} cells; at most {most_cells} fit")
    if dtype == "text":
        if not 8 * cells <= size <= 8 * cells + rows * TEXT_BYTES_PER_ROW:
            raise Garbled(f"a result of {size} bytes of text for {rows} rows")
    elif dtype not in WIRE_DTYPES:
        raise Garbled("a result of an unknown dtype")
    elif size != cells * np.dtype(WIRE_DTYPES[dtype]).itemsize:
        raise Garbled(f"a result of {size} bytes for {cells} cells of {dtype}")
    return size


def facts_of(header: dict) -> tuple[float, int]:
    """The step of quantised predictions (0: they are not), and the rows of a batch."""
    step, batch = header.get("step", 0.0), header.get("batch", 1)
    if not isinstance(step, float | int) or not 0 <= step < math.inf:
        raise Garbled("a result with an impossible step")
    if type(batch) is not int or batch < 1:
        raise Garbled("a result with an impossible batch")
    return float(step), batch


def unpack_array(header: dict, body: bytes | bytearray) -> np.ndarray:
    """The array of a checked header and exactly its bytes."""
    shape = header["shape"]
    if header["dtype"] != "text":
        return np.frombuffer(body, dtype=WIRE_DTYPES[header["dtype"]]).reshape(shape)
    cells = math.prod(shape)
    lengths = np.frombuffer(body, dtype="<i8", count=cells).tolist()
    place = 8 * cells
    if any(length < 0 for length in lengths) or place + sum(lengths) != len(body):
        raise Garbled("text whose lengths do not add up")
    texts = np.empty(cells, dtype=object)
    for index, length in enumerate(lengths):
        texts[index] = bytes(body[place : place + length]).decode("utf-8", "replace")
        place += length
    return texts.reshape(shape)


def _encoded(cell) -> bytes:
    return cell if isinstance(cell, bytes) else str(cell).encode("utf-8", "replace")


def _wire_numbers(array: np.ndarray) -> np.ndarray:
    """Widen numbers to a dtype of the wire; complex ones and times are none."""
    if str(array.dtype) in WIRE_DTYPES:
        return array
    if array.dtype.kind in "bi" or array.dtype in (np.uint8, np.uint16, np.uint32):
        return array.astype(np.int64)
    if array.dtype.kind == "u":
        return array.astype(np.float64)
    if array.dtype.kind == "f":
        return array.astype(np.float32 if array.dtype.itemsize == 2 else np.float64)
    if array.dtype == ml_dtypes.bfloat16:
        return array.astype(np.float32)
    raise BadPredictions(NOT_NUMBERS, f"The predictions are {array.dtype}.")


def _read_exactly(source: int, size: int) -> bytes:
    parts = []
    while size:
        part = os.read(source, min(size, 2**20))
        if not part:
            raise EOFError("the worker is gone")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
