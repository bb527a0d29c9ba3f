"""Do these predictions fit this hidden test set? Normal form, and keeping it."""

from __future__ import annotations

import gzip
import io
import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import numpy as np

from scoring.contract import Contract, Output, written_shape
from scoring.errors import BadPredictions

SUM_TOLERANCE = 1e-3
COARSEST_STEP = 1 / 255  # of eight bits over [0, 1]
SHOWN_ROWS = 5

WRONG_ROWS = "The predictions do not have exactly one row for each test row."
WRONG_SHAPE = "The predictions do not have the shape {shape}."
NOT_NUMBERS = "Predictions must be numbers."
NOT_FINITE = "The predictions contain NaN or infinity."
NOT_PROBABILITIES = "Each probability must be a number from 0 to 1."
NOT_SUMMING = "Each row of probabilities must sum to 1 within 0.001."
UNKNOWN_CLASS = "A predicted class is none of this competition's classes."


def validate(
    array: np.ndarray, contract: Contract, rows: int, step: float = 0.0
) -> np.ndarray:
    """Bring predictions into their normal form, or say why they are none.

    `step` is that of an integer-quantised model's output: its probabilities are rounded
    one by one, so their sum may be off by half a step for each class.

    Returns
    -------
    probabilities, scores : float64, shape (rows, n_classes); where two classes came as
        one number, that of the last class, the first one is added
    labels : int64 class indices, shape (rows,)
    values : float64, shape (rows, *contract.output.shape)

    Raises
    ------
    BadPredictions
        With a fixed message; counts and the first rows are in its detail.
    """
    array, output = np.asarray(array), contract.output
    if array.ndim == 0 or len(array) != rows:
        found = len(array) if array.ndim else 0
        raise BadPredictions(WRONG_ROWS, f"Rows: expected {rows}, got {found}.")
    if output.kind == "labels":
        return _class_indices(_shaped(array, output), output)
    if array.dtype.kind not in "fiub":
        raise BadPredictions(NOT_NUMBERS, f"The predictions are {array.dtype}.")
    numbers = _shaped(array, output).astype(np.float64)
    for fault in _faults(numbers, output, step):
        raise fault
    if is_single_column(numbers.shape[1:], output):
        numbers = np.stack([1.0 - numbers, numbers], axis=1)
    return numbers


def problems(
    array: np.ndarray, contract: Contract, rows: int, step: float = 0.0
) -> list[BadPredictions]:
    """All that is wrong with predictions, where `validate` stops at the first."""
    try:
        validate(array, contract, rows, step)
    except BadPredictions as first:
        if first.message not in (NOT_FINITE, NOT_PROBABILITIES):
            return [first]
        numbers = _shaped(np.asarray(array), contract.output).astype(np.float64)
        return list(_faults(numbers, contract.output, step)) or [first]
    return []


def row_shapes(output: Output) -> list[tuple[int, ...]]:
    """The shapes one row may have, axes of length one left out; the usual one first."""
    shapes = [without_ones(output.shape)]
    if output.kind == "probabilities" and len(output.classes) == 2:
        shapes += [] if output.multilabel else [()]
    return shapes


def without_ones(shape) -> tuple:
    """A row's shape without its axes of length one, which may differ freely."""
    return tuple(size for size in shape if size != 1)


def is_single_column(row_shape: tuple, output: Output) -> bool:
    """Whether rows are the last class's probability alone."""
    return row_shape == () and output.shape == (2,) and not output.multilabel


def store(path: Path | str, array: np.ndarray) -> str:
    """Keep normal predictions, compressed and typed; return the file's SHA-256.

    The same predictions always give the same bytes.
    """
    plain = io.BytesIO()
    np.lib.format.write_array(plain, np.ascontiguousarray(array), allow_pickle=False)
    # Digits of float64 hardly shrink: level 6 takes eight times as long for 7 % less.
    packed = gzip.compress(plain.getvalue(), compresslevel=1, mtime=0)
    path = Path(path)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.write_bytes(packed)
    os.replace(unfinished, path)
    return sha256(packed).hexdigest()


def load(path: Path | str, digest: str | None = None) -> np.ndarray:
    """Read kept predictions; where their SHA-256 is given it must still be theirs."""
    packed = Path(path).read_bytes()
    if digest is not None and sha256(packed).hexdigest() != digest:
        raise ValueError(f"the kept predictions {path} are not those of {digest}")
    plain = io.BytesIO(gzip.decompress(packed))
    return np.lib.format.read_array(plain, allow_pickle=False)


def _shaped(array: np.ndarray, output: Output) -> np.ndarray:
    """Give each row the contract's shape; only axes of length one may differ."""
    found = without_ones(array.shape[1:])
    allowed = row_shapes(output)
    if found not in allowed:
        raise BadPredictions(
            WRONG_SHAPE.format(shape=written_shape(output.shape)),
            f"The predictions have the shape {array.shape}.",
        )
    shape = output.shape if found == allowed[0] else ()
    return array.reshape(len(array), *shape)


def _faults(
    numbers: np.ndarray, output: Output, step: float
) -> Iterator[BadPredictions]:
    """Each kind of fault, with the rows that have it and none of those before."""
    bad = _rows(~np.isfinite(numbers))
    if bad.any():
        yield _fault(bad, NOT_FINITE, numbers)
    if output.kind != "probabilities":
        return
    outside = _rows((numbers < 0) | (numbers > 1)) & ~bad
    if outside.any():
        yield _fault(outside, NOT_PROBABILITIES, numbers)
    if output.multilabel or numbers.ndim == 1:
        return
    rounded = min(min(step, COARSEST_STEP) * (numbers.shape[1] / 2 + 1), 0.5)
    with np.errstate(invalid="ignore"):
        sums = numbers.sum(axis=1)
    apart = ~bad & ~outside & (np.abs(sums - 1.0) > SUM_TOLERANCE + rounded)
    if apart.any():
        yield _fault(apart, NOT_SUMMING, sums)


def _class_indices(array: np.ndarray, output: Output) -> np.ndarray:
    """Class indices from class texts or from whole numbers, which compare as text."""
    if array.dtype.kind == "f":
        _refuse(~np.isfinite(array), NOT_FINITE, array)
        _refuse(array != np.trunc(array), UNKNOWN_CLASS, array)
        array = array.astype(np.int64)
    if array.dtype.kind == "b":
        array = array.astype(np.int64)
    index = {name: position for position, name in enumerate(output.classes)}
    texts = array.ravel().tolist()
    found = np.array([index.get(str(each), -1) for each in texts], dtype=np.int64)
    _refuse(found < 0, UNKNOWN_CLASS, array.ravel())
    return found


def _refuse(bad: np.ndarray, message: str, shown: np.ndarray) -> None:
    """Raise where any row is bad."""
    if bad.any():
        raise _fault(_rows(bad), message, shown)


def _rows(bad: np.ndarray) -> np.ndarray:
    """The rows in which any cell is bad."""
    return bad.reshape(len(bad), -1).any(axis=1)


def _fault(bad: np.ndarray, message: str, shown: np.ndarray) -> BadPredictions:
    """What to say of bad rows: their count and the first of them."""
    rows = np.flatnonzero(bad)
    first = "; ".join(f"row {row}: {_cell(shown[row])}" for row in rows[:SHOWN_ROWS])
    return BadPredictions(message, f"{len(rows)} row(s), counted from 0: {first}")


def _cell(value) -> str:
    text = np.array2string(np.asarray(value), threshold=8, separator=", ")
    return text if len(text) <= 80 else text[:80] + "…"
