"""Everything that is looked at, one after the other, while there is time."""

from __future__ import annotations

import os
import time
import warnings

from competitions.launch import drift, leaks, worth
from competitions.launch.findings import NOTE, Finding
from competitions.launch.rows import Rows, gather
from scoring.columns import TableFault
from scoring.contract import Contract
from scoring.labels import open_labels
from scoring.tables import read_open_table
from scoring.tensors import open_tensors

LOOKS = (
    leaks.duplicates,
    leaks.near_duplicates,
    leaks.ids_and_order,
    leaks.telling_column,
    drift.drift,
    drift.labels_in_splits,
)
WITHOUT_TRAIN = (leaks.ids_and_order, drift.labels_in_splits)


def look(task: dict, until: float) -> dict:
    """Findings on the rows that a task's open files hold.

    The task is {contract, metrics, train: [descriptor, format] or null, inputs,
    labels: descriptors, limits}. Raises nothing for what files hold: a file that
    cannot be read is {"unreadable": sentence}.
    """
    warnings.simplefilter("ignore")
    contract = Contract.from_dict(task["contract"])
    labels = open_labels(task["labels"], contract)
    test = dict(open_tensors(task["inputs"]))
    table = None
    try:
        if task["train"]:
            descriptor, format = task["train"]
            with os.fdopen(os.dup(descriptor), "rb") as file:
                table = read_open_table(file, format)
        rows = gather(table, test, labels)
    except TableFault as error:
        return {"unreadable": str(error)}
    return look_at(rows, task["metrics"], until)


def look_at(rows: Rows, specs: list[dict], until: float) -> dict:
    """The findings and figures on rows that are there."""
    found: list[Finding] = []
    if not rows.has_train:
        text = "There is no training file, so nothing could be held against the test."
        found.append(Finding("train", NOTE, "No training rows", text))
    figures: dict = {}
    for each in LOOKS if rows.has_train else WITHOUT_TRAIN:
        if time.monotonic() > until:
            found.append(_late(each.__name__))
        else:
            found.append(each(rows))
    if rows.has_train and time.monotonic() < until:
        worths, figures = worth.measure(rows, specs)
        found += worths
    elif rows.has_train:
        found.append(_late("baselines"))
    return {"findings": [each.as_json() for each in found], "figures": figures}


def _late(name: str) -> Finding:
    words = name.replace("_", " ")
    text = "The time that this check is given was over, so this was not looked at."
    return Finding(name, NOTE, words.capitalize(), text)
