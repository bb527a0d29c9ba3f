"""The rows of a competition as a check looks at them: samples, as plain numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import HashingVectorizer

from scoring import tables
from scoring.contract import Contract
from scoring.labels import Labels
from scoring.tables import Table

SAMPLE = 4_000  # rows of each side that models are fitted on and asked for
FEW = 60  # different strings that are categories; more are text
WIDE = 400  # numbers of a row beyond which they are summed up
CELLS = 60  # of a wide array, those that say most of the label
PARTS = 30  # numbers that sum a text or a picture up
MISSING = -1e6


@dataclass
class Feature:
    """One column, or one number that sums up a text or a picture."""

    name: str
    train: np.ndarray
    test: np.ndarray
    is_category: bool = False
    is_column: bool = True  # one value of the data, no sum of many
    is_summed: bool = False  # what it says is in the sums already


@dataclass
class Rows:
    """Both sides of a competition: inputs as they came, labels, and features.

    `train_at` and `test_at` are the sampled rows, which the features are of; inputs,
    labels, ids and marks are of all rows.
    """

    contract: Contract
    train: dict[str, np.ndarray]
    test: dict[str, np.ndarray]
    y_train: np.ndarray | None
    y_test: np.ndarray
    train_ids: list[str] | None
    test_ids: list[str]
    marks: np.ndarray
    columns: dict[str, np.ndarray]  # groups and weights, beside the labels
    train_at: np.ndarray
    test_at: np.ndarray
    features: list[Feature] = field(default_factory=list)

    @classmethod
    def of(cls, *, train, y_train, train_ids, test, labels: Labels) -> Rows:
        """Rows whose inputs are tensors by now; without train, `y_train` is None."""
        rng = np.random.default_rng(0)
        rows = cls(
            contract=labels.contract,
            train=train,
            test=test,
            y_train=y_train,
            y_test=labels.y,
            train_ids=train_ids,
            test_ids=list(labels.ids),
            marks=labels.split,
            columns=dict(labels.columns),
            train_at=_some(rng, 0 if y_train is None else len(y_train)),
            test_at=_some(rng, len(labels.y)),
        )
        if rows.has_train:
            for part in labels.contract.inputs:
                rows.features += _features(rows, part)
        return rows

    @property
    def has_train(self) -> bool:
        return self.y_train is not None

    def matrices(self) -> tuple[np.ndarray, np.ndarray]:
        """The features of the sampled rows: (train, features) and (test, features)."""
        used = [each for each in self.features if not each.is_summed]
        return (
            np.stack([each.train for each in used], axis=1),
            np.stack([each.test for each in used], axis=1),
        )


def gather(table: Table | None, test: dict, labels: Labels) -> Rows:
    """Bring both sides together; without a training table only the test side is."""
    train, y_train, train_ids = {}, None, None
    if table is not None:
        train = tables.input_tensors(table, labels.contract)
        y_train, train_ids = _labels(table, labels.contract)
    return Rows.of(
        train=train, y_train=y_train, train_ids=train_ids, test=test, labels=labels
    )


def _labels(table: Table, contract: Contract):
    """The labels in the file's own order, and its ids where it has some."""
    ids = None
    if contract.uses_tables and contract.id_column in table.columns:
        column = table.columns[contract.id_column]
        if column.values.dtype.kind != "f" and not column.missing.any():
            found = tables.columns.texts(column).tolist()
            ids = found if len(set(found)) == len(found) else None
    if contract.uses_tables:
        numbers = np.arange(table.rows)
        nothing = np.zeros(table.rows, dtype=bool)
        column = tables.Column(contract.id_column, numbers, nothing)
        table = Table(table.rows, {**table.columns, contract.id_column: column})
    numbered = [str(row) for row in range(table.rows)]
    return tables.label_values(table, contract, numbered), ids


def _some(rng, count: int) -> np.ndarray:
    """Up to SAMPLE rows, in their order."""
    if count <= SAMPLE:
        return np.arange(count)
    return np.sort(rng.choice(count, SAMPLE, replace=False))


