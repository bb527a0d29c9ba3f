"""Metrics of predicted values. Several outputs are averaged, each with equal weight."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from scoring.metrics.metric import Metric


def mae(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    """Mean absolute error, in the target's unit; lower is better.

    Parameters
    ----------
    y_true, y_pred : float arrays, shape (n_rows, ...)
        Labels and predictions.

    Returns
    -------
    float >= 0.

    Source: C. J. Willmott, K. Matsuura, Climate Research 30 (2005).
    """
    return float(np.abs(_columns(y_true) - _columns(y_pred)).mean())


def rmse(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    """Root of the mean squared error, in the target's unit; lower is better.

    With several outputs it is the mean of each output's own root, as in scikit-learn.

    Parameters
    ----------
    y_true, y_pred : float arrays, shape (n_rows, ...)
        Labels and predictions.

    Returns
    -------
    float >= 0.

    Source: T. Chai, R. R. Draxler, Geosci. Model Dev. 7 (2014).
    """
    squares = np.square(_columns(y_true) - _columns(y_pred))
    return float(np.sqrt(squares.mean(axis=0)).mean())


def rmsle(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    """Root mean squared error of ln(1 + value); lower is better.

    Values below 0 count as 0. Several outputs as in `rmse`.

    Parameters
    ----------
    y_true, y_pred : float arrays, shape (n_rows, ...)
        Labels and predictions.

    Returns
    -------
    float >= 0.

    Source: scikit-learn, root_mean_squared_log_error; negatives after Kaggle's use.
    """
    return rmse(_log1p(y_true), _log1p(y_pred))


def _log1p(values: ArrayLike) -> np.ndarray:
    return np.log1p(np.maximum(np.asarray(values, dtype=np.float64), 0.0))


def _columns(values: ArrayLike) -> np.ndarray:
    values = np.asarray(values, dtype=np.float64)
    return values.reshape(len(values), -1)


def _metric(key, title, function, formula, source) -> Metric:
    return Metric(
        key=key,
        title=title,
        direction="minimize",
        kinds=("values",),
        range=(0.0, float("inf")),
        takes="values",
        function=function,
        formula=formula,
        source=source,
    )


METRICS = [
    _metric(
        "rmse",
        "Root mean squared error",
        rmse,
        r"\sqrt{\frac{1}{n}\sum_i (\hat y_i - y_i)^2}",
        "Chai, Draxler: Geosci. Model Dev. 7, 2014",
    ),
    _metric(
        "mae",
        "Mean absolute error",
        mae,
        r"\frac{1}{n}\sum_i |\hat y_i - y_i|",
        "Willmott, Matsuura: Climate Research 30, 2005",
    ),
    _metric(
        "rmsle",
        "Root mean squared logarithmic error",
        rmsle,
        r"\sqrt{\frac{1}{n}\sum_i (\ln(1 + \hat y_i) - \ln(1 + y_i))^2}",
        "scikit-learn: root_mean_squared_log_error",
    ),
]
