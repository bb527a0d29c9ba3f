"""The rows of a competition: hidden inputs, labels and split; train, test and sample.

What cannot be checked because a file is missing or unreadable is left out: the fault
of that file is told already.
"""

from dataclasses import dataclass, replace

import numpy as np

from competitions.folders.faults import Fault
from competitions.folders.layout import Layout
from competitions.folders.reading import Reading
from scoring import metrics, tables
from scoring.columns import Column, TableFault
from scoring.contract import Contract, Input
from scoring.errors import ContractError
from scoring.label_columns import metric_columns
from scoring.labels import Labels
from scoring.score import check_defined
from scoring.split import split_rows
from scoring.tables import Table

SHOWN = 3  # ids in a message


@dataclass
class Rows:
    """A hidden test set, ready to be kept."""

    inputs: dict[str, np.ndarray]
    labels: Labels


def read_rows(layout: Layout, reading: Reading) -> Rows | None:
    """Read and check every table; None where the hidden test set has faults."""
    if reading.contract is None:
        return None
    return _Reader(layout, reading).read()


class _Reader:
    def __init__(self, layout: Layout, reading: Reading):
        self.layout, self.reading = layout, reading
        self.contract: Contract = reading.contract
        self.faults = layout.faults

    def read(self) -> Rows | None:
        document = self.reading.document
        hidden = self.table(self.layout.test)
        inputs = self.inputs(hidden, self.layout.test)
        ids = self.ids(hidden, self.layout.test)
        labels = self.labels(ids)
        self.check_public_test(document.test, ids, inputs)
        self.check_train(document.train)
        if document.sample:
            self.check_sample(document.sample)
        if inputs is None or labels is None:
            return None
        return Rows(inputs, labels)

    def fault(self, file: str, message: object) -> None:
        self.faults.append(Fault(file, "", str(message)))

    def table(self, name: str | None) -> Table | None:
        """A table or an NPZ, whichever the contract asks for."""
        path = self.layout.files.get(name or "")
        if path is None or not name.lower().endswith(tuple(tables.FORMATS)):
            return None
        is_npz = name.lower().endswith(".npz")
        if is_npz == self.contract.uses_tables:
            wanted = "an .npz, for the inputs name arrays"
            if is_npz:
                wanted = (
                    "a table (.csv, .csv.gz, .parquet), for the inputs name columns"
                )
            self.fault(name, f"must be {wanted}")
            return None
        try:
            found = tables.read_table(path)
        except TableFault as error:
            self.fault(name, error)
            return None
        if not found.rows:
            self.fault(name, "has no rows: put one at least there")
            return None
        return found

    def inputs(self, table: Table | None, name: str) -> dict[str, np.ndarray] | None:
        """All inputs, or None after telling what is wrong with each column."""
        if table is None:
            return None
        try:
            return tables.input_tensors(table, self.contract)
        except TableFault:
            for part in _single_columns(self.contract):
                self.attempt(name, tables.input_tensors, table, part)
            return None

    def attempt(self, name, function, *arguments):
        try:
            return function(*arguments)
        except TableFault as error:
            self.fault(name, error)
            return None

    def ids(self, table: Table | None, name: str) -> list[str] | None:
        if table is None:
            return None
        return self.attempt(name, tables.row_ids, table, self.contract)

    def labels(self, ids: list[str] | None) -> Labels | None:
        name = self.layout.labels
        table = self.table(name)
        if table is None:
            return None
        own_ids = self.ids(table, name)
        fits = own_ids is not None and self.check_ids(name, own_ids, ids)
        y = self.label_values(name, table)
        marks = self.own_marks(name, table)
        columns = self.metric_columns(name, table)
        if not fits or y is None or marks is False or columns is None:
            return None
        place = {each: row for row, each in enumerate(own_ids)}
        order = np.array([place[each] for each in ids], dtype=np.int64)
        y = y[order]
        marks = self.seeded(ids, y) if marks is None else marks[order]
        if marks is None:
            return None
        columns = {key: each[order] for key, each in columns.items()}
        labels = Labels(y, marks, ids, self.contract, columns)
        self.check_metric(labels)
        return labels

    def check_ids(self, name, found: list[str], wanted: list[str] | None) -> bool:
        """Whether labels and inputs are of the same rows; for arrays, as many."""
        if wanted is None:
            return False
        if not self.contract.uses_tables:
            if len(found) != len(wanted):
                self.fault(
                    name,
                    f"has {len(found)} labels for the {len(wanted)} rows of "
                    f"{self.layout.test}: give one for each",
                )
            return len(found) == len(wanted)
        lacking, extra = _difference(wanted, found), _difference(found, wanted)
        if lacking:
            self.fault(name, f"{_some(lacking)} of {self.layout.test} have no label")
        if extra:
            self.fault(name, f"{_some(extra)} are not in {self.layout.test}")
        return not (lacking or extra)

    def label_values(self, name, table) -> np.ndarray | None:
        """The labels in the file's own order, or None after telling all faults."""
        table, ids = _numbered(table, self.contract)
        try:
            return tables.label_values(table, self.contract, ids)
        except TableFault as error:
            contract = self.contract
            if len(contract.target) == 1:
                self.fault(name, error)
                return None
            output = replace(contract.output, shape=(1,))
            for target in contract.target:
                single = replace(contract, target=(target,), output=output)
                self.attempt(name, tables.label_values, table, single, ids)
            return None

    def metric_columns(self, name, table) -> dict[str, np.ndarray] | None:
        """The groups and weights that metrics name; None after telling a fault."""
        if self.reading.unknown & {"metric", "metrics"}:
            return {}
        specs = self.reading.document.metric_specs
        try:
            return metric_columns(table, specs)
        except TableFault as error:
            self.fault(name, error)
        except ContractError:  # told where the metric is named
            pass
        return None

    def own_marks(self, name, table):
        """The file's split column; None where a seed splits, False if it is wrong."""
        if self.reading.known("split") != "column":
            return None
        table, ids = _numbered(table, self.contract)
        marks = self.attempt(name, tables.split_values, table, self.contract, ids)
        return False if marks is None else marks

    def seeded(self, ids, y) -> np.ndarray | None:
        split, output = self.reading.known("split"), self.contract.output
        if split is None:
            return None
        by_class = output.classes and not output.multilabel
        classes = output.classes if by_class else None
        return split_rows(ids, y, classes, split.public, split.seed)

    def check_metric(self, labels: Labels) -> None:
        """The ranking metric has a value on every split, whatever is predicted."""
        specs = self.reading.document.metric_specs
        if not specs or self.reading.unknown & {"metric", "metrics"}:
            return
        try:
            metrics.check(specs[0], self.contract)
        except ContractError:
            return  # told where the metric is named
        try:
            check_defined(labels, specs)
        except ContractError as error:
            place = "metrics[0]" if self.reading.document.metrics else "metric"
            self.reading.fault(place, str(error).removeprefix("metric: "))

    def check_public_test(self, name, ids, inputs) -> None:
        """`test` is the hidden inputs in the open: same ids, order and inputs."""
        table = self.table(name)
        if table is None:
            return
        own = self.inputs(table, name)
        own_ids = self.ids(table, name)
        if own is None or own_ids is None or ids is None or inputs is None:
            return
        hidden = self.layout.test
        if sorted(own_ids) != sorted(ids):
            self.fault(name, f"must have the same rows as {hidden}: other ids")
        elif own_ids != ids:
            row = next(row for row, each in enumerate(ids) if own_ids[row] != each)
            self.fault(
                name,
                f"must have the order of {hidden}: row {row + 1} is {own_ids[row]!r} "
                f"here and {ids[row]!r} there",
            )
        else:
            for part in self.contract.inputs:
                self.check_equal(name, part, own[part.name], inputs[part.name])

    def check_equal(self, name, part: Input, here, there) -> None:
        if here.shape != there.shape:
            self.fault(
                name,
                f"{part.array!r} has shape {here.shape} and in {self.layout.test} "
                f"{there.shape}: both must be the same",
            )
            return
        differs = here != there
        if here.dtype.kind == "f":
            differs &= ~(np.isnan(here) & np.isnan(there))
        cells = np.argwhere(differs)
        if len(cells):
            row, *inside = cells[0]
            column = part.columns[inside[0]] if part.columns else part.array
            self.fault(
                name,
                f"{len(cells)} cell(s) differ from {self.layout.test}, the first in "
                f"row {row + 1}, {column}: both must hold the same inputs",
            )

    def check_train(self, name: str | None) -> None:
        """Train holds the inputs and the target; an id is not asked of it."""
        table = self.table(name)
        if table is None:
            return
        self.inputs(table, name)
        self.label_values(name, table)

    def check_sample(self, sample) -> None:
        inputs, labels = self.table(sample.inputs), self.table(sample.labels)
        self.inputs(inputs, sample.inputs)
        if labels is not None:
            self.label_values(sample.labels, labels)
        ids = self.ids(inputs, sample.inputs)
        own_ids = self.ids(labels, sample.labels)
        if None not in (ids, own_ids) and set(ids) != set(own_ids):
            self.fault(sample.labels, f"must have the same rows as {sample.inputs}")


def _single_columns(contract: Contract) -> list[Contract]:
    """The contract once for each column, so that each one's fault can be told."""
    parts = [
        replace(part, columns=(column,))
        for part in contract.inputs
        for column in part.columns or ()
    ] or contract.inputs
    return [replace(contract, inputs=(part,)) for part in parts]


def _numbered(table: Table, contract: Contract) -> tuple[Table, list[str]]:
    """A table with its rows' numbers as ids: it is read in its own order."""
    numbers = np.arange(table.rows)
    if contract.uses_tables:
        name = contract.id_column
        ids = Column(name, numbers, np.zeros(table.rows, dtype=bool))
        table = replace(table, columns={**table.columns, name: ids})
    return table, [str(row) for row in numbers]


def _difference(these: list[str], those: list[str]) -> list[str]:
    known = set(those)
    return [each for each in these if each not in known]


def _some(ids: list[str]) -> str:
    listed = ", ".join(map(repr, ids[:SHOWN]))
    return f"{len(ids)} id(s) ({listed}{', …' if len(ids) > SHOWN else ''})"
