"""From predictions and labels to the scores public, private and all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from scoring import metrics
from scoring.contract import Output
from scoring.errors import ContractError
from scoring.labels import Labels, column_key
from scoring.metrics import Metric, Undefined
from scoring.metrics.applied import Applied, apply, why_undefined
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
    if len({spec["key"] for spec in specs}) < len(specs):
        raise ContractError("metrics: a metric is listed twice")
    applied = Application(predictions, labels, specs)
    return {
        name: applied.scores(name, rows) for name, rows in splits(labels.split).items()
    }


def check_defined(labels: Labels, specs: Sequence[Mapping]) -> None:
    """Raise Undefined where the first metric has no value on a split of labels."""
    applied = Application(None, labels, specs[:1])
    for name, rows in splits(labels.split).items():
        applied.demand(specs[0], rows, name)


def ranking_metric(
    predictions: np.ndarray, labels: Labels, spec: Mapping, split: str
) -> Applied:
    """The metric that ranks, applied to one split and ready for its resamples."""
    applied = Application(predictions, labels, [spec])
    return applied.on(spec, splits(labels.split)[split])


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


class Application:
    """Metrics on one submission's predictions, or on labels alone."""

    def __init__(self, predictions, labels: Labels, specs: Sequence[Mapping]):
        self.labels, self.specs = labels, specs
        self.output = labels.contract.output
        self.metrics = {
            each["key"]: metrics.check(each, labels.contract) for each in specs
        }
        self.fed = {}
        for metric in self.metrics.values():
            if predictions is not None and metric.takes not in self.fed:
                self.fed[metric.takes] = as_taken(predictions, metric, self.output)

    def scores(self, split: str, rows: np.ndarray) -> dict[str, float]:
        """Each metric's value on the rows of a split; undefined ones left out."""
        found = {}
        for position, spec in enumerate(self.specs):
            try:
                self.demand(spec, rows, split)
            except Undefined:
                if position == 0:
                    raise
                continue
            found[spec["key"]] = self.on(spec, rows).score
        return found

    def demand(self, spec: Mapping, rows: np.ndarray, split: str) -> None:
        """Raise Undefined where a metric has no value on a split, whatever comes."""
        metric, known, columns = self.given(spec, rows)
        if lack := why_undefined(metric, self.labels.y[rows], known, **columns):
            raise Undefined(
                f"metric: {metric.key} is undefined on the {split} split: {lack}"
            )

    def on(self, spec: Mapping, rows: np.ndarray) -> Applied:
        """One metric applied to some rows."""
        metric, known, columns = self.given(spec, rows)
        fed = self.fed[metric.takes][rows]
        return apply(metric, self.labels.y[rows], fed, known, **columns)

    def given(self, spec: Mapping, rows: np.ndarray):
        """A metric, its parameters, and the groups and weights of some rows."""
        known = {**metrics.parameters(spec), "n_classes": len(self.output.classes)}
        columns = {
            use: self.labels.columns[column_key(use, name)][rows]
            for use, name in metrics.columns(spec).items()
        }
        return self.metrics[spec["key"]], known, columns
