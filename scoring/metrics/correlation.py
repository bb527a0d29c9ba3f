"""Metrics of how predicted and true values go together, and the median error."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.stats import kendalltau

from scoring.metrics.forms import Terms, ratio
from scoring.metrics.lacks import constant_target
from scoring.metrics.metric import Example, Metric
from scoring.metrics.regression import columns


def _moments(y, p, **_):
    """Labels and predictions, centred and of unit spread, with squares and product."""
    x, y = _standard(columns(p)), _standard(columns(y))
    parts = [x, y, np.square(x), np.square(y), x * y]
    return np.concatenate(parts, axis=1)


def _standard(values):
    """Centred columns over their largest value, so that squares do not overflow."""
    values = values - values.mean(axis=0)
    return ratio(values, np.abs(values).max(axis=0))


def _correlation(means, **_):
    x, y, xx, yy, xy = np.split(means, 5, axis=-1)
    spread = np.sqrt(np.maximum((xx - x * x) * (yy - y * y), 0.0))
    return np.clip(ratio(xy - x * y, spread), -1.0, 1.0).mean(axis=-1)


def _correlation_direct(y, p, **_):
    pairs = zip(columns(y).T, columns(p).T, strict=True)
    return float(np.mean([_cosine(*each) for each in pairs]))


def _cosine(x, y):
    """The cosine of the angle between values less their means; 0 where one is flat."""
    x, y = x - x.mean(), y - y.mean()
    largest = max(-x.min(), x.max()), max(-y.min(), y.max())
    if 0.0 in largest:
        return 0.0
    if not all(1e-100 < each < 1e100 for each in largest):  # squares would not fit
        x, y = x / largest[0], y / largest[1]
    cosine = np.dot(x, y) / np.linalg.norm(x) / np.linalg.norm(y)
    return min(max(float(cosine), -1.0), 1.0)


@dataclass(frozen=True)
class RankCorrelation:
    """The correlation of ranks; under weights, of the ranks that the weights give."""

    decomposes = False

    def prepare(self, y_true, y_pred, **_):
        pairs = zip(columns(y_true).T, columns(y_pred).T, strict=True)
        return [(_Ranks(y), _Ranks(p)) for y, p in pairs]

    def plain(self, state) -> float:
        ones = np.ones((1, len(state[0][0].order)))
        return self.weighted(state, ones)[0]

    def weighted(self, state, weights) -> np.ndarray:
        weights = weights.astype(np.float64, copy=False)
        both = [(y.under(weights), p.under(weights)) for y, p in state]
        return np.mean([_weighted_correlation(*each, weights) for each in both], axis=0)


class _Ranks:
    """The order of values: ranks under any weights, equal values sharing one."""

    def __init__(self, values):
        self.order = np.argsort(values)
        ordered = values[self.order]
        first = np.concatenate(([True], ordered[1:] != ordered[:-1]))
        self.starts = np.flatnonzero(first)
        self.place = np.empty(len(values), dtype=np.int64)
        self.place[self.order] = np.cumsum(first) - 1

    def under(self, weights):
        """The weight below each row and half of that beside it: (b, n)."""
        sums = np.add.reduceat(
            np.take(weights, self.order, axis=1), self.starts, axis=1
        )
        middle = np.cumsum(sums, axis=1)
        middle -= sums / 2
        return np.take(middle, self.place, axis=1)


def _weighted_correlation(x, y, weights):
    totals = weights.sum(axis=1, keepdims=True)
    x = x - totals / 2  # the mean of such ranks
    y = y - totals / 2
    over = np.einsum("ij,ij,ij->i", weights, x, y)
    spread = [np.einsum("ij,ij,ij->i", weights, each, each) for each in (x, y)]
    return np.clip(ratio(over, np.sqrt(spread[0]) * np.sqrt(spread[1])), -1.0, 1.0)


@dataclass(frozen=True)
class MedianError:
    """The median absolute error, the mean of each output's own."""

    decomposes = False

    def prepare(self, y_true, y_pred, **_):
        return np.abs(columns(y_true) - columns(y_pred))

    def plain(self, state) -> float:
        return np.median(state, axis=0).mean()

    def weighted(self, state, weights) -> np.ndarray:
        weights = weights.astype(np.float64, copy=False)
        return np.mean([_weighted_median(each, weights) for each in state.T], axis=0)


def _weighted_median(values, weights):
    """Where half of the weight is reached; between two values, their mean."""
    order = np.argsort(values)
    below = np.cumsum(np.take(weights, order, axis=1), axis=1)
    half = below[:, -1:] / 2
    ordered, last = values[order], len(values) - 1
    lower = np.minimum((below < half).sum(axis=1), last)
    upper = np.minimum((below <= half).sum(axis=1), last)
    return (ordered[lower] + ordered[upper]) / 2


