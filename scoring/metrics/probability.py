"""Metrics of predicted probabilities."""

from __future__ import annotations

from math import log

import numpy as np

from scoring.metrics.forms import Terms
from scoring.metrics.metric import Example, Metric, Parameter

EPSILON = 2.220446049250313e-16  # float64's; both ends clip there, as in scikit-learn


def _log_loss(y_true, y_prob, **_):
    of_truth = y_prob[np.arange(len(y_true)), y_true].astype(np.float64)
    return -np.log(np.clip(of_truth, EPSILON, 1 - EPSILON))


def _column_log_loss(y_true, y_prob, **_):
    of_truth = np.where(y_true == 1, y_prob, 1.0 - y_prob)
    return -np.log(np.clip(of_truth, EPSILON, 1 - EPSILON))


def _brier(y_true, y_prob, **_):
    if y_prob.shape[1] == 2:
        return np.square(y_prob[:, 1] - y_true)
    of_truth = y_prob[np.arange(len(y_true)), y_true]
    return np.einsum("ij,ij->i", y_prob, y_prob) - 2 * of_truth + 1


def _top_k(y_true, y_score, k, **_):
    """Whether fewer than k classes stand before the true one; of equals the last."""
    of_truth = y_score[np.arange(len(y_true)), y_true][:, None]
    later = np.arange(y_score.shape[1]) > y_true[:, None]
    before = (y_score > of_truth) | ((y_score == of_truth) & later)
    return before.sum(axis=1) < k


def _top_k_demands(output, known) -> str:
    if known["k"] < len(output.classes):
        return ""
    return f"k: {known['k']:g} must be below the number of classes"


METRICS = [
    Metric(
        key="log_loss",
        title="Log loss",
        summary="Mean negative logarithm of the probability given to the true class, "
        "in nats. Probabilities are clipped at 2.2e-16.",
        direction="minimize",
        kinds=("probabilities",),
        range=(0.0, float(-np.log(EPSILON))),
        takes="probabilities",
        form=Terms(_log_loss),
        formula=r"-\frac{1}{n}\sum_i \ln p_{i, y_i}",
        source="Good: Rational Decisions, J. R. Stat. Soc. B 14, 1952",
        example=Example(
            [0, 1],
            [[0.8, 0.2], [0.5, 0.5]],
            -(log(0.8) + log(0.5)) / 2,
            "The true classes were given 0.8 and 0.5: −(ln 0.8 + ln 0.5) / 2.",
            2,
        ),
    ),
    Metric(
        key="mean_column_log_loss",
        title="Mean column-wise log loss",
        summary="Log loss of each column by itself, and their mean.",
        direction="minimize",
        kinds=("multilabel",),
        range=(0.0, float(-np.log(EPSILON))),
        takes="probabilities",
        form=Terms(_column_log_loss),
        formula=r"-\frac{1}{n L}\sum_{il} \ln\big(y_{il} p_{il} "
        r"+ (1 - y_{il})(1 - p_{il})\big)",
        source="Good: Rational Decisions, J. R. Stat. Soc. B 14, 1952",
        example=Example(
            [[1, 0], [0, 1]],
            [[0.8, 0.5], [0.5, 0.5]],
            -(log(0.8) + 3 * log(0.5)) / 4,
            "What is true was given 0.8 once and 0.5 three times.",
            2,
        ),
    ),
    Metric(
        key="brier",
        title="Brier score",
        summary="Mean squared distance of the probabilities from the truth: of the "
        "last class alone where there are two classes, else summed over the classes.",
        direction="minimize",
        kinds=("probabilities",),
        range=(0.0, 2.0),
        takes="probabilities",
        form=Terms(_brier),
        formula=r"\frac{1}{n}\sum_{ik} (p_{ik} - [y_i = k])^2",
        source="Brier: Verification of Forecasts Expressed in Terms of Probability, "
        "Mon. Weather Rev. 78, 1950",
        example=Example(
            [0, 2],
            [[0.5, 0.5, 0.0], [0.0, 0.0, 1.0]],
            1 / 4,
            "The first row is off by 0.5 twice, 0.5 in all; the second is right.",
            3,
        ),
    ),
    Metric(
        key="top_k",
        title="Top-k accuracy",
        summary="Share of rows whose true class is among the k largest numbers. Of "
        "equal numbers the later class stands first, as in scikit-learn.",
        direction="maximize",
        kinds=("probabilities", "scores"),
        range=(0.0, 1.0),
        takes="probabilities",
        form=Terms(_top_k),
        formula=r"\frac{1}{n}\sum_i [\mathrm{rank}_i(y_i) \le k]",
        source="Russakovsky et al.: ImageNet Large Scale Visual Recognition Challenge, "
        "IJCV 115, 2015",
        example=Example(
            [0, 1, 2],
            [[0.5, 0.3, 0.2], [0.6, 0.3, 0.1], [0.6, 0.3, 0.1]],
            2 / 3,
            "The true classes stand first, second and third; two of them count.",
            3,
            {"k": 2},
        ),
        parameters={"k": Parameter(2, "how many classes count", low=1, whole=True)},
        demands=_top_k_demands,
    ),
]
