"""Metrics of the predicted class."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from scoring.metrics.metric import Metric

CLASSIFICATION = ("probabilities", "scores", "labels")


def accuracy(y_true: ArrayLike, y_pred: ArrayLike, n_classes: int) -> float:
    """Share of rows whose predicted class is the true one; higher is better.

    Parameters
    ----------
    y_true, y_pred : int arrays, shape (n_rows,)
        Class index of each row, in [0, n_classes).
    n_classes : int
        Number of classes of the contract; it does not change the value.

    Returns
    -------
    float in [0, 1].

    Source: C. D. Manning, P. Raghavan, H. Schütze, "Introduction to Information
    Retrieval" (2008), ch. 8.
    """
    return float(np.mean(np.asarray(y_true) == np.asarray(y_pred)))


def macro_f1(y_true: ArrayLike, y_pred: ArrayLike, n_classes: int) -> float:
    """Unweighted mean over the classes of F1 = 2 TP / (2 TP + FP + FN).

    Higher is better. Every class of the contract counts, also one without rows; 0/0 is
    0. Multilabel columns count as classes.

    Parameters
    ----------
    y_true, y_pred : int arrays, shape (n_rows,) or, multilabel, (n_rows, n_classes)
        Class indices in [0, n_classes), or zeros and ones.
    n_classes : int
        Number of classes of the contract.

    Returns
    -------
    float in [0, 1].

    Source: C. J. van Rijsbergen, "Information Retrieval" (1979), ch. 7.
    """
    truth, guess = _one_hot(y_true, n_classes), _one_hot(y_pred, n_classes)
    hits = (truth & guess).sum(axis=0)
    claimed = truth.sum(axis=0) + guess.sum(axis=0)  # 2 TP + FP + FN
    f1 = np.divide(2.0 * hits, claimed, out=np.zeros(n_classes), where=claimed > 0)
    return float(f1.mean())


def _one_hot(y: ArrayLike, n_classes: int) -> np.ndarray:
    y = np.asarray(y)
    return y.astype(bool) if y.ndim == 2 else y[:, None] == np.arange(n_classes)


METRICS = [
    Metric(
        key="accuracy",
        title="Accuracy",
        direction="maximize",
        kinds=CLASSIFICATION,
        range=(0.0, 1.0),
        takes="classes",
        function=accuracy,
        formula=r"\frac{1}{n}\sum_i [\hat y_i = y_i]",
        source="Manning et al.: Introduction to Information Retrieval, 2008",
    ),
    Metric(
        key="macro_f1",
        title="Macro F1",
        direction="maximize",
        kinds=(*CLASSIFICATION, "multilabel"),
        range=(0.0, 1.0),
        takes="classes",
        function=macro_f1,
        formula=r"\frac{1}{K}\sum_k \frac{2 TP_k}{2 TP_k + FP_k + FN_k}",
        source="van Rijsbergen: Information Retrieval, 1979",
    ),
]
