"""What of a public score is told: significant digits, and the Ladder."""

from __future__ import annotations

from math import floor, isfinite, log10

from scoring.metrics.metric import Metric

WIDEST = 2.0  # of a range that is bounded by what the metric means


def rounded(score: float, digits: int | None) -> float:
    """A score to so many significant digits; all of them where none are given."""
    if digits is None or score == 0 or not isfinite(score):
        return score
    return round(score, digits - 1 - floor(log10(abs(score))))


def ladder(
    shown: float | None, score: float, error: float, rows: int, metric: Metric
) -> float:
    """The public score to show after a new submission, by the parameter-free Ladder.

    A submission moves what its team reads only where it is better than that by more
    than one standard error of the paired difference; then it is told in steps of 1/n.
    A team that sends noise learns nothing from small ups and downs.

    Parameters
    ----------
    shown : float or None
        What the team reads so far; None before its first submission.
    score : float
        The new submission's public score.
    error : float
        Standard error of the difference between the new submission and the one that is
        shown: s / sqrt(n) of the rows' own differences, or `difference_error` of the
        replicates where the metric is no mean over rows. Not used for the first.
    rows : int
        Number of public rows, n.
    metric : Metric
        Its direction says what is better. Where its range is at most 2 wide the step is
        1/n of it, as in the paper, whose losses are in [0, 1]; else the power of ten
        next below the error. (Log loss is bounded only by where logarithms clip.)

    Source: A. Blum, M. Hardt, "The Ladder: A Reliable Leaderboard for Machine Learning
    Competitions", ICML 2015, figure 2.
    """
    if shown is not None:
        gain = score - shown if metric.direction == "maximize" else shown - score
        if not gain > error:
            return shown
    step = _step(error if shown is not None else 0.0, rows, metric)
    return round(score / step) * step if step else score


def _step(error: float, rows: int, metric: Metric) -> float:
    low, high = metric.range
    if high - low <= WIDEST:
        return (high - low) / rows
    return 10.0 ** floor(log10(error)) if error > 0 else 0.0
