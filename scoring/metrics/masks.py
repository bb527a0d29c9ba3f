"""Metrics of masks: one row is one picture, each of its numbers one cell."""

from __future__ import annotations

import numpy as np

from scoring.metrics.forms import Terms
from scoring.metrics.metric import Example, Metric, Parameter


def _overlap(y_true, y_pred, threshold, **_):
    """Of each row: cells in both masks, in the true one, in the predicted one."""
    truth = y_true.reshape(len(y_true), -1) > 0.5
    guess = y_pred.reshape(len(y_pred), -1) > threshold
    return [each.sum(axis=1) for each in (truth & guess, truth, guess)]


def _dice(y_true, y_pred, empty, **known):
    both, truth, guess = _overlap(y_true, y_pred, **known)
    return _share(2 * both, truth + guess, empty)


def _iou(y_true, y_pred, empty, **known):
    both, truth, guess = _overlap(y_true, y_pred, **known)
    return _share(both, truth + guess - both, empty)


def _share(above, below, empty):
    return np.where(below > 0, above / np.maximum(below, 1), empty)


PARAMETERS = {
    "threshold": Parameter(0.5, "a cell above it is predicted to be in the mask"),
    "empty": Parameter(
        0.0, "what a row counts where both masks are empty", low=0.0, high=1.0
    ),
}
TRUE, GUESS = [[1.0, 1.0, 0.0, 0.0]], [[0.9, 0.2, 0.8, 0.1]]


def _metric(key, title, summary, terms, formula, source, score, words) -> Metric:
    return Metric(
        key=key,
        title=title,
        summary=summary,
        direction="maximize",
        kinds=("values",),
        range=(0.0, 1.0),
        takes="values",
        form=Terms(terms),
        formula=formula,
        source=source,
        example=Example(TRUE, GUESS, score, words),
        parameters=PARAMETERS,
    )


METRICS = [
    _metric(
        "dice",
        "Dice coefficient",
        "Mean over the rows of twice the cells in both masks over the cells of each.",
        _dice,
        r"\frac{1}{n}\sum_i \frac{2 |A_i \cap B_i|}{|A_i| + |B_i|}",
        "Dice: Measures of the Amount of Ecologic Association Between Species, "
        "Ecology 26, 1945",
        1 / 2,
        "One cell is in both masks, each has two: 2 · 1 / 4.",
    ),
    _metric(
        "iou",
        "Intersection over union",
        "Mean over the rows of the cells in both masks over those in either.",
        _iou,
        r"\frac{1}{n}\sum_i \frac{|A_i \cap B_i|}{|A_i \cup B_i|}",
        "Jaccard: The Distribution of the Flora in the Alpine Zone, "
        "New Phytologist 11, 1912",
        1 / 3,
        "One cell is in both masks, three are in either.",
    ),
]
