"""How metrics are computed: plainly, and under many weightings of the rows at once.

A form prepares what does not depend on weights (errors, counts, an order), and then
gives the plain value, and the values under weights W of shape (weightings, rows).
Sample weights are one weighting; bootstrap resamples are a thousand, whose weights say
how often each row was drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np


class Form(Protocol):
    """What computes a metric."""

    decomposes: bool

    def prepare(self, y_true: np.ndarray, y_pred: np.ndarray, **known) -> Any: ...

    def plain(self, state: Any) -> float: ...

    def weighted(self, state: Any, weights: np.ndarray) -> np.ndarray: ...


class Rows:
    """One submission's rows, and their terms once something asks for them."""

    def __init__(self, form: Terms, y_true, y_pred, known):
        self.form, self.y_true, self.y_pred, self.known = form, y_true, y_pred, known

    @cached_property
    def terms(self) -> np.ndarray:
        terms = self.form.terms(self.y_true, self.y_pred, **self.known)
        terms = np.asarray(terms, dtype=np.float64)
        return terms.reshape(len(self.y_true), -1)


@dataclass(frozen=True)
class Terms:
    """A function of means over the rows.

    `terms` gives an array (n_rows, d) or (n_rows,); `finish` takes the means (..., d)
    to the value (...). Without `finish` it is the mean over all of them. `direct` gives
    the plain value where there is a shorter way to it.
    """

    terms: Callable[..., np.ndarray]
    finish: Callable[..., np.ndarray] | None = None
    direct: Callable[..., float] | None = None

    @property
    def decomposes(self) -> bool:
        return self.finish is None

    def prepare(self, y_true, y_pred, **known) -> Rows:
        return Rows(self, y_true, y_pred, known)

    def plain(self, rows: Rows) -> float:
        if self.direct is not None:
            return self.direct(rows.y_true, rows.y_pred, **rows.known)
        return self._finished(rows.terms.mean(axis=0), rows.known)

    def weighted(self, rows: Rows, weights) -> np.ndarray:
        weights = weights.astype(np.float64, copy=False)
        totals = weights.sum(axis=1, keepdims=True)
        return self._finished(weights @ rows.terms / totals, rows.known)

    def rows(self, rows: Rows) -> np.ndarray:
        """The value of each row, where the metric is their mean."""
        return rows.terms.mean(axis=1)

    def _finished(self, means, known):
        return (
            means.mean(axis=-1) if self.finish is None else self.finish(means, **known)
        )


@dataclass(frozen=True)
class Tally:
    """Weights of rows by class: right ones, predicted ones, actual ones.

    Each has shape (..., n_classes); `spread` (...) is the weight times the squared
    distance of class indices, summed. For multilabel columns, those that are one.
    """

    right: np.ndarray
    predicted: np.ndarray
    actual: np.ndarray
    spread: np.ndarray


@dataclass(frozen=True)
class Counts:
    """A function of how often each true class was taken for each class."""

    finish: Callable[..., np.ndarray]
    decomposes = False

    def prepare(self, y_true, y_pred, n_classes, **known):
        known["n_classes"] = n_classes
        if y_true.ndim == 2:
            return y_true != 0, y_pred != 0, known
        return y_true, y_pred, known

    def plain(self, state) -> float:
        y_true, y_pred, known = state
        if y_true.ndim == 2:
            both = [each.sum(axis=0) for each in (y_true & y_pred, y_pred, y_true)]
            return self.finish(Tally(*both, np.zeros(())), **known)
        cells, counts = _cells(y_true, y_pred, known["n_classes"])
        return self.finish(_tally(cells, counts, known["n_classes"]), **known)

    def weighted(self, state, weights) -> np.ndarray:
        y_true, y_pred, known = state
        weights = weights.astype(np.float64, copy=False)
        if y_true.ndim == 2:
            both = [weights @ each for each in (y_true & y_pred, y_pred, y_true)]
            return self.finish(Tally(*both, np.zeros(len(weights))), **known)
        n_classes = known["n_classes"]
        cells, place = np.unique(y_true * n_classes + y_pred, return_inverse=True)
        sums = sums_by(weights, place, len(cells))
        return self.finish(_tally(cells, sums, n_classes), **known)


def sums_by(weights: np.ndarray, group: np.ndarray, n_groups: int) -> np.ndarray:
    """Sums of weights (b, n) over the groups of rows, each with a row: (b, groups)."""
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], np.arange(n_groups))
    return np.add.reduceat(np.take(weights, order, axis=1), starts, axis=1)


def _cells(y_true, y_pred, n_classes):
    """The pairs of true and predicted class that occur, as numbers, and how often."""
    pairs = y_true * n_classes + y_pred
    if n_classes**2 > max(4 * len(pairs), 10_000):
        return np.unique(pairs, return_counts=True)
    counts = np.bincount(pairs, minlength=n_classes**2)
    cells = np.flatnonzero(counts)
    return cells, counts[cells]


def _tally(cells, counts, n_classes) -> Tally:
    true, guess = np.divmod(cells, n_classes)
    return Tally(
        right=_spread_out(counts[..., true == guess], true[true == guess], n_classes),
        predicted=_spread_out(counts, guess, n_classes),
        actual=_spread_out(counts, true, n_classes),
        spread=counts @ np.square(true - guess).astype(np.float64),
    )


def _spread_out(counts, classes, n_classes) -> np.ndarray:
    """Sums by class of the cells' counts (..., cells): (..., n_classes)."""
    counts = np.asarray(counts, dtype=np.float64)
    sums = np.zeros((*counts.shape[:-1], n_classes))
    if len(classes):
        present, place = np.unique(classes, return_inverse=True)
        flat = counts.reshape(-1, len(classes))
        sums[..., present] = sums_by(flat, place, len(present)).reshape(
            *counts.shape[:-1], len(present)
        )
    return sums


def ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """A quotient in which 0/0 is 0."""
    above, below = np.broadcast_arrays(np.asarray(above, dtype=np.float64), below)
    return np.divide(above, below, out=np.zeros(above.shape), where=below != 0)
