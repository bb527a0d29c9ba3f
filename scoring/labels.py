"""The labels of a hidden test set, in the compact form that scoring reads."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scoring.contract import Contract
from scoring.tensors import open_tensors, write_tensors


@dataclass(frozen=True)
class Labels:
    """What is true of each row, and whether the row is public, private or ignored.

    `y` holds class indices (n,), multilabel zeros and ones (n, columns), or values
    (n, *shape); `split` the marks of `scoring.split`; all in the order of the inputs.
    """

    y: np.ndarray
    split: np.ndarray
    ids: list[str] | np.ndarray
    contract: Contract


def write_labels(path: Path | str, labels: Labels) -> None:
    """Write labels apart from everything a model may ever see."""
    ids = np.array([str(each) for each in labels.ids], dtype=object)
    write_tensors(path, {"y": labels.y, "split": labels.split, "ids": ids})


def open_labels(path: Path | str, contract: Contract) -> Labels:
    """Open written labels again."""
    arrays = open_tensors(path)
    return Labels(arrays["y"], arrays["split"], arrays["ids"], contract)
