"""Columns of the labels that metrics name beside the target: groups and weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from scoring import columns, metrics
from scoring.columns import Column, TableFault
from scoring.labels import column_key
from scoring.tables import Table


def metric_columns(table: Table, specs: Sequence[Mapping]) -> dict[str, np.ndarray]:
    """The columns that metrics name, in the table's own order.

    Groups are text, shape (n_rows,); weights are float64 of 0 and more.

    Raises
    ------
    TableFault
        If a column is missing, or holds empty cells or what is no group or weight.
    """
    wanted = {
        (use, name) for spec in specs for use, name in metrics.columns(spec).items()
    }
    return {
        column_key(use, name): READERS[use](_column(table, name))
        for use, name in sorted(wanted)
    }


def _groups(column: Column) -> np.ndarray:
    if column.missing.any():
        raise column.fault(column.missing, "are empty", "every row needs a group")
    return columns.texts(column)


def _weights(column: Column) -> np.ndarray:
    numbers = columns.floats(column, missing_allowed=False)
    if (numbers < 0).any():
        raise column.fault(numbers < 0, "are below 0", "weights are 0 or more")
    return numbers


READERS = {"group": _groups, "weight": _weights}


def _column(table: Table, name: str) -> Column:
    """A column of a table; of an NPZ, the array of that name, one value a row."""
    if table.columns:
        return table.column(name)
    array = table.array(name)
    if array.size != len(array):
        raise TableFault(f"array {name!r} has shape {array.shape}: give one a row")
    flat = array.ravel()
    values = flat.astype(columns.TEXT) if flat.dtype.kind in "US" else flat
    return Column(name, values, np.zeros(len(flat), dtype=bool))
