"""The host's files: tables and arrays, read strictly and turned into tensors.

CSV (UTF-8, commas, a header row), gzipped CSV, Parquet, NPZ. A fault is a TableFault
that names the column and the row, counted from 1 below the header.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from tokenize import TokenError
from typing import BinaryIO

import numpy as np

from scoring import columns, parquet
from scoring.artifact import ZIP_FAULTS
from scoring.columns import TEXT, Column, TableFault
from scoring.contract import Contract, Input
from scoring.split import NAMES

CHUNK_ROWS = 20_000
NPZ_FAULTS = (  # NumPy reads an array's header as a Python literal
    *ZIP_FAULTS,
    OSError,
    RuntimeError,
    SyntaxError,
    TokenError,
    TypeError,
    KeyError,
)
FORMATS = {".csv": "csv", ".csv.gz": "csv.gz", ".parquet": "parquet", ".npz": "npz"}
csv.field_size_limit(16_000_000)


@dataclass(frozen=True)
class Table:
    """The columns of a table, or the arrays of an NPZ (`columns` is empty then)."""

    rows: int
    columns: dict[str, Column] = field(default_factory=dict)
    arrays: dict[str, np.ndarray] = field(default_factory=dict)

    def column(self, name: str) -> Column:
        if name not in self.columns:
            there = ", ".join(self.columns) or "none"
            raise TableFault(f"column {name!r} is missing; the columns are {there}")
        return self.columns[name]

    def array(self, name: str) -> np.ndarray:
        if name not in self.arrays:
            there = ", ".join(self.arrays) or "none"
            raise TableFault(f"array {name!r} is missing; the arrays are {there}")
        return self.arrays[name]


def read_table(path: Path | str) -> Table:
    """Read a file of the host's by its name: .csv, .csv.gz, .parquet or .npz."""
    format = format_of(Path(path).name)
    with open(path, "rb") as file:
        return read_open_table(file, format)


def format_of(name: str) -> str:
    """The format of a file of the host's, by its name's ending."""
    for ending, format in FORMATS.items():
        if name.lower().endswith(ending):
            return format
    raise TableFault(f"{name} must end in {', '.join(FORMATS)}")


def read_open_table(file: BinaryIO, format: str, most_rows: int | None = None) -> Table:
    """Read an open file of a known format, or no more than its first rows."""
    if format == "parquet":
        return _checked(parquet.read_columns(file, most_rows))
    if format == "npz":
        return _npz(file, most_rows)
    plain = gzip.GzipFile(fileobj=file) if format == "csv.gz" else file
    return _csv(plain, most_rows)


def input_tensors(table: Table, contract: Contract) -> dict[str, np.ndarray]:
    """What a model is fed, by name; strings as object arrays of `str`."""
    return {part.name: _tensor(table, part) for part in contract.inputs}


def row_ids(table: Table, contract: Contract) -> list[str]:
    """The id of each row as text: its key cell, or for arrays its index from 0."""
    if not contract.uses_tables:
        return [str(row) for row in range(table.rows)]
    return _ids(table.column(contract.id_column))


def label_values(table: Table, contract: Contract, ids: Sequence[str]) -> np.ndarray:
    """The labels in the order of `ids`: class indices, zeros and ones, or values."""
    if contract.uses_tables:
        order = _order(table, contract, ids)
        parts = [_label_column(table, name, contract) for name in contract.target]
        stacked = np.stack(parts, axis=1)[order]
    else:
        _same_rows(table, ids)
        stacked = _label_array(table.array(contract.target[0]), contract)
    if contract.output.multilabel and not np.isin(stacked, (0, 1)).all():
        raise TableFault("multilabel labels must be 0 or 1")
    if contract.output.family in ("values", "multilabel"):
        return stacked.reshape(len(ids), *contract.output.shape)
    return stacked.reshape(len(ids))


def split_values(
    table: Table, contract: Contract, ids: Sequence[str], name: str = "split"
) -> np.ndarray:
    """The marks of a labels file's own split column, in the order of `ids`."""
    if contract.uses_tables:
        cells = columns.texts(table.column(name))[_order(table, contract, ids)]
    else:
        _same_rows(table, ids)
        cells = table.array(name).astype(str).ravel().astype(object)
    unknown = sorted(set(cells) - set(NAMES))
    if unknown:
        raise TableFault(
            f"column {name!r} must hold public, private or ignored, not {unknown[0]!r}"
        )
    return np.array([NAMES[cell] for cell in cells], dtype=np.uint8)


def _ids(column: Column) -> list[str]:
    ids = columns.texts(column).tolist()
    if column.missing.any():
        raise column.fault(column.missing, "are empty", "every row needs an id")
    seen: dict[str, int] = {}
    for row, each in enumerate(ids):
        if each in seen:
            raise TableFault(
                f"column {column.name!r}: the id {each!r} of row {row + 1} stands in "
                f"row {seen[each] + 1} already; ids must be unique"
            )
        seen[each] = row
    return ids


def _order(table: Table, contract: Contract, ids: Sequence[str]) -> np.ndarray:
    """Where in the table each id stands; both must hold the same ids."""
    place = {each: row for row, each in enumerate(row_ids(table, contract))}
    absent = [each for each in ids if each not in place]
    if absent:
        raise TableFault(f"{len(absent)} id(s) have no label, the first {absent[0]!r}")
    if len(place) > len(ids):
        known = set(ids)
        extra = [each for each in place if each not in known]
        raise TableFault(
            f"{len(extra)} label(s) belong to no input row, the first {extra[0]!r}"
        )
    return np.array([place[each] for each in ids], dtype=np.int64)


