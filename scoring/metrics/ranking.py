"""Metrics of ranked lists: one row, or one group of rows, is one list of items."""

from __future__ import annotations

from math import log2

import numpy as np

from scoring.metrics.forms import Terms, ratio
from scoring.metrics.metric import Example, Metric, Parameter

KINDS = ("probabilities", "scores", "multilabel", "values")


def _relevances(y_true, y_score):
    """How relevant each item of each list is; of classes, the true one alone."""
    if y_true.ndim == 1 and y_score.ndim == 2:
        return (y_true[:, None] == np.arange(y_score.shape[1])).astype(np.float64)
    return y_true.reshape(len(y_true), -1).astype(np.float64)


def _in_order(y_true, y_score, k):
    """Relevances and numbers of each list's first k items, the largest number first."""
    relevances = _relevances(y_true, y_score)
    y_score = y_score.reshape(len(relevances), -1)
    order = np.argsort(-y_score, axis=1, kind="stable")  # equal: as they stand
    return relevances, np.take_along_axis(relevances, order[:, : int(k)], axis=1)


def _average_precision(y_true, y_score, k, **_):
    everything, first = _in_order(y_true, y_score, k)
    hits = first > 0
    precision = np.cumsum(hits, axis=1) / np.arange(1, hits.shape[1] + 1)
    wanted = np.minimum((everything > 0).sum(axis=1), int(k))
    return ratio((precision * hits).sum(axis=1), wanted)


def _reciprocal_rank(y_true, y_score, **_):
    if y_true.ndim == 1 and y_score.ndim == 2:
        return 1.0 / _rank_of_truth(y_true, y_score)
    _, ordered = _in_order(y_true, y_score, y_score[0].size)
    hits = ordered > 0
    return np.where(hits.any(axis=1), 1.0 / (1 + hits.argmax(axis=1)), 0.0)


def _rank_of_truth(y_true, y_score):
    """The place of the true class; of equal numbers the earlier class stands first."""
    of_truth = y_score[np.arange(len(y_true)), y_true][:, None]
    earlier = np.arange(y_score.shape[1]) < y_true[:, None]
    before = (y_score > of_truth) | ((y_score == of_truth) & earlier)
    return 1 + before.sum(axis=1)


def _gain(y_true, y_score, k, **_):
    relevances = _relevances(y_true, y_score)
    y_score = np.asarray(y_score, dtype=np.float64).reshape(len(relevances), -1)
    discounts = 1.0 / np.log2(np.arange(2, relevances.shape[1] + 2))
    discounts[int(k) :] = 0.0
    best = -np.sort(-relevances, axis=1) @ discounts
    return ratio(_discounted(relevances, y_score, discounts), best)


def _discounted(relevances, y_score, discounts):
    """Discounted gains; items with equal numbers share the mean of their discounts."""
    order = np.argsort(-y_score, axis=1)
    y_score = np.take_along_axis(y_score, order, axis=1)
    relevances = np.take_along_axis(relevances, order, axis=1)
    begins = np.ones(y_score.shape, dtype=bool)
    begins[:, 1:] = y_score[:, 1:] != y_score[:, :-1]
    if begins.all():
        return relevances @ discounts
    starts = np.flatnonzero(begins)
    sizes = np.diff(np.append(starts, begins.size))
    gains = np.add.reduceat(relevances.ravel(), starts)
    shared = np.add.reduceat(np.tile(discounts, len(y_score)), starts) / sizes
    rows = starts // y_score.shape[1]
    return np.bincount(rows, weights=gains * shared, minlength=len(y_score))


def _negative(y_true, **_):
    below = int((y_true < 0).sum()) if y_true.ndim > 1 else 0
    return f"{below} relevance(s) are below 0" if below else ""


def _lists_of_one(output, known) -> str:
    if output.kind != "values" or known.get("group") or np.prod(output.shape) > 1:
        return ""
    return "lists of one item have no order: name group, the column of the list's name"


def _metric(key, title, summary, form, formula, source, example, **more) -> Metric:
    return Metric(
        key=key,
        title=title,
        summary=summary,
        direction="maximize",
        kinds=KINDS,
        range=(0.0, 1.0),
        takes="probabilities",
        form=form,
        formula=formula,
        source=source,
        example=example,
        demands=_lists_of_one,
        lists=True,
        **more,
    )


FIRST = Parameter(10, "how many items of a list count", low=1, whole=True)
LISTS = [[1, 0, 1, 0], [0, 1, 0, 0]], [[0.9, 0.8, 0.7, 0.1], [0.9, 0.8, 0.7, 0.1]]

METRICS = [
    _metric(
        "map_at_k",
        "Mean average precision at k",
        "Mean over the lists of the precision down to each relevant item among the "
        "first k. A list without relevant items counts 0; of equal numbers the earlier "
        "item stands first.",
        Terms(_average_precision),
        r"\frac{1}{n}\sum_i \frac{1}{\min(R_i, k)} \sum_{j \le k} P_i(j)\,[r_{ij} > 0]",
        "Manning, Raghavan, Schütze: Introduction to Information Retrieval, 2008, "
        "chapter 8",
        Example(
            *LISTS,
            ((1 + 2 / 3) / 2 + 1 / 2) / 2,
            "The first list has 1 and 2/3, the second 1/2.",
        ),
        parameters={"k": FIRST},
    ),
    _metric(
        "ndcg_at_k",
        "Normalised discounted cumulative gain at k",
        "Relevance of the first k items, discounted by the logarithm of their place, "
        "as a share of the best order's. Items with equal numbers share their places; "
        "a list without relevant items counts 0.",
        Terms(_gain),
        r"\frac{1}{n}\sum_i \frac{\sum_{j \le k} r_{ij} / \log_2(j + 1)}"
        r"{\sum_{j \le k} r^*_{ij} / \log_2(j + 1)}",
        "Järvelin, Kekäläinen: Cumulated gain-based evaluation of IR techniques, "
        "ACM TOIS 20, 2002",
        Example(
            [[3.0, 0.0, 1.0]],
            [[0.9, 0.8, 0.7]],
            (3 + 1 / 2) / (3 + 1 / log2(3)),
            "3 and 1/2, where the best order has 3 and 1 / log₂ 3.",
        ),
        parameters={"k": FIRST},
        lacks=_negative,
    ),
    _metric(
        "mrr",
        "Mean reciprocal rank",
        "Mean over the lists of one over the place of the first relevant item. A list "
        "without relevant items counts 0; of equal numbers the earlier item stands "
        "first.",
        Terms(_reciprocal_rank),
        r"\frac{1}{n}\sum_i \frac{1}{\mathrm{rank}_i}",
        "Voorhees: The TREC-8 Question Answering Track Report, 1999",
        Example(*LISTS, (1 + 1 / 2) / 2, "First and second place: (1 + 1/2) / 2."),
    ),
]
