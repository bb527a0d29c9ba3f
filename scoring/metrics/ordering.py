"""Metrics of the order into which predictions put the rows: areas under curves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np

from scoring.metrics.forms import ratio
from scoring.metrics.lacks import absent_class, one_class_column, one_class_only
from scoring.metrics.metric import Example, Metric, Parameter

Area = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Curves:
    """The mean area under the curves of one binary problem or several.

    `problems` lists pairs of what is positive and the numbers that order the rows.
    `area` takes the weights of positive and negative rows (..., n), in rising order of
    those numbers, rows with equal numbers together, and gives the areas (...). Where a
    weighting leaves no positive or no negative row, the value is NaN.
    """

    area: Area
    problems: Callable
    decomposes = False

    def prepare(self, y_true, y_pred, average="macro", **known):
        found = self.problems(y_true, y_pred, **known)
        return [_sorted(*each) for each in found], average

    def plain(self, state) -> float:
        return self._mean(state, np.ones((1, len(state[0][0][0]))))[0]

    def weighted(self, state, weights) -> np.ndarray:
        return self._mean(state, weights)

    def _mean(self, state, weights):
        problems, average = state
        areas, positives = [], []
        for each in problems:
            positive, negative = _by_score(each, weights)
            areas.append(self.area(positive, negative))
            positives.append(positive.sum(axis=-1))
        if len(areas) == 1:
            return areas[0]
        areas, positives = np.stack(areas, axis=-1), np.stack(positives, axis=-1)
        if average == "macro":
            return areas.mean(axis=-1)
        return (areas * positives).sum(axis=-1) / positives.sum(axis=-1)


def _sorted(positive, scores):
    """The order of the rows, where each distinct number begins, what is positive."""
    order = np.argsort(scores)  # which of equal ones comes first does not matter
    scores = scores[order]
    starts = np.flatnonzero(np.concatenate(([True], scores[1:] != scores[:-1])))
    return order, starts if len(starts) < len(order) else None, positive[order]


def _by_score(problem, weights):
    order, starts, is_positive = problem
    if len(weights) == 1 and (weights == 1).all():
        ordered = weights  # of no weights the order is the same
    else:
        ordered = np.take(weights, order, axis=1)
    ordered = ordered.astype(np.float64, copy=False)
    positive = ordered * is_positive
    if starts is not None:
        positive = np.add.reduceat(positive, starts, axis=1)
        ordered = np.add.reduceat(ordered, starts, axis=1)
    return positive, ordered - positive


def _roc_area(positive, negative):
    """The share of pairs in the right order; equal numbers count half."""
    before = np.cumsum(negative, axis=-1)
    pairs = positive.sum(axis=-1) * before[..., -1]
    before -= negative / 2
    with np.errstate(invalid="ignore"):
        return np.einsum("...i,...i->...", positive, before) / pairs


def _precision_area(positive, negative):
    """The mean, over the positive rows, of the precision down to each of them."""
    positive, negative = positive[..., ::-1], negative[..., ::-1]
    found = np.cumsum(positive, axis=-1)
    precision = ratio(found, found + np.cumsum(negative, axis=-1))
    with np.errstate(invalid="ignore"):
        return np.einsum("...i,...i->...", positive, precision) / found[..., -1]


def _single(y_true, y_score, **_):
    return [(y_true == 1, y_score)]


def _each_class(y_true, y_score, n_classes, **_):
    return [(y_true == k, y_score[:, k]) for k in range(n_classes)]


def _each_column(y_true, y_score, **_):
    return [(y_true[:, k] == 1, y_score[:, k]) for k in range(y_true.shape[1])]


HANLEY = (
    "Hanley, McNeil: The Meaning and Use of the Area under a ROC Curve, "
    "Radiology 143, 1982"
)
FEW = [0, 1, 0, 1, 1], [0.1, 0.4, 0.4, 0.9, 0.3]
WINS = sum(
    (FEW[1][i] > FEW[1][j]) + 0.5 * (FEW[1][i] == FEW[1][j])
    for i, j in product(range(5), repeat=2)
    if FEW[0][i] > FEW[0][j]
)

METRICS = [
    Metric(
        key="roc_auc",
        title="ROC AUC",
        summary="Probability that a positive row is put above a negative one; equal "
        "numbers count half. The last class is the positive one.",
        direction="maximize",
        kinds=("probabilities", "scores"),
        range=(0.0, 1.0),
        takes="order",
        form=Curves(_roc_area, _single),
        formula=r"P(s^+ > s^-) + \tfrac{1}{2} P(s^+ = s^-)",
        source=HANLEY,
        example=Example(
            *FEW, WINS / 6, "Of six pairs, four are right and one is even: 4.5 / 6.", 2
        ),
        n_classes=2,
        lacks=one_class_only,
    ),
    Metric(
        key="roc_auc_ovr",
        title="ROC AUC, one against the rest",
        summary="ROC AUC of each class against all others, and their mean.",
        direction="maximize",
        kinds=("probabilities", "scores"),
        range=(0.0, 1.0),
        takes="probabilities",
        form=Curves(_roc_area, _each_class),
        formula=r"\frac{1}{K}\sum_k \big(P(s_k^+ > s_k^-) "
        r"+ \tfrac{1}{2} P(s_k^+ = s_k^-)\big)",
        source="Fawcett: An introduction to ROC analysis, "
        "Pattern Recogn. Lett. 27, 2006",
        example=Example(
            [0, 1, 2],
            [[0.6, 0.3, 0.1], [0.2, 0.5, 0.3], [0.1, 0.7, 0.2]],
            (1 + 1 / 2 + 1 / 2) / 3,
            "A stands first in its column, B and C in the middle of theirs.",
            3,
        ),
        parameters={
            "average": Parameter(
                "macro",
                "macro: plain mean over the classes; weighted: by their rows",
                choices=("macro", "weighted"),
            )
        },
        lacks=absent_class,
    ),
    Metric(
        key="average_precision",
        title="Average precision",
        summary="Mean, over the positive rows, of the precision among all rows that "
        "are put as high or higher. The last class is the positive one.",
        direction="maximize",
        kinds=("probabilities", "scores"),
        range=(0.0, 1.0),
        takes="order",
        form=Curves(_precision_area, _single),
        formula=r"\sum_t (R_t - R_{t-1}) P_t",
        source="Zhu: Recall, Precision and Average Precision, Univ. of Waterloo, 2004",
        example=Example(
            [1, 0, 1, 0],
            [0.9, 0.8, 0.7, 0.1],
            (1 + 2 / 3) / 2,
            "Precision is 1 down to the first positive row and 2/3 down to the second.",
            2,
        ),
        n_classes=2,
        lacks=one_class_only,
    ),
    Metric(
        key="mean_column_auc",
        title="Mean column-wise ROC AUC",
        summary="ROC AUC of each column by itself, and their mean.",
        direction="maximize",
        kinds=("multilabel",),
        range=(0.0, 1.0),
        takes="probabilities",
        form=Curves(_roc_area, _each_column),
        formula=r"\frac{1}{L}\sum_l \big(P(s_l^+ > s_l^-) "
        r"+ \tfrac{1}{2} P(s_l^+ = s_l^-)\big)",
        source=HANLEY,
        example=Example(
            [[1, 0], [0, 1], [0, 1]],
            [[0.9, 0.2], [0.3, 0.1], [0.5, 0.4]],
            (1 + 1 / 2) / 2,
            "The first column is all in order, the second half of it.",
            2,
        ),
        lacks=one_class_column,
    ),
]
