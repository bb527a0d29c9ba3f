"""The launch check on real data: nothing in seven sets, each of five planted faults.

    python -m benchmarks.launch_check --data ../shared/data

A JSON line for each set, and for each fault planted in each set that can hold it. What
it prints under "warnings" are the findings that ask for a look.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks import shared_sets
from competitions.launch import looking
from competitions.launch.rows import Rows, gather
from scoring import tables
from scoring.contract import Contract
from scoring.labels import Labels
from scoring.split import PRIVATE, PUBLIC, split_rows

SPLIT = {"public": 0.5, "seed": 3}


def load(data: Path, name: str):
    """Tables and labels of a set, as the importer reads them."""
    document = shared_sets.document(data, name)
    keys = ("inputs", "output", "target", "id")
    contract = Contract.from_dict({k: document[k] for k in keys if k in document})
    with TemporaryDirectory() as scratch:
        folder = shared_sets.folder(data, name, Path(scratch))
        ending = ".npz" if name == "mnist" else ".csv.gz"
        train = tables.read_table(folder / f"files/train{ending}")
        test = tables.read_table(folder / f"hidden/test{ending}")
        hidden = tables.read_table(folder / f"hidden/labels{ending}")
    ids = tables.row_ids(test, contract)
    y = tables.label_values(hidden, contract, ids)
    by_class = contract.output.classes and not contract.output.multilabel
    marks = split_rows(ids, y, contract.output.classes if by_class else None, **SPLIT)
    inputs = tables.input_tensors(test, contract)
    rows = gather(train, inputs, Labels(y, marks, ids, contract))
    return rows, [{"key": document["metric"]}]


def again(rows: Rows, **changes) -> Rows:
    """The rows with something planted, gathered anew."""
    values = {name: getattr(rows, name) for name in ("train", "test")} | {
        "y_train": rows.y_train,
        "train_ids": rows.train_ids,
        "labels": Labels(rows.y_test, rows.marks, rows.test_ids, rows.contract),
    }
    return Rows.of(**{**values, **changes})


def plant(rows: Rows, fault: str) -> Rows | None:
    """One of the five faults in a set; None where the set cannot hold it."""
    rng = np.random.default_rng(7)
    contract = rows.contract
    labels = Labels(rows.y_test, rows.marks, rows.test_ids, contract)
    if fault == "duplicates":
        test = {name: each.copy() for name, each in rows.test.items()}
        count = max(3, len(rows.y_test) // 20)
        to = rng.choice(len(rows.y_test), count, replace=False)
        of = rng.choice(len(rows.y_train), count, replace=False)
        for name, each in test.items():
            each[to] = rows.train[name][of]
        return again(rows, test=test)
    if fault == "ids":
        order = np.argsort(
            rows.y_test.reshape(len(rows.y_test), -1)[:, 0], kind="stable"
        )
        sorted_labels = Labels(
            rows.y_test[order], rows.marks[order], rows.test_ids, contract
        )
        test = {name: each[order] for name, each in rows.test.items()}
        return again(rows, test=test, labels=sorted_labels)
    name = next((n for n, each in rows.test.items() if each.dtype.kind == "f"), None)
    if name is None:
        return None
    if fault == "telling":
        return _with_answer(rows, name, rng)
    if fault == "drift":
        test = {key: each.copy() for key, each in rows.test.items()}
        column = test[name].reshape(len(labels.y), -1)
        spread = np.nanstd(rows.train[name].reshape(len(rows.y_train), -1), axis=0)
        place = int(np.nanargmax(spread))
        if len(spread) > 100:  # a picture: all of it a little brighter
            column += 0.5 * spread.mean()
        column[:, place] += spread[place]
        return again(rows, test={**test, name: column.reshape(test[name].shape)})
    return None


def _with_answer(rows: Rows, name: str, rng) -> Rows:
    """A column that is the answer with a little noise, in the place of the first."""

    def answer(y, into):
        flat = into.copy().reshape(len(into), -1)
        target = y.reshape(len(y), -1)[:, 0].astype(float)
        flat[:, 0] = target + rng.normal(0, 0.02 * max(target.std(), 1e-9), len(y))
        return flat.reshape(into.shape)

    train = {**rows.train, name: answer(rows.y_train, rows.train[name])}
    test = {**rows.test, name: answer(rows.y_test, rows.test[name])}
    return again(rows, train=train, test=test)


def without_public_class(rows: Rows) -> Rows | None:
    """The last class, or the last column's ones, are private alone."""
    flat = rows.y_test.reshape(len(rows.y_test), -1)
    if rows.contract.output.family == "values":
        return None
    last = flat[:, -1] == (1 if rows.contract.output.multilabel else flat.max())
    marks = np.where(last, PRIVATE, rows.marks).astype(rows.marks.dtype)
    assert (marks == PUBLIC).any()
    return again(rows, labels=Labels(rows.y_test, marks, rows.test_ids, rows.contract))


FAULTS = ("duplicates", "ids", "telling", "drift", "labels")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--sets", nargs="*", default=shared_sets.NAMES)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    missed = 0
    for name in options.sets:
        rows, specs = load(options.data, name)
        missed += _report(name, None, rows, specs)
        for fault in FAULTS:
            spoilt = (
                without_public_class(rows) if fault == "labels" else plant(rows, fault)
            )
            if spoilt is not None:
                missed += _report(name, fault, spoilt, specs)
    return int(missed > 0)


def _report(name, fault, rows, specs) -> int:
    began = time.monotonic()
    answer = looking.look_at(rows, specs, began + 150)
    found = {each["key"]: each for each in answer["findings"]}
    warned = sorted(key for key, each in found.items() if each["level"] == "warn")
    fits = fault in warned if fault else not warned
    line = {
        "set": name,
        "planted": fault,
        "warnings": warned,
        "right": fits,
        "seconds": round(time.monotonic() - began, 1),
    }
    if not fits or not fault:
        line["said"] = {key: each["text"] for key, each in found.items()}
        line["resolution"] = answer["figures"].get("resolution")
    print(json.dumps(line), flush=True)
    return not fits


if __name__ == "__main__":
    sys.exit(main())