def _features(rows: Rows, part) -> list[Feature]:
    train, test = rows.train[part.name], rows.test[part.name]
    if part.columns is None:
        flat = len(train), -1
        wide_train = train.reshape(flat)[rows.train_at]
        wide_test = test.reshape(len(test), -1)[rows.test_at]
        return _array(rows, part.name, wide_train, wide_test)
    found = []
    for place, name in enumerate(part.columns):
        here, there = train[rows.train_at, place], test[rows.test_at, place]
        found += (
            _strings(name, here, there)
            if here.dtype.kind == "O"
            else [Feature(name, _numbers(here), _numbers(there))]
        )
    return found


def _numbers(values: np.ndarray) -> np.ndarray:
    numbers = values.astype(np.float64)
    return np.where(np.isfinite(numbers), numbers, MISSING)


def _array(rows: Rows, name: str, train, test) -> list[Feature]:
    """A narrow array by its numbers, a wide one by what sums it up."""
    if train.dtype.kind == "O":
        found = []
        for place in range(train.shape[1]):
            found += _strings(f"{name}[{place}]", train[:, place], test[:, place])
        return found
    train, test = _numbers(train), _numbers(test)
    if train.shape[1] <= WIDE:
        return [
            Feature(f"{name}[{place}]", train[:, place], test[:, place])
            for place in range(train.shape[1])
        ]
    both = np.concatenate([train, test])
    parts = TruncatedSVD(PARTS, random_state=0).fit(both[:: max(1, len(both) // 3000)])
    cells = [
        Feature(f"{name}[{at}]", train[:, at], test[:, at], is_summed=True)
        for at in _telling_cells(train, rows.y_train[rows.train_at])
    ]
    return _parts(name, parts.transform(train), parts.transform(test)) + cells


def _telling_cells(wide: np.ndarray, y: np.ndarray) -> list[int]:
    """Where the means of the labels lie farthest apart, by the cell's own spread."""
    first = y.reshape(len(y), -1)[:, 0]
    if len(np.unique(first)) > FEW:
        first = np.digitize(first, np.quantile(first, np.linspace(0.1, 0.9, 9)))
    means = np.stack([wide[first == kind].mean(axis=0) for kind in np.unique(first)])
    told = means.std(axis=0) / np.maximum(wide.std(axis=0), 1e-12)
    return np.argsort(-told, kind="stable")[:CELLS].tolist()


def _parts(name, train, test) -> list[Feature]:
    return [
        Feature(f"{name}, part {place + 1}", here, there, is_column=False)
        for place, (here, there) in enumerate(zip(train.T, test.T, strict=True))
    ]


def _strings(name: str, train: np.ndarray, test: np.ndarray) -> list[Feature]:
    different = sorted(set(train.tolist()) | set(test.tolist()))
    if len(different) <= FEW:
        code = {text: float(place) for place, text in enumerate(different)}
        here = np.array([code[text] for text in train])
        there = np.array([code[text] for text in test])
        return [Feature(name, here, there, is_category=True)]
    hashing = HashingVectorizer(
        analyzer="char", ngram_range=(1, 2), n_features=2**14, alternate_sign=False
    )
    here, there = hashing.transform(train), hashing.transform(test)
    width = min(PARTS, len(train) - 1, 20)
    parts = TruncatedSVD(max(1, width), random_state=0).fit(here)
    return _parts(name, parts.transform(here), parts.transform(there))


def hashes(inputs: dict[str, np.ndarray]) -> np.ndarray:
    """A short digest of each row's inputs; equal rows have equal ones."""
    count = len(next(iter(inputs.values())))
    found = np.empty(count, dtype="S12")
    parts = [np.ascontiguousarray(each).reshape(count, -1) for each in inputs.values()]
    for row in range(count):
        digest = blake2b(digest_size=12)
        for part in parts:
            cells = part[row]
            if cells.dtype.kind == "O":
                digest.update("\x1f".join(cells.tolist()).encode("utf-8", "replace"))
            else:
                digest.update(cells.tobytes())
        found[row] = digest.digest().replace(b"\0", b"\1")
    return found
