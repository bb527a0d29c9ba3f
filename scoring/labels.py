"""The labels of a hidden test set, in the compact form that scoring reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from scoring.contract import Contract
from scoring.tensors import open_tensors, write_tensors

PREFIX = "column "  # of the arrays that metrics name


@dataclass(frozen=True)
class Labels:
    """What is true of each row, and whether the row is public, private or ignored.

    `y` holds class indices (n,), multilabel zeros and ones (n, columns), or values
    (n, *shape); `split` the marks of `scoring.split`; `columns` what metrics name
    beside the target, groups as text and weights as numbers; all in the order of the
    inputs.
    """

    y: np.ndarray
    split: np.ndarray
    ids: list[str] | np.ndarray
    contract: Contract
    columns: Mapping[str, np.ndarray] = field(default_factory=dict)


def column_key(use: str, name: str) -> str:
    """Under which key labels keep a column: one may serve as group and as weight."""
    return f"{use} {name}"


def write_labels(path: Path | str, labels: Labels) -> None:
    """Write labels apart from everything a model may ever see."""
    ids = np.array([str(each) for each in labels.ids], dtype=object)
    columns = {f"{PREFIX}{name}": each for name, each in labels.columns.items()}
    write_tensors(path, {"y": labels.y, "split": labels.split, "ids": ids, **columns})


def open_labels(path: Path | str, contract: Contract) -> Labels:
    """Open written labels again."""
    arrays = open_tensors(path)
    columns = {
        name.removeprefix(PREFIX): each
        for name, each in arrays.items()
        if name.startswith(PREFIX)
    }
    return Labels(arrays["y"], arrays["split"], arrays["ids"], contract, columns)
