"""Metrics of predicted probabilities."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from scoring.metrics.metric import Metric

EPSILON = 2.220446049250313e-16  # float64's; both ends clip there, as in scikit-learn


def log_loss(y_true: ArrayLike, y_prob: ArrayLike, n_classes: int) -> float:
    """Mean negative log-likelihood of the true classes, in nats; lower is better.

    Parameters
    ----------
    y_true : int array, shape (n_rows,)
        Class index of each row, in [0, n_classes).
    y_prob : float array, shape (n_rows, n_classes)
        Predicted probabilities; each row sums to one.
    n_classes : int
        Number of classes of the contract.

    Returns
    -------
    float >= 0, always finite: probabilities clip at float64's epsilon.

    Source: I. J. Good, "Rational Decisions", J. R. Stat. Soc. B 14 (1952).
    """
    y_true, y_prob = np.asarray(y_true), np.asarray(y_prob, dtype=np.float64)
    of_truth = y_prob[np.arange(len(y_true)), y_true]
    return float(-np.log(np.clip(of_truth, EPSILON, 1 - EPSILON)).mean())


METRICS = [
    Metric(
        key="log_loss",
        title="Log loss",
        direction="minimize",
        kinds=("probabilities",),
        range=(0.0, float(-np.log(EPSILON))),
        takes="probabilities",
        function=log_loss,
        formula=r"-\frac{1}{n}\sum_i \ln p_{i, y_i}",
        source="Good: Rational Decisions, J. R. Stat. Soc. B 14, 1952",
    )
]
