"""Parquet columns as NumPy has them: text, whole numbers, floats, booleans.

pyarrow starts a thread when it is imported, so a confined process imports this file
only once its walls stand, and the process that runs models never does.
"""

from __future__ import annotations

from itertools import islice
from typing import BinaryIO

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from scoring.columns import TEXT, Column, TableFault


def read_columns(file: BinaryIO, most_rows: int | None = None) -> dict[str, Column]:
    """Read every column of an open Parquet file, or no more than its first rows."""
    try:
        data = _read(pa.PythonFile(file, mode="r"), most_rows)
        data.validate(full=True)
    except (pa.ArrowException, OSError) as error:
        raise TableFault("the file is not readable Parquet") from error
    names = data.column_names
    if len(set(names)) < len(names):
        raise TableFault("two columns have the same name")
    return {name: _column(name, data.column(name)) for name in names}


def _read(source: pa.PythonFile, most_rows: int | None) -> pa.Table:
    if most_rows is None:
        return parquet.read_table(source, use_threads=False)
    opened = parquet.ParquetFile(source)
    batches = opened.iter_batches(batch_size=most_rows, use_threads=False)
    first = list(islice(batches, 1))
    return pa.Table.from_batches(first, schema=opened.schema_arrow)


def _column(name: str, data) -> Column:
    if pa.types.is_dictionary(data.type):
        data = data.cast(data.type.value_type)
    if pa.types.is_string_view(data.type):
        data = data.cast(pa.large_string())
    if pa.types.is_decimal(data.type):
        data = data.cast(pa.float64())
    kind, missing = data.type, np.asarray(data.is_null())
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        cells = ["" if cell is None else cell for cell in data.to_pylist()]
        values = np.array(cells, dtype=TEXT)
        return Column(name, values, missing | (values == ""))
    if pa.types.is_null(kind):
        return Column(name, np.array([""] * len(data), dtype=TEXT), missing)
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind):
        return Column(name, np.asarray(data.fill_null(_zero(kind))), missing)
    if pa.types.is_floating(kind):
        values = np.asarray(data.cast(pa.float64()))
        return Column(name, values, missing | np.isnan(values))
    raise TableFault(
        f"column {name!r} has the Parquet type {kind}; use text, numbers or booleans"
    )


def _zero(kind):
    return pa.scalar(False if pa.types.is_boolean(kind) else 0, type=kind)
