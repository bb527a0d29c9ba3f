"""Files of predictions: CSV, gzipped CSV, Parquet, NPZ, brought into the rows' order.

Only the host's ids are known here, which are public where predictions are accepted.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import BinaryIO

import numpy as np

from scoring import columns
from scoring.columns import Column, TableFault
from scoring.contract import Contract
from scoring.errors import BadPredictions, UnreadableFile
from scoring.sandbox.loaders.quick_table import read as read_quickly
from scoring.tables import Table, read_open_table

__all__ = ["read", "read_quickly"]

SHOWN = 5

NOT_READABLE = "The file is not readable as {format}."
WRONG_IDS = "The ids are not those of the test rows, each exactly once."
NO_ID = "The file has no id column named {id}."
WRONG_COLUMNS = "The columns are not those expected: {wanted}."
WRONG_CELLS = "A cell is empty, or is not what its column holds."
ONE_ARRAY = "An NPZ of predictions holds exactly one array, with one row per test row."


def read(
    file: BinaryIO,
    format: str,
    contract: Contract,
    ids: Sequence[str],
    classes_suffice: bool,
) -> np.ndarray:
    """Read the predictions of an open file, one row for each id, in the ids' order."""
    try:
        table = read_open_table(file, format)
    except TableFault as fault:
        raise UnreadableFile(NOT_READABLE.format(format=format), str(fault)) from fault
    if format == "npz":
        return _single_array(table)
    order = _order(table, contract.id_column, ids)
    try:
        return _cells(table, contract, classes_suffice)[order]
    except TableFault as fault:
        raise BadPredictions(WRONG_CELLS, str(fault)) from fault


def _single_array(table: Table) -> np.ndarray:
    if len(table.arrays) != 1:
        raise BadPredictions(ONE_ARRAY, f"It holds {', '.join(table.arrays)}.")
    return next(iter(table.arrays.values()))


def _order(table: Table, id_column: str, ids: Sequence[str]) -> np.ndarray:
    """Where each id stands in the file; every one must stand there once."""
    if id_column not in table.columns:
        there = f"The columns are {_named(list(table.columns))}."
        raise BadPredictions(NO_ID.format(id=id_column), there)
    try:
        given = columns.texts(table.columns[id_column]).tolist()
    except TableFault as fault:
        raise BadPredictions(WRONG_IDS, str(fault)) from fault
    place: dict[str, int] = {}
    doubled = []
    for row, each in enumerate(given):
        if each in place:
            doubled.append(each)
        place[each] = row
    known = set(ids)
    absent = [each for each in ids if each not in place]
    extra = [each for each in place if each not in known]
    if absent or extra or doubled:
        told = f"Expected {len(ids)} rows, got {len(given)}."
        counts = [("missing", absent), ("unknown", extra), ("doubled", doubled)]
        for word, which in counts:
            if which:
                told += f" {len(which)} id(s) {word}: {_named(which)}."
        raise BadPredictions(WRONG_IDS, told)
    return np.array([place[each] for each in ids], dtype=np.int64)


def _cells(table: Table, contract: Contract, classes_suffice: bool) -> np.ndarray:
    """The predictions in the file's own order, by whichever columns it has."""
    output = contract.output
    given = {name for name in table.columns if name != contract.id_column}
    target = _target_columns(contract)
    if output.kind == "labels":
        column = _wanted(table, given, target)[0]
        return columns.texts(_complete(column))
    by_class = output.kind != "values" and not output.multilabel
    if by_class and given != set(target):
        return _numbers(_wanted(table, given, list(output.classes)))
    if not by_class:
        numbers = _numbers(_wanted(table, given, target))
        return numbers.reshape(len(numbers), *output.shape)
    column = table.columns[target[0]]
    if len(output.classes) == 2:
        last = columns.floats(column, missing_allowed=False)
        return np.stack([1.0 - last, last], axis=1) if output.kind == "scores" else last
    if not classes_suffice:
        wanted = _named(list(output.classes))
        told = f"Column {target[0]!r} alone would do only if every metric took classes."
        raise BadPredictions(WRONG_COLUMNS.format(wanted=wanted), told)
    return np.eye(len(output.classes))[columns.classes(column, output.classes)]


def _target_columns(contract: Contract) -> list[str]:
    """The columns named as the target; arrays of several columns name only classes."""
    output = contract.output
    if output.multilabel and not contract.uses_tables:
        return list(output.classes)
    if output.kind == "values" and prod(output.shape) != len(contract.target):
        told = f"One row holds {prod(output.shape)} numbers."
        raise BadPredictions(ONE_ARRAY, told)
    return list(contract.target)


def _wanted(table: Table, given: set[str], names: list[str]) -> list[Column]:
    absent = [name for name in names if name not in given]
    extra = sorted(given - set(names))
    if absent or extra:
        told = f"Missing: {_named(absent)}. " if absent else ""
        told += f"Unknown: {_named(extra)}." if extra else ""
        raise BadPredictions(WRONG_COLUMNS.format(wanted=_named(names)), told)
    return [table.columns[name] for name in names]


def _complete(column: Column) -> Column:
    if column.missing.any():
        raise column.fault(column.missing, "are empty", "give a class in every row")
    return column


def _numbers(parts: list[Column]) -> np.ndarray:
    cells = [columns.floats(part, missing_allowed=False) for part in parts]
    return np.stack(cells, axis=1)


def _named(names: list[str]) -> str:
    shown = ", ".join(names[:SHOWN])
    return f"{shown}, …" if len(names) > SHOWN else shown
