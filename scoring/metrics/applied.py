"""A metric on one submission's rows: by groups and weights, plain or resampled."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from scoring.metrics.metric import Metric, Undefined


@dataclass(frozen=True)
class Applied:
    """The score, and the scores under weights of shape (weightings, units).

    A unit is what a resample draws: a row, or a group where groups are named. `rows()`
    gives each unit's own value where the score is their mean, else None.
    """

    units: int
    score: float
    weighted: Callable[[np.ndarray], np.ndarray]
    rows: Callable[[], np.ndarray | None]


def apply(
    metric: Metric,
    y_true: np.ndarray,
    y_pred: np.ndarray,
    known: Mapping,
    group: np.ndarray | None = None,
    weight: np.ndarray | None = None,
) -> Applied:
    """Apply a metric to rows; `known` are its parameters and `n_classes`.

    `group` is a value for each row: the score is the plain mean over the groups.
    `weight` says how much each row counts.

    Raises
    ------
    Undefined
        If the metric has no value on these labels, or in one of the groups.
    """
    if why := why_undefined(metric, y_true, known, group, weight):
        raise Undefined(f"{metric.key} is undefined: {why}")
    if group is not None:
        values = _group_scores(metric, y_true, y_pred, known, group, weight)
        return Applied(
            len(values), float(values.mean()), _mean_of(values), lambda: values
        )
    form = metric.form
    state = form.prepare(y_true, y_pred, **metric.settings(known))
    if weight is None:
        score = float(form.plain(state))
        resampled = partial(form.weighted, state)
    else:
        score = float(form.weighted(state, weight[None])[0])

        def resampled(weights):
            return form.weighted(state, weights * weight)

    return Applied(len(y_true), score, resampled, partial(_own, form, state, weight))


def _own(form, state, weight) -> np.ndarray | None:
    """Each row's value; where rows weigh differently, so that the mean is the score."""
    if not form.decomposes:
        return None
    own = form.rows(state)
    if weight is None:
        return own
    score = np.average(own, weights=weight)
    return score + (own - score) * weight / weight.mean()


def why_undefined(
    metric: Metric,
    y_true: np.ndarray,
    known: Mapping,
    group: np.ndarray | None = None,
    weight: np.ndarray | None = None,
) -> str:
    """Why the metric has no value on these labels, or nothing."""
    if group is None or len(y_true) == 0:
        return metric.why_undefined(y_true, weight=weight, **known)
    for name, rows in _groups(group):
        part = None if weight is None else weight[rows]
        listed = _as_list(metric, y_true[rows])
        if why := metric.why_undefined(listed, **known, **_weight(metric, part)):
            return f"in group {str(name)!r} {why}"
    return ""


def _group_scores(metric, y_true, y_pred, known, group, weight) -> np.ndarray:
    values = []
    for _, rows in _groups(group):
        part = None if weight is None else weight[rows]
        truth, guess = (_as_list(metric, each[rows]) for each in (y_true, y_pred))
        settings = {**known, **_weight(metric, part)}
        values.append(metric.function(truth, guess, **settings))
    return np.array(values)


def _as_list(metric, values):
    """A group's rows of one number each are one list, to a metric of lists."""
    is_items = metric.lists and values.ndim == 2 and values.shape[1] == 1
    return values.reshape(1, -1) if is_items else values


def _weight(metric, part) -> dict:
    """A row's weight; that of a list is the sum of its items', so it cancels."""
    return {} if part is None or metric.lists else {"weight": part}


def _groups(group) -> Iterator[tuple[object, np.ndarray]]:
    names, place = np.unique(group, return_inverse=True)
    order = np.argsort(place, kind="stable")
    ends = np.cumsum(np.bincount(place, minlength=len(names)))
    return zip(names, np.split(order, ends[:-1]), strict=True)


def _mean_of(values):
    return lambda weights: weights @ values / weights.sum(axis=1)
