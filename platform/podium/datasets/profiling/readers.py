"""Readers of CSV, Parquet and NPZ: the first rows, and never all of a large file."""

import csv
import gzip
import io
import zipfile
import zlib
from itertools import islice

from podium.datasets.profiling.columns import Column, shown

MOST_COLUMNS = 100
MOST_ROWS = 100_000
MOST_CELLS = 2_000_000
MOST_BYTES = 64_000_000  # of text, unpacked
FIRST_ROWS = 20
csv.field_size_limit(1_000_000)


class Fault(Exception):
    """The file is not what its name says."""


def read_csv(file) -> dict:
    """A table of UTF-8 text with a line of names."""
    bounded = _Bounded(file)
    lines = io.TextIOWrapper(bounded, "utf-8-sig", errors="replace", newline="")
    try:
        first = lines.readline(1_000_000)
        delimiter = max(",;\t|", key=first.count) if first else ","
        rows = csv.reader(_chain(first, lines), delimiter=delimiter)
        names = next(rows, [])
        if not any(names):
            raise Fault("It has no first line with the names of its columns.")
        table = _Table(names)
        for row in islice(rows, table.most_rows):
            if row:
                table.add([cell if cell else None for cell in row])
        ended = not bounded.was_cut and next(rows, None) is None
    except csv.Error as error:
        raise Fault(f"It cannot be read as CSV: {error}.") from None
    return table.told(table.rows if ended else None)


def read_csv_gz(file) -> dict:
    """The same, compressed."""
    try:
        with gzip.GzipFile(fileobj=file) as unpacked:
            return read_csv(unpacked)
    except (OSError, EOFError, zlib.error) as error:
        raise Fault(f"It cannot be unpacked as gzip: {error}.") from None


def read_parquet(file) -> dict:
    """A table with types of its own."""
    import pyarrow
    from pyarrow import parquet

    try:
        opened = parquet.ParquetFile(file, buffer_size=1 << 20, pre_buffer=False)
        names = opened.schema_arrow.names
        table = _Table(names)
        wanted = opened.schema_arrow.names[:MOST_COLUMNS]
        if not wanted:
            raise Fault("It has no columns.")
        batches = opened.iter_batches(
            batch_size=1_000, columns=wanted, use_threads=False
        )
        for batch in batches:
            columns = [column.to_pylist() for column in batch.columns]
            for row in zip(*columns, strict=True):
                table.add(row)
            if table.rows >= table.most_rows:
                break
        return table.told(opened.metadata.num_rows)
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        words = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise Fault(f"It cannot be read as Parquet: {words}.") from None


def read_npz(file) -> dict:
    """Arrays by name, with samples where they are pictures."""
    from podium.datasets.profiling.arrays import read_arrays

    try:
        with zipfile.ZipFile(file) as archive:
            return read_arrays(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise Fault(f"It cannot be read as NPZ: {error}.") from None
    except ValueError as error:
        raise Fault(f"One of its arrays cannot be read: {str(error)[:200]}.") from None


READERS = {
    "csv": read_csv,
    "csv.gz": read_csv_gz,
    "parquet": read_parquet,
    "npz": read_npz,
}


class _Table:
    """Columns summed up row by row, and the first rows as they stand."""

    def __init__(self, names: list[str]):
        self.column_count = len(names)
        self.columns = [Column(name) for name in names[:MOST_COLUMNS]]
        self.most_rows = min(MOST_ROWS, MOST_CELLS // max(1, len(self.columns)))
        self.rows = self.ragged = 0
        self.first: list[list] = []

    def add(self, row) -> None:
        width = len(self.columns)
        self.ragged += len(row) not in (self.column_count, width)
        cells = [*row[:width], *[None] * (width - len(row))]
        for column, cell in zip(self.columns, cells, strict=True):
            column.add(cell)
        if self.rows < FIRST_ROWS:
            self.first.append([_cell(cell) for cell in cells])
        self.rows += 1

    def told(self, rows: int | None) -> dict:
        """The answer; `rows` is how many there are, None where that is not known."""
        return {
            "kind": "table",
            "rows": rows,
            "rows_read": self.rows,
            "ragged": self.ragged,
            "column_count": self.column_count,
            "columns": [column.summary() for column in self.columns],
            "first": self.first,
        }


def _cell(cell) -> str | None:
    return None if cell is None or cell != cell else shown(cell)


class _Bounded(io.RawIOBase):
    """The first bytes of a file; `was_cut` where there are more."""

    def __init__(self, file):
        self.file, self.left, self.was_cut = file, MOST_BYTES, False

    def readable(self):
        return True

    def readinto(self, buffer):
        if self.left <= 0:
            self.was_cut = self.was_cut or bool(self.file.read(1))
            return 0
        part = self.file.read(min(len(buffer), self.left))
        buffer[: len(part)] = part
        self.left -= len(part)
        return len(part)


def _chain(first: str, lines):
    yield first
    yield from lines