@dataclass(frozen=True)
class Concordance:
    """The share of pairs of rows that are in the right order.

    Under weights it is taken to first order: a row drawn twice counts its own pairs
    twice (the Hájek projection), for the exact value of each of a thousand weightings
    would take a sort of its own.
    """

    decomposes = False

    def prepare(self, y_true, y_pred, **_):
        return _Pairs(columns(y_true)[:, 0], columns(y_pred)[:, 0])

    def plain(self, state) -> float:
        y_true, y_pred = state.y_true, state.y_pred
        pairs = len(y_true) * (len(y_true) - 1) // 2
        comparable = pairs - _equal_pairs(y_true)
        apart = pairs - _equal_pairs(y_pred)
        if not apart:
            return 0.5
        tau = kendalltau(y_true, y_pred, method="asymptotic").statistic
        return 0.5 + 0.5 * tau * np.sqrt(apart / comparable)

    def weighted(self, state, weights) -> np.ndarray:
        right, comparable = state.of_rows
        weights = weights.astype(np.float64, copy=False)
        shares = weights / weights.mean(axis=1, keepdims=True)
        above = 2 * shares @ right - right.sum()
        return ratio(above, 2 * shares @ comparable - comparable.sum())


def _equal_pairs(values):
    counts = np.unique(values, return_counts=True)[1]
    return int((counts * (counts - 1) // 2).sum())


class _Pairs:
    """Labels and predictions, and each row's pairs once something asks for them."""

    def __init__(self, y_true, y_pred):
        self.y_true, self.y_pred = y_true, y_pred

    @cached_property
    def of_rows(self):
        """For each row, how many of its pairs are in order, and how many have one."""
        below, equal = _below(self.y_true, self.y_pred)
        above, _ = _below(-self.y_true, -self.y_pred)
        return below + above, len(self.y_true) - equal


def _below(y_true, y_pred):
    """How many rows of a smaller label are predicted smaller (equal: half)."""
    labels, level = np.unique(y_true, return_inverse=True)
    _, height = np.unique(y_pred, return_inverse=True)
    size, found = len(y_pred), np.zeros(len(y_pred))
    for bit in range(max(len(labels) - 1, 0).bit_length()):
        # Rows whose labels first differ at this bit stand in the same block.
        keys = (level >> (bit + 1)) * size + height
        is_upper = (level >> bit) & 1 == 1
        lower = np.sort(keys[~is_upper])
        upper, base = keys[is_upper], (level[is_upper] >> (bit + 1)) * size
        before = np.searchsorted(lower, base)
        for side in ("left", "right"):
            found[is_upper] += (np.searchsorted(lower, upper, side) - before) / 2
    return found, np.bincount(level)[level]


def _single_output(output, known) -> str:
    return "" if output.shape == (1,) else "it takes one value a row"


def _metric(key, title, summary, form, formula, source, example, **more) -> Metric:
    settings = {"direction": "maximize", "range": (-1.0, 1.0), **more}
    return Metric(
        key=key,
        title=title,
        summary=summary,
        kinds=("values",),
        takes="values",
        form=form,
        formula=formula,
        source=source,
        example=example,
        **settings,
    )


METRICS = [
    _metric(
        "spearman",
        "Spearman's rank correlation",
        "Correlation of the ranks of predictions and labels; equal values share the "
        "mean of their ranks. Predictions that are all equal score 0.",
        RankCorrelation(),
        r"\frac{\mathrm{Cov}(R_y, R_{\hat y})}{\sigma(R_y)\,\sigma(R_{\hat y})}",
        "Spearman: The proof and measurement of association between two things, "
        "Am. J. Psychol. 15, 1904",
        Example(
            [1.0, 2.0, 3.0],
            [10.0, 30.0, 20.0],
            1 / 2,
            "Ranks 1 2 3 and 1 3 2: 1 − 6 · 2 / (3 · 8).",
        ),
        lacks=constant_target,
    ),
    _metric(
        "pearson",
        "Pearson correlation",
        "Linear correlation of predictions and labels. Predictions that are all equal "
        "score 0.",
        Terms(_moments, _correlation, _correlation_direct),
        r"\frac{\mathrm{Cov}(y, \hat y)}{\sigma(y)\,\sigma(\hat y)}",
        "Pearson: Notes on regression and inheritance, Proc. R. Soc. London 58, 1895",
        Example(
            [1.0, 2.0, 3.0],
            [1.0, 3.0, 2.0],
            1 / 2,
            "Less their means −1 0 1 and −1 1 0: 1 / √(2 · 2).",
        ),
        lacks=constant_target,
    ),
    _metric(
        "concordance",
        "Concordance index",
        "Share of the pairs with different labels whose predictions are in the same "
        "order; equal predictions count half.",
        Concordance(),
        r"P(\hat y_i > \hat y_j \mid y_i > y_j) "
        r"+ \tfrac{1}{2} P(\hat y_i = \hat y_j \mid y_i > y_j)",
        "Harrell et al.: Evaluating the Yield of Medical Tests, JAMA 247, 1982",
        Example(
            [1.0, 2.0, 3.0],
            [1.0, 3.0, 3.0],
            5 / 6,
            "Of three pairs, two are right and one is even: 2.5 / 3.",
        ),
        range=(0.0, 1.0),
        lacks=constant_target,
        demands=_single_output,
    ),
    _metric(
        "median_ae",
        "Median absolute error",
        "Median of the absolute errors, in the target's unit.",
        MedianError(),
        r"\mathrm{median}_i\, |\hat y_i - y_i|",
        "Rousseeuw, Leroy: Robust Regression and Outlier Detection, 1987",
        Example([1.0, 2.0, 4.0], [2.0, 2.0, 1.0], 1.0, "The errors are 0, 1 and 3."),
        direction="minimize",
        range=(0.0, float("inf")),
    ),
]
