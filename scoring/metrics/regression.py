"""Metrics of predicted values. Several outputs are averaged, each with equal weight."""

from __future__ import annotations

from math import log, sqrt

import numpy as np

from scoring.metrics.forms import Terms, ratio
from scoring.metrics.lacks import constant_target
from scoring.metrics.metric import Example, Metric, Parameter


def columns(values: np.ndarray) -> np.ndarray:
    """Values (n, ...) as float64 columns (n, d)."""
    return np.asarray(values, dtype=np.float64).reshape(len(values), -1)


def of_errors(function) -> Terms:
    """The mean of a function of label and prediction."""
    return Terms(lambda y, p, **known: function(columns(y), columns(p), **known))


def root_of(function) -> Terms:
    """The root of such a mean, of each output by itself."""
    return Terms(
        lambda y, p, **known: function(columns(y), columns(p), **known),
        lambda means, **_: np.sqrt(means).mean(axis=-1),
    )


def _absolute(y, p, **_):
    return np.abs(y - p)


def _squared(y, p, **_):
    errors = y - p
    return np.square(errors, out=errors)


def _squared_log(y, p, **_):
    return np.square(np.log1p(np.maximum(y, 0.0)) - np.log1p(np.maximum(p, 0.0)))


def _share(y, p, **_):
    return np.abs(y - p) / np.abs(y)


def _symmetric_share(y, p, **_):
    return ratio(2 * np.abs(y - p), np.abs(y) + np.abs(p))


def _pinball(y, p, alpha, **_):
    errors = y - p
    return np.maximum(alpha * errors, (alpha - 1) * errors)


def _scaled(y, p, period, scale, **_):
    return np.abs(y - p) / (scale or _naive_errors(y, int(period)))


def _naive_errors(y, period):
    return np.abs(y[period:] - y[:-period]).mean(axis=0)


def _explained(y, p, **_):
    """Squared errors, and labels less their mean, squared and plain."""
    y, p = columns(y), columns(p)
    centred = y - y.mean(axis=0)
    return np.concatenate([np.square(y - p), np.square(centred), centred], axis=1)


def _r2(means, **_):
    errors, squares, centres = np.split(means, 3, axis=-1)
    return (1 - ratio(errors, squares - np.square(centres))).mean(axis=-1)


def _r2_direct(y, p, **_):
    y, p = columns(y), columns(p)
    return (1 - _of_variance(_squared(y, p).sum(axis=0), y)).mean()


def _of_variance(squares, y):
    """Sums of squares as a share of the labels' own about their mean."""
    return squares / _squared(y, y.mean(axis=0)).sum(axis=0)


def _varying(y, p, **_):
    """Errors and labels, each less its mean: squared and plain."""
    y, p = columns(y), columns(p)
    errors, centred = (y - p) - (y - p).mean(axis=0), y - y.mean(axis=0)
    parts = [np.square(errors), errors, np.square(centred), centred]
    return np.concatenate(parts, axis=1)


def _explained_variance_direct(y, p, **_):
    y, errors = columns(y), columns(y) - columns(p)
    return (1 - _of_variance(_squared(errors, errors.mean(axis=0)).sum(0), y)).mean()


def _explained_variance(means, **_):
    errors2, errors, squares, centres = np.split(means, 4, axis=-1)
    left = ratio(errors2 - np.square(errors), squares - np.square(centres))
    return (1 - left).mean(axis=-1)


def _some_zero(y_true, **_):
    zeros = int((y_true == 0).sum())
    return f"{zeros} label(s) are 0, and it divides by them" if zeros else ""


def _no_scale(y_true, period, scale, **_):
    if scale:
        return ""
    y = columns(y_true)
    if len(y) <= period:
        return f"it has {len(y)} row(s), which must be more than the period {period:g}"
    if (_naive_errors(y, int(period)) == 0).any():
        return "the labels repeat without change, so the naive forecast has no error"
    return ""


def _metric(key, title, summary, form, formula, source, example, **more) -> Metric:
    settings = {
        "direction": "minimize",
        "kinds": ("values",),
        "range": (0.0, float("inf")),
        "takes": "values",
        **more,
    }
    return Metric(
        key=key,
        title=title,
        summary=summary,
        form=form,
        formula=formula,
        source=source,
        example=example,
        **settings,
    )


TRUE, GUESS = [1.0, 2.0, 4.0], [2.0, 2.0, 1.0]
HYNDMAN = (
    "Hyndman, Koehler: Another look at measures of forecast accuracy, "
    "Int. J. Forecast. 22, 2006"
)
KVALSETH = "Kvålseth: Cautionary Note about R², Am. Stat. 39, 1985"

