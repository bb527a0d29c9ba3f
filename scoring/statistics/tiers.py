"""Tiers of a board: teams that cannot be told apart, and the chance of being first.

From the top, a new tier begins where the paired difference from the tier's leader
excludes zero. Which team leads, and which are compared, is chosen by looking at the
scores, so a difference counts only beyond the largest that any two equal teams of this
board would show: a quantile, over the resamples, of the largest studentised difference
of all pairs (max-T). That bounds the chance of any false split on the whole board at
5 %, whichever teams are equal.

Source: P. H. Westfall, S. S. Young, "Resampling-Based Multiple Testing" (1993), ch. 2;
J. P. Romano, M. Wolf, "Exact and Approximate Stepdown Methods", JASA 100 (2005).
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

FALSE_SPLITS = 0.05
MARGIN = 0.6  # of the bound is aimed at, for the quantile is itself an estimate
MOST_COMPARED = 1_000  # teams; above it all pairs take too long, see critical_value
BLOCK = 64  # teams that are held against a leader at once
EQUAL = 1e-9  # of a score's own spread: below it a difference is rounding


def tiers(
    scores: np.ndarray,
    replicates: np.ndarray,
    direction: str,
    units: int,
    false_splits: float = FALSE_SPLITS,
) -> np.ndarray:
    """The tier of each team, counted from 1 at the top.

    Parameters
    ----------
    scores : float array, shape (teams,)
    replicates : float array, shape (teams, resamples)
        Scores on the same resamples; a resample in which a score is NaN counts nowhere.
    direction : "maximize" or "minimize"
    units : int
        Number of rows, or groups, that were resampled.
    false_splits : float
        Bound on the chance that any two equal teams of the board are split.

    Returns
    -------
    int array, shape (teams,), in the order of `scores`.
    """
    sign = 1.0 if direction == "maximize" else -1.0
    order = np.argsort(-sign * scores, kind="stable")
    ordered = sign * scores[order]
    spread = deviations(replicates)[order]
    limit = critical_value(spread, false_splits)
    found = np.ones(len(scores), dtype=np.int64)
    leader, first = 0, 1
    while first < len(scores):
        block = slice(first, first + BLOCK)
        apart = _apart(ordered, spread, leader, block, units) > limit
        if apart.any():
            leader = first + int(apart.argmax())
            found[leader:] += 1
            first = leader + 1
        else:
            first += BLOCK
    tier = np.empty_like(found)
    tier[order] = found
    return tier


def deviations(replicates: np.ndarray) -> np.ndarray:
    """Replicates less each team's mean over them, without resamples that lack one."""
    known = replicates[:, np.isfinite(replicates).all(axis=0)]
    return known - known.mean(axis=1, keepdims=True)


def critical_value(spread: np.ndarray, false_splits: float = FALSE_SPLITS) -> float:
    """How many standard errors apart two teams must be.

    `spread` are the deviations, shape (teams, resamples). Up to a thousand teams the
    quantile of the largest difference of all pairs is taken from the resamples; above,
    that of the normal distribution by Bonferroni's inequality, which is larger.
    """
    teams = len(spread)
    if teams < 2:
        return float("inf")
    aim = MARGIN * false_splits
    if teams > MOST_COMPARED:
        return float(-ndtri(aim / (teams * (teams - 1))))
    return float(np.quantile(_largest(spread), 1 - aim, method="higher"))


def _largest(spread):
    """For each resample the largest studentised difference of all pairs."""
    spread = spread.astype(np.float32)
    variance = np.square(spread).mean(axis=1)
    largest = np.zeros(spread.shape[1], dtype=np.float32)
    for team in range(len(spread) - 1):
        differences = spread[team + 1 :] - spread[team]
        errors = np.sqrt(np.einsum("ij,ij->i", differences, differences))
        errors /= np.sqrt(np.float32(spread.shape[1]))
        scale = np.sqrt(np.maximum(variance[team], variance[team + 1 :]))
        differences = differences[errors > 1e-5 * scale]
        errors = errors[errors > 1e-5 * scale]
        if len(errors):
            np.abs(differences, out=differences)
            differences /= errors[:, None]
            np.maximum(largest, differences.max(axis=0), out=largest)
    return largest


def _apart(ordered, spread, leader, block, units):
    """How many standard errors teams stand below their leader.

    The error is that which holds if they are equal: what is seen of a difference is
    then part of the rows' variation. It keeps a few rows from looking too sure.
    """
    below = ordered[leader] - ordered[block]
    error = np.sqrt(np.square(spread[leader] - spread[block]).mean(axis=1))
    scale = EQUAL * max(np.abs(ordered[leader]), spread[leader].std(), 1e-300)
    error = np.hypot(error, below / np.sqrt(units))
    return np.divide(below, error, out=np.zeros_like(below), where=below > scale)


def chance_of_first(replicates: np.ndarray, direction: str) -> np.ndarray:
    """The share of resamples in which each team stands first; equal ones share.

    `replicates` has shape (teams, resamples); the result, shape (teams,), sums to one.
    """
    known = replicates[:, np.isfinite(replicates).all(axis=0)]
    best = known.max(axis=0) if direction == "maximize" else known.min(axis=0)
    is_best = known == best
    return (is_best / is_best.sum(axis=0)).mean(axis=1)


def difference_error(first: np.ndarray, second: np.ndarray) -> float:
    """The standard error of the difference of two scores, from paired replicates."""
    difference = first - second
    return float(np.std(difference[np.isfinite(difference)]))
