"""How often intervals hold the truth, and how often tiers split equal teams.

`python -m benchmarks.coverage` prints both as JSON lines, in some minutes; numbers
after it set how many data sets and boards are simulated (500 and 200), and the seed.

Every population has a known truth: accuracy, macro F1, ROC AUC and RMSE from its
parameters, log loss from four million rows. Data sets are drawn anew, resamples are
not: as on the platform they come from one seed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import ndtr

from scoring import metrics
from scoring.metrics.applied import apply
from scoring.statistics.intervals import interval
from scoring.statistics.resampling import Resamples
from scoring.statistics.tiers import tiers

SIZES, DATA_SETS, BOARDS, TEAMS, ROWS = (100, 300, 1000), 500, 200, 20, 500
SHARES = np.array([0.6, 0.3, 0.1])  # of the three classes
TAKEN = np.array([[0.90, 0.07, 0.03], [0.20, 0.70, 0.10], [0.25, 0.15, 0.60]])
APART, WIDTH = 1.6, 1.5  # of the positive rows' scores from the negative ones'
SHARED = 0.7  # how much of a row's noise all teams of a board have in common


@dataclass(frozen=True)
class Population:
    """Rows of which any number can be drawn: labels, and predictions from noise.

    `predict` takes labels and noise (n, 3), standard normal; `worse` makes them worse.
    """

    key: str
    label: Callable
    predict: Callable
    truth: Callable[[], float]
    n_classes: int = 3

    def applied(self, y_true, noise, worse=0.0):
        y_pred = self.predict(y_true, noise, worse)
        known = {"n_classes": self.n_classes}
        return apply(metrics.get(self.key), y_true, y_pred, known)


def _class_of(random, rows):
    return random.choice(3, rows, p=SHARES)


def _taken(y_true, noise, worse):
    """The predicted class: by one uniform number, from the true class's shares."""
    shares = (1 - worse) * TAKEN + worse / 3
    uniform = ndtr(noise[:, :1])
    return (uniform > shares.cumsum(axis=1)[y_true, :2]).sum(axis=1)


def _softmax(y_true, noise, worse):
    logits = noise.copy()
    logits[np.arange(len(y_true)), y_true] += 1.5 * (1 - worse)
    powers = np.exp(logits)
    return powers / powers.sum(axis=1, keepdims=True)


def _order(y_true, noise, worse):
    widths = np.where(y_true == 1, WIDTH, 1.0)
    return widths * noise[:, 0] + APART * (1 - worse) * y_true


def _macro_f1():
    joint = SHARES[:, None] * TAKEN
    return (2 * np.diag(joint) / (joint.sum(axis=0) + joint.sum(axis=1))).mean()


@cache
def _log_loss():
    random = np.random.default_rng(0)
    parts = []
    for _ in range(8):
        y_true = _class_of(random, 500_000)
        parts.append(LOG_LOSS.applied(y_true, random.normal(size=(500_000, 3))).score)
    return float(np.mean(parts))


ACCURACY = Population("accuracy", _class_of, _taken, lambda: SHARES @ np.diag(TAKEN))
MACRO_F1 = Population("macro_f1", _class_of, _taken, _macro_f1)
LOG_LOSS = Population("log_loss", _class_of, _softmax, _log_loss)
ROC_AUC = Population(
    "roc_auc",
    lambda random, rows: (random.random(rows) < 0.3).astype(np.int64),
    _order,
    lambda: ndtr(APART / np.hypot(1, WIDTH)),
    n_classes=2,
)
RMSE = Population(
    "rmse",
    lambda random, rows: random.normal(size=(rows, 1)),
    lambda y_true, noise, worse: y_true + (1 + worse) * noise[:, :1],
    lambda: 1.0,
    n_classes=0,
)
POPULATIONS = (ACCURACY, MACRO_F1, LOG_LOSS, ROC_AUC, RMSE)


def coverage(population: Population, rows: int, data_sets: int, seed: int = 1) -> float:
    """The share of data sets whose interval holds the truth; having none is no hold."""
    random, weights = np.random.default_rng(seed), weights_of(rows)
    truth, held = population.truth(), 0
    for _ in range(data_sets):
        y_true = population.label(random, rows)
        applied = population.applied(y_true, random.normal(size=(rows, 3)))
        found = interval(_values(applied, weights))
        held += found is not None and found[0] <= truth <= found[1]
    return held / data_sets


def false_splits(
    population: Population,
    boards: int,
    teams: int,
    worse: float = 0.0,
    rows: int = ROWS,
    seed: int = 1,
) -> float:
    """The share of boards on which equal teams stand in different tiers.

    All teams are equal; with `worse`, those of the second half are worse than those of
    the first, and only splits within a half are false.
    """
    random, weights = np.random.default_rng(seed), weights_of(rows)
    direction, false = metrics.get(population.key).direction, 0
    for _ in range(boards):
        y_true = population.label(random, rows)
        shared = random.normal(size=(rows, 3))
        scores, values = [], []
        for team in range(teams):
            own = random.normal(size=(rows, 3))
            noise = np.sqrt(SHARED) * shared + np.sqrt(1 - SHARED) * own
            part = worse if team >= teams / 2 else 0.0
            applied = population.applied(y_true, noise, part)
            scores.append(applied.score)
            values.append(_values(applied, weights))
        found = _begun(np.array(scores), np.array(values), direction, worse, rows)
        false += found
    return false / boards


def _begun(scores, values, direction, worse, rows) -> bool:
    """Whether a tier begins with a team that is no worse than the tier's before."""
    found, teams = tiers(scores, values, direction, rows), len(scores)
    order = np.argsort(-scores if direction == "maximize" else scores, kind="stable")
    half = (np.arange(teams) >= teams / 2) & (worse > 0)
    leaders = [order[found[order] == tier][0] for tier in range(1, found.max() + 1)]
    pairs = zip(leaders, leaders[1:], strict=False)
    return any(half[below] <= half[above] for above, below in pairs)


@cache
def weights_of(rows: int) -> np.ndarray:
    """All resamples of one size, shape (1000, rows)."""
    return np.concatenate(list(Resamples(seed=1, units=rows).chunks()))


def _values(applied, weights):
    with np.errstate(invalid="ignore", divide="ignore"):
        return applied.weighted(weights)


def main(arguments):
    given = list(map(int, arguments))
    data_sets, boards, seed = [*given, *(DATA_SETS, BOARDS, 1)[len(given) :]]
    for population in POPULATIONS:
        found = {rows: coverage(population, rows, data_sets, seed) for rows in SIZES}
        line = {"benchmark": "coverage", "metric": population.key, "wanted": 0.95}
        print(json.dumps({**line, **found}), flush=True)
    for population in POPULATIONS:
        line = {"benchmark": "false_splits", "metric": population.key, "at_most": 0.05}
        line |= {"boards": boards, "teams": TEAMS, "rows": ROWS}
        for name, worse in (("all_equal", 0.0), ("half_worse", 0.3)):
            line[name] = false_splits(population, boards, TEAMS, worse, seed=seed)
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