METRICS = [
    _metric(
        "rmse",
        "Root mean squared error",
        "Root of the mean squared error, in the target's unit.",
        root_of(_squared),
        r"\sqrt{\frac{1}{n}\sum_i (\hat y_i - y_i)^2}",
        "Chai, Draxler: Root mean square error (RMSE) or mean absolute error (MAE)?, "
        "Geosci. Model Dev. 7, 2014",
        Example(TRUE, GUESS, sqrt(10 / 3), "The errors are 1, 0 and 3: √(10/3)."),
    ),
    _metric(
        "mse",
        "Mean squared error",
        "Mean squared error, in the target's unit squared.",
        of_errors(_squared),
        r"\frac{1}{n}\sum_i (\hat y_i - y_i)^2",
        "Gauß: Theoria combinationis observationum, 1823",
        Example(TRUE, GUESS, 10 / 3, "The errors are 1, 0 and 3: (1 + 0 + 9) / 3."),
    ),
    _metric(
        "mae",
        "Mean absolute error",
        "Mean absolute error, in the target's unit.",
        of_errors(_absolute),
        r"\frac{1}{n}\sum_i |\hat y_i - y_i|",
        "Willmott, Matsuura: Advantages of the mean absolute error, "
        "Clim. Res. 30, 2005",
        Example(TRUE, GUESS, 4 / 3, "The errors are 1, 0 and 3: 4/3."),
    ),
    _metric(
        "rmsle",
        "Root mean squared logarithmic error",
        "Root of the mean squared error of ln(1 + value). Values below 0 count as 0.",
        root_of(_squared_log),
        r"\sqrt{\frac{1}{n}\sum_i (\ln(1 + \hat y_i) - \ln(1 + y_i))^2}",
        "scikit-learn: root_mean_squared_log_error; negatives after Kaggle's use",
        Example([0.0, 1.0], [0.0, 3.0], log(2) / sqrt(2), "ln 4 − ln 2 is ln 2."),
    ),
    _metric(
        "mape",
        "Mean absolute percentage error",
        "Mean of the absolute error as a share of the label; 0.1 is ten percent.",
        of_errors(_share),
        r"\frac{1}{n}\sum_i \frac{|\hat y_i - y_i|}{|y_i|}",
        "de Myttenaere et al.: Mean Absolute Percentage Error for regression models, "
        "Neurocomputing 192, 2016",
        Example([1.0, 2.0, 4.0], [2.0, 2.0, 1.0], 7 / 12, "(1 + 0 + 3/4) / 3."),
        lacks=_some_zero,
    ),
    _metric(
        "smape",
        "Symmetric mean absolute percentage error",
        "Mean of twice the absolute error as a share of label and prediction together; "
        "0/0 is 0.",
        of_errors(_symmetric_share),
        r"\frac{1}{n}\sum_i \frac{2 |\hat y_i - y_i|}{|\hat y_i| + |y_i|}",
        "Makridakis: Accuracy measures, Int. J. Forecast. 9, 1993",
        Example([1.0, 0.0], [3.0, 0.0], 1 / 2, "2 · 2 / 4 is 1, and 0/0 is 0."),
        range=(0.0, 2.0),
    ),
    _metric(
        "mase",
        "Mean absolute scaled error",
        "Mean absolute error as a share of a naive forecast's, which repeats the label "
        "of one period before. Without scale, that forecast is made of the labels that "
        "are scored, in their order.",
        of_errors(_scaled),
        r"\frac{\frac{1}{n}\sum_i |\hat y_i - y_i|}"
        r"{\frac{1}{n - m}\sum_{i > m} |y_i - y_{i - m}|}",
        HYNDMAN,
        Example(TRUE, GUESS, 8 / 9, "Error 4/3; the naive one is (1 + 2) / 2."),
        parameters={
            "period": Parameter(1, "rows in a season", low=1, whole=True),
            "scale": Parameter(
                0.0,
                "the naive forecast's mean absolute error on the training rows; 0: "
                "that of the labels",
                low=0.0,
            ),
        },
        lacks=_no_scale,
    ),
    _metric(
        "r2",
        "R²",
        "Share of the labels' variance that the predictions explain; 0 for the mean.",
        Terms(_explained, _r2, _r2_direct),
        r"1 - \frac{\sum_i (\hat y_i - y_i)^2}{\sum_i (y_i - \bar y)^2}",
        KVALSETH,
        Example(
            [1.0, 2.0, 3.0], [1.0, 2.0, 4.0], 1 / 2, "Errors 1, variance 2: 1 − 1/2."
        ),
        direction="maximize",
        range=(float("-inf"), 1.0),
        lacks=constant_target,
    ),
    _metric(
        "explained_variance",
        "Explained variance",
        "As R², but an error that is the same in every row costs nothing.",
        Terms(_varying, _explained_variance, _explained_variance_direct),
        r"1 - \frac{\mathrm{Var}(y - \hat y)}{\mathrm{Var}(y)}",
        KVALSETH,
        Example(
            [1.0, 2.0, 3.0],
            [2.0, 3.0, 4.0],
            1.0,
            "Every prediction is 1 too high: the errors do not vary.",
        ),
        direction="maximize",
        range=(float("-inf"), 1.0),
        lacks=constant_target,
    ),
    _metric(
        "pinball",
        "Pinball loss",
        "Loss of a predicted quantile: alpha for each unit that it is too low, "
        "1 − alpha for each that it is too high.",
        of_errors(_pinball),
        r"\frac{1}{n}\sum_i \max(\alpha (y_i - \hat y_i), "
        r"(\alpha - 1)(y_i - \hat y_i))",
        "Koenker, Bassett: Regression Quantiles, Econometrica 46, 1978",
        Example(
            [1.0, 3.0],
            [2.0, 1.0],
            (0.1 + 2 * 0.9) / 2,
            "1 too high costs 0.1, 2 too low cost 1.8.",
            parameters={"alpha": 0.9},
        ),
        parameters={
            "alpha": Parameter(0.5, "the quantile that is predicted", low=0.0, high=1.0)
        },
    ),
]