def _same_rows(table: Table, ids: Sequence[str]) -> None:
    if table.rows != len(ids):
        raise TableFault(f"there are {table.rows} labels for {len(ids)} input rows")


def _tensor(table: Table, part: Input) -> np.ndarray:
    if part.columns is None:
        return cast_array(table.array(part.array), part.dtype, part.array)
    cells = [columns.typed(table.column(name), part.dtype) for name in part.columns]
    return np.stack(cells, axis=1)


def cast_array(array: np.ndarray, dtype: str, name: str) -> np.ndarray:
    """An array as a contract's dtype; nothing is rounded, nothing wraps."""
    if dtype == "string" or array.dtype.kind in "US":
        if dtype != "string" or array.dtype.kind not in "US":
            raise TableFault(
                f"array {name!r} holds {array.dtype}, which is not {dtype}"
            )
        return np.array(array.astype(str), dtype=object)
    if array.dtype.kind not in "biuf":
        raise TableFault(f"array {name!r} holds {array.dtype}, which is no number")
    cast = array.astype(dtype)
    if np.dtype(dtype).kind in "iub" and not np.array_equal(cast, array):
        raise TableFault(
            f"array {name!r} cannot be {dtype} without changing its values"
        )
    return cast


def _label_column(table: Table, name: str, contract: Contract) -> np.ndarray:
    column = table.column(name)
    if contract.output.family == "values":
        return columns.floats(column, missing_allowed=False)
    if contract.output.multilabel:
        return columns.integers(column)
    return columns.classes(column, contract.output.classes)


def _label_array(array: np.ndarray, contract: Contract) -> np.ndarray:
    name = contract.target[0]
    if contract.output.family in ("values", "multilabel"):
        wanted = (len(array), *contract.output.shape)
        if array.size != np.prod(wanted):
            raise TableFault(f"array {name!r} has shape {array.shape}, not {wanted}")
        numbers = cast_array(array, "float64", name).reshape(wanted)
        if not np.isfinite(numbers).all():
            raise TableFault(f"array {name!r} holds NaN or infinity")
        return numbers.astype(np.int64) if contract.output.multilabel else numbers
    if array.size != len(array):
        raise TableFault(f"array {name!r} has shape {array.shape}, not ({len(array)},)")
    return columns.classes(_column_of(name, array.ravel()), contract.output.classes)


def _column_of(name: str, array: np.ndarray) -> Column:
    if array.dtype.kind in "US":
        array = array.astype(str).astype(TEXT)
        return Column(name, array, array == "")
    return Column(name, array, np.zeros(len(array), dtype=bool))


def _csv(file: BinaryIO, most_rows: int | None) -> Table:
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    reader = csv.reader(text, strict=True)
    try:
        header = next(reader, [])
        _check_names(header)
        chunks = _chunks(islice(reader, most_rows), len(header))
        parts = [list(chunk) for chunk in zip(*chunks, strict=True)]
    except UnicodeDecodeError as error:
        raise TableFault(f"the file is not UTF-8 near byte {error.start}") from error
    except csv.Error as error:
        raise TableFault(f"line {reader.line_num} is not CSV: {error}") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise TableFault("the gzip file is damaged or cut off") from error
    empty = [[np.empty(0, dtype=TEXT)] for _ in header]
    cells = [np.concatenate(part) for part in parts or empty]
    table = {
        name: Column(name, values, values == "")
        for name, values in zip(header, cells, strict=True)
    }
    return Table(len(cells[0]), table)


def _chunks(reader, width: int):
    """Columns of text for some thousand rows at a time, which keeps them compact."""
    number = 0
    while rows := list(islice(reader, CHUNK_ROWS)):
        if width > 1:
            rows = [row for row in rows if row]  # a blank line is no row
        else:
            rows = [row or [""] for row in rows]
        for row in rows:
            number += 1
            if len(row) != width:
                raise TableFault(
                    f"row {number} has {len(row)} cells; the header has {width}"
                )
        if rows:
            yield [np.array(cells, dtype=TEXT) for cells in zip(*rows, strict=True)]


def _check_names(names: Sequence[str]) -> None:
    if not any(names):
        raise TableFault("the file is empty; a header row is needed")
    if "" in names:
        raise TableFault(f"column {list(names).index('') + 1} has no name")
    doubled = sorted(name for name, times in Counter(names).items() if times > 1)
    if doubled:
        raise TableFault(f"column {doubled[0]!r} stands there twice")


def _checked(cells: dict[str, Column]) -> Table:
    _check_names(list(cells))
    return Table(len(next(iter(cells.values())).values), cells)


def _npz(file: BinaryIO, most_rows: int | None) -> Table:
    try:
        with np.load(file, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except NPZ_FAULTS as error:
        raise TableFault(
            "the file is not a readable NPZ of plain arrays (numpy.savez)"
        ) from error
    if not arrays:
        raise TableFault("the NPZ holds no array")
    for name, array in arrays.items():
        if not isinstance(array, np.ndarray):  # a member that is no array comes raw
            raise TableFault(f"the member {name!r} is no array")
        if array.ndim == 0:
            raise TableFault(f"array {name!r} is a single value; rows are needed")
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} {rows}" for name, rows in lengths.items())
        raise TableFault(f"the arrays have different numbers of rows: {told}")
    arrays = {name: array[:most_rows] for name, array in arrays.items()}
    return Table(len(next(iter(arrays.values()))), arrays=arrays)
