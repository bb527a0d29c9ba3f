"""Metrics of the order into which predictions put the rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import rankdata

from scoring.metrics.metric import Metric, Undefined


def roc_auc(y_true: ArrayLike, y_score: ArrayLike, n_classes: int = 2) -> float:
    """Probability that a positive row is ranked above a negative one; ties count half.

    Higher is better. The last class is the positive one.

    Parameters
    ----------
    y_true : int array, shape (n_rows,)
        0 or 1.
    y_score : float array, shape (n_rows,)
        Larger means more likely positive.
    n_classes : int
        Always 2.

    Returns
    -------
    float in [0, 1].

    Raises
    ------
    Undefined
        If the rows are all of one class.

    Source: J. A. Hanley, B. J. McNeil, Radiology 143 (1982); by the rank sum of
    H. B. Mann, D. R. Whitney, Ann. Math. Stat. 18 (1947).
    """
    positive = np.asarray(y_true) == 1
    if lack := one_class_only(positive):
        raise Undefined(f"roc_auc is undefined: {lack}")
    ranks = rankdata(np.asarray(y_score, dtype=np.float64))
    n_positive, n_negative = int(positive.sum()), int((~positive).sum())
    wins = ranks[positive].sum() - n_positive * (n_positive + 1) / 2
    return float(wins / (n_positive * n_negative))


def one_class_only(y_true: np.ndarray) -> str:
    """Say that an order of two classes has nothing to tell apart."""
    present = np.unique(y_true)
    return "" if len(present) > 1 else "all rows are of one class"


METRICS = [
    Metric(
        key="roc_auc",
        title="ROC AUC",
        direction="maximize",
        kinds=("probabilities", "scores"),
        range=(0.0, 1.0),
        takes="order",
        function=roc_auc,
        formula=r"P(s^+ > s^-) + \tfrac{1}{2} P(s^+ = s^-)",
        source="Hanley, McNeil: Radiology 143, 1982",
        n_classes=2,
        lacks=one_class_only,
    )
]
