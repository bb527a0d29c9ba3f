"""From predictions and labels to the scores public, private and all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from scoring import metrics
from scoring.contract import Output
from scoring.errors import ContractError
from scoring.labels import Labels
from scoring.metrics import Metric, Undefined
from scoring.split import IGNORED, PRIVATE, PUBLIC


def score(
    predictions: np.ndarray, labels: Labels, specs: Sequence[Mapping]
) -> dict[str, dict[str, float]]:
    """Apply metrics to normal predictions, on each split.

    Returns `{"public": {key: value}, "private": ..., "all": ...}`. `private` is absent
    where no row is private; ignored rows count nowhere. A metric after the first that
    is undefined on a split is absent there; the first one, which ranks, must not be.

    Raises
    ------
    Undefined
        If the ranking metric has no value on a split.
    """
    if len(predictions) != len(labels.y):
        raise ValueError(f"{len(predictions)} predictions for {len(labels.y)} labels")
    output = labels.contract.output
    chosen = [(metrics.check(spec, labels.contract), spec) for spec in specs]
    if len({metric.key for metric, _ in chosen}) < len(chosen):
        raise ContractError("metrics: a metric is listed twice")
    fed = {metric.takes: as_taken(predictions, metric, output) for metric, _ in chosen}
    return {
        name: _on_rows(chosen, labels.y[rows], fed, rows, name, output)
        for name, rows in splits(labels.split).items()
    }


def check_defined(labels: Labels, specs: Sequence[Mapping]) -> None:
    """Raise Undefined where the first metric has no value on a split of labels."""
    metric = metrics.check(specs[0], labels.contract)
    for name, rows in splits(labels.split).items():
        _demand(metric, labels.y[rows], name)


def splits(marks: np.ndarray) -> dict[str, np.ndarray]:
    """The rows of each split that is scored, as masks."""
    rows = {"public": marks == PUBLIC, "private": marks == PRIVATE}
    if not rows["private"].any():
        del rows["private"]
    return {**rows, "all": marks != IGNORED}


def as_taken(predictions: np.ndarray, metric: Metric, output: Output) -> np.ndarray:
    """Normal predictions as a metric's function takes them."""
    if output.family == "multilabel" and metric.takes == "classes":
        return (predictions > 0.5).astype(np.int64)
    if metric.takes == "values" or output.family in ("values", "labels", "multilabel"):
        return predictions
    if metric.takes == "classes":
        return np.argmax(predictions, axis=1)  # the first of the largest
    if output.kind == "probabilities":
        predictions = predictions / predictions.sum(axis=1, keepdims=True)
    return predictions[:, -1] if metric.takes == "order" else predictions


def _on_rows(chosen, y_true, fed, rows, name, output) -> dict[str, float]:
    scores = {}
    for position, (metric, spec) in enumerate(chosen):
        try:
            _demand(metric, y_true, name)
        except Undefined:
            if position == 0:
                raise
            continue
        known = metrics.parameters(spec)
        if metric.takes != "values":
            known["n_classes"] = len(output.classes)
        scores[metric.key] = metric.function(y_true, fed[metric.takes][rows], **known)
    return scores


def _demand(metric: Metric, y_true: np.ndarray, split: str) -> None:
    lack = metric.lacks(y_true) if len(y_true) else "it has no rows"
    if lack:
        raise Undefined(
            f"metric: {metric.key} is undefined on the {split} split: {lack}"
        )
