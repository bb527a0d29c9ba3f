"""One column of a table, and what its cells are as numbers, truths, text or classes.

Only the empty cell is missing: `NA` and `nan` are text, and so no numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring.errors import ContractError

TEXT = np.dtypes.StringDType()
TRUTHS = {"1": True, "0": False, "true": True, "false": False}
TRUTHS |= {"True": True, "False": False, "TRUE": True, "FALSE": False}
INTEGERS = {"int32": np.int32, "int64": np.int64, "uint8": np.uint8}


class TableFault(ContractError):
    """A cell, column or file that is not what the contract says."""


@dataclass(frozen=True)
class Column:
    """The cells of one column: text from CSV, typed from Parquet."""

    name: str
    values: np.ndarray
    missing: np.ndarray

    @property
    def is_text(self) -> bool:
        return self.values.dtype.kind == "T"

    def fault(self, bad: np.ndarray, problem: str, remedy: str) -> TableFault:
        """Say how many cells are wrong and what the first one looks like."""
        rows = np.flatnonzero(bad)
        cell = "" if self.missing[rows[0]] else str(self.values[rows[0]])
        shown = cell if len(cell) <= 60 else cell[:60] + "…"
        return TableFault(
            f"column {self.name!r}: {len(rows)} cell(s) {problem}, the first in row "
            f"{rows[0] + 1} ({shown!r}); {remedy}"
        )


def typed(column: Column, dtype: str) -> np.ndarray:
    """The cells as a contract's dtype: strings as objects, others as NumPy has them."""
    if dtype == "string":
        return texts(column)
    if dtype == "bool":
        return truths(column)
    if dtype in INTEGERS:
        return integers(column, INTEGERS[dtype])
    return floats(column).astype(dtype)


def floats(column: Column, missing_allowed: bool = True) -> np.ndarray:
    """The cells as float64; the empty cell is NaN, or a fault."""
    if not missing_allowed and column.missing.any():
        raise column.fault(column.missing, "are empty", "give a number in every row")
    if not column.is_text:
        numbers = column.values.astype(np.float64)
        numbers[column.missing] = np.nan
    else:
        filled = np.where(column.missing, np.array("0", dtype=TEXT), column.values)
        numbers = _parsed(column, filled)
        numbers[column.missing] = np.nan
    bad = ~np.isfinite(numbers) & ~column.missing
    if bad.any():
        raise column.fault(bad, "are not numbers", "write plain finite numbers")
    return numbers


def integers(column: Column, dtype=np.int64) -> np.ndarray:
    """The cells as whole numbers of a dtype; nothing is rounded, nothing wraps."""
    if column.missing.any():
        raise column.fault(
            column.missing, "are empty", "whole numbers have no missing cells"
        )
    if column.is_text:
        whole = _whole_text(column)
    elif column.values.dtype.kind in "biu":
        whole = column.values
    else:
        whole = _unfractioned(column, column.values)
    span = np.iinfo(dtype)
    outside = (whole < span.min) | (whole > span.max)
    if outside.any():
        raise column.fault(
            outside, f"do not fit {np.dtype(dtype)}", f"stay in {span.min}..{span.max}"
        )
    return whole.astype(dtype)


def truths(column: Column) -> np.ndarray:
    """The cells as booleans: 0 and 1, or true and false."""
    if column.missing.any():
        raise column.fault(
            column.missing, "are empty", "booleans have no missing cells"
        )
    cells = texts(column)
    bad = np.array([cell not in TRUTHS for cell in cells], dtype=bool)
    if bad.any():
        raise column.fault(bad, "are not booleans", "write 0 or 1, or true or false")
    return np.array([TRUTHS[cell] for cell in cells], dtype=bool)


def texts(column: Column) -> np.ndarray:
    """The cells as `str` objects: whole numbers in decimal, the empty cell as ''."""
    kind = column.values.dtype.kind
    if kind == "f":
        everything = np.ones(len(column.values), dtype=bool)
        raise column.fault(
            everything, "are floating-point numbers", "store them as text"
        )
    if kind == "b":
        cells = np.where(column.values, "true", "false").astype(object)
    else:
        cells = np.array([str(cell) for cell in column.values.tolist()], dtype=object)
    cells[column.missing] = ""
    return cells


def classes(column: Column, names: Sequence[str]) -> np.ndarray:
    """The index of each cell's class; classes compare as their text."""
    index = {name: position for position, name in enumerate(names)}
    found = np.array([index.get(cell, -1) for cell in texts(column)], dtype=np.int64)
    if (found < 0).any():
        listed = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
        raise column.fault(found < 0, "are no class", f"the classes are {listed}")
    return found


def _parsed(column: Column, filled: np.ndarray) -> np.ndarray:
    """Read decimal text; Python's digit grouping (1_000) is none of it."""
    try:
        numbers = filled.astype(np.float64)
    except ValueError:
        numbers = np.array([_number(cell) for cell in filled], dtype=np.float64)
    grouped = np.strings.find(filled, "_") >= 0
    return np.where(grouped, np.nan, numbers)


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return float("nan")


def _whole_text(column: Column) -> np.ndarray:
    """Whole numbers from text: exactly where they are plain, else by way of floats."""
    try:
        whole = column.values.astype(np.int64)
    except (ValueError, OverflowError):
        return _unfractioned(column, floats(column))
    grouped = np.strings.find(column.values, "_") >= 0
    if grouped.any():
        raise column.fault(grouped, "are not numbers", "write plain whole numbers")
    return whole


def _unfractioned(column: Column, numbers: np.ndarray) -> np.ndarray:
    bad = ~np.isfinite(numbers) | (numbers != np.trunc(numbers))
    if bad.any():
        raise column.fault(bad, "are not whole", "write whole numbers")
    return numbers
