"""Why labels leave a metric without a value, in one sentence each."""

from __future__ import annotations

import numpy as np


def one_class_only(y_true: np.ndarray, **_) -> str:
    """Say that there are no two classes to tell apart."""
    return "all rows are of one class" if (y_true == y_true.flat[0]).all() else ""


def absent_class(y_true: np.ndarray, n_classes: int, **_) -> str:
    """Say that some class has no rows."""
    absent = np.flatnonzero(np.bincount(y_true, minlength=n_classes) == 0)
    if not len(absent):
        return ""
    return f"class number {absent[0] + 1} of {n_classes} has no rows"


def one_class_column(y_true: np.ndarray, **_) -> str:
    """Say that some column holds only zeros or only ones."""
    return _constant(y_true, "holds only {:g}")


def constant_target(y_true: np.ndarray, **_) -> str:
    """Say that some column of values never changes."""
    if len(y_true) < 2:
        return "it has a single row"
    return _constant(y_true, "is the same in every row")


def _constant(y_true: np.ndarray, told: str) -> str:
    y_true = y_true.reshape(len(y_true), -1)
    constant = np.flatnonzero((y_true == y_true[0]).all(axis=0))
    if not len(constant):
        return ""
    if y_true.shape[1] == 1:
        return f"the target {told.format(y_true[0, 0])}"
    number = constant[0]
    return f"target number {number + 1} {told.format(y_true[0, number])}"
