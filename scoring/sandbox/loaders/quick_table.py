"""Large files of predictions the quick way: whole columns at once, by pyarrow.

It answers only where everything is as it should be: the columns of the contract, plain
finite numbers, each id once. Any doubt is left to the careful way, which knows what to
say about it, and reads the same numbers.
"""

from __future__ import annotations

import gzip
import zlib
from math import prod
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv, parquet

from scoring.contract import Contract
from scoring.tensors import Strings

FORMATS = ("csv", "csv.gz", "parquet")


def read(
    file: BinaryIO, format: str, contract: Contract, ids: Strings
) -> np.ndarray | None:
    """The predictions in the ids' order; None where the careful way is needed."""
    choices = _number_columns(contract)
    if format not in FORMATS or not choices:
        return None
    try:
        table = _read(file, format, contract.id_column, sum(choices, []))
        there = sorted(table.column_names)
        fitting = [c for c in choices if there == sorted([contract.id_column, *c])]
        if not fitting:
            return None
        names = fitting[0]
        known = pa.LargeStringArray.from_buffers(
            len(ids.offsets) - 1, pa.py_buffer(ids.offsets), pa.py_buffer(ids.data)
        )
        given = _texts(table.column(contract.id_column))
        parts = [_numbers(table.column(name)) for name in names]
    except (pa.ArrowException, OSError, ValueError, EOFError, zlib.error):
        return None
    numbers = np.stack(parts, axis=1)
    if len(given) != len(known) or not np.isfinite(numbers).all():
        return None
    if not given.equals(known):
        order = pc.index_in(known, value_set=given)
        if order.null_count:
            return None
        numbers = numbers[order.to_numpy()]
    if len(names) < prod(contract.output.shape):  # the last of two classes alone
        last = numbers[:, 0]
        is_probability = contract.output.kind == "probabilities"
        return last if is_probability else np.stack([1.0 - last, last], axis=1)
    return numbers.reshape(len(numbers), *contract.output.shape)


def _number_columns(contract: Contract) -> list[list[str]]:
    """The columns of numbers that a file may have; none where it may hold classes."""
    output = contract.output
    if output.kind == "labels":
        return []
    if output.kind == "values" or (output.multilabel and contract.uses_tables):
        choices = [list(contract.target)]
    else:
        choices = [list(output.classes)]
    if len(choices[0]) != prod(output.shape):
        return []
    if output.kind != "values" and not output.multilabel and len(output.classes) == 2:
        choices.insert(0, list(contract.target))
    return choices


def _read(file: BinaryIO, format: str, key: str, names: list[str]) -> pa.Table:
    if format == "csv.gz":  # arrow's own would close the file behind it
        file = gzip.GzipFile(fileobj=file)
    source = pa.PythonFile(file, mode="r")
    if format == "parquet":
        return parquet.read_table(source)
    types = {key: pa.string(), **dict.fromkeys(names, pa.float64())}
    strict = csv.ConvertOptions(
        column_types=types, strings_can_be_null=False, null_values=[]
    )
    return csv.read_csv(source, convert_options=strict)


def _texts(column: pa.ChunkedArray) -> pa.Array:
    kind = column.type
    if column.null_count or not (pa.types.is_integer(kind) or _is_text(kind)):
        raise ValueError("ids that are neither text nor whole numbers")
    return column.cast(pa.large_string()).combine_chunks()


def _numbers(column: pa.ChunkedArray) -> np.ndarray:
    kind = column.type
    is_number = pa.types.is_floating(kind) or pa.types.is_integer(kind)
    if column.null_count or not (is_number or _is_text(kind)):
        raise ValueError("a column of something else")
    return column.cast(pa.float64()).to_numpy()


def _is_text(kind) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)
