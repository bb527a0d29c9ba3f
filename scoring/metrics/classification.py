"""Metrics of the predicted class."""

from __future__ import annotations

import numpy as np

from scoring.metrics.forms import Counts, Tally, Terms, ratio
from scoring.metrics.lacks import one_class_only
from scoring.metrics.metric import Example, Metric, Parameter

CLASSIFICATION = ("probabilities", "scores", "labels")
BY_CLASS = (*CLASSIFICATION, "multilabel")
AVERAGES = ("binary", "macro", "micro", "weighted")

AVERAGE = Parameter(
    "binary",
    "binary: of the last of two classes; macro: mean over the classes; micro: over all "
    "counts together; weighted: mean over the classes by their rows",
    choices=AVERAGES,
)


def averaged(values, above, below, actual, average) -> np.ndarray:
    """One number from those of the classes; `above / below` over all is the micro."""
    if average == "binary":
        return values[..., -1]
    if average == "macro":
        return values.mean(axis=-1)
    if average == "micro":
        return ratio(above.sum(axis=-1), below.sum(axis=-1))
    return ratio((values * actual).sum(axis=-1), actual.sum(axis=-1))


def by_class(above, below):
    """The finish of a metric that is a quotient of counts in each class."""

    def finish(tally: Tally, average="macro", **known):
        up, down = above(tally, **known), below(tally, **known)
        return averaged(ratio(up, down), up, down, tally.actual, average)

    return Counts(finish)


def fixed(form: Counts, **always) -> Counts:
    """The same form with some parameters given."""
    return Counts(lambda tally, **known: form.finish(tally, **{**known, **always}))


def _right(tally: Tally, **_):
    return tally.right


def _f_below(tally: Tally, beta, **_):
    return (beta**2 * tally.actual + tally.predicted) / (1 + beta**2)


def _needs_average(output, known) -> str:
    if known["average"] != "binary":
        return ""
    if not output.multilabel and len(output.classes) == 2:
        return ""
    things = "columns" if output.multilabel else "classes"
    return f"with these {things} it needs average: macro, micro or weighted"


PRECISION = by_class(_right, lambda tally, **_: tally.predicted)
RECALL = by_class(_right, lambda tally, **_: tally.actual)
F_BETA = by_class(_right, _f_below)
F1 = fixed(F_BETA, beta=1.0)
JACCARD = by_class(_right, lambda t, **_: t.predicted + t.actual - t.right)


def _balanced(tally: Tally, **_):
    present = tally.actual > 0
    recalls = ratio(tally.right, tally.actual)
    return ratio(recalls.sum(axis=-1), present.sum(axis=-1))


def _mcc(tally: Tally, **_):
    total = tally.actual.sum(axis=-1)
    chance = (tally.actual * tally.predicted).sum(axis=-1)
    spread = [
        total**2 - np.square(each).sum(axis=-1)
        for each in (tally.actual, tally.predicted)
    ]
    above = tally.right.sum(axis=-1) * total - chance
    return ratio(above, np.sqrt(spread[0]) * np.sqrt(spread[1]))


def _kappa(tally: Tally, **_):
    total = tally.actual.sum(axis=-1)
    chance = (tally.actual * tally.predicted).sum(axis=-1) / total
    return ratio(tally.right.sum(axis=-1) - chance, total - chance)


def _quadratic_kappa(tally: Tally, n_classes, **_):
    total, index = tally.actual.sum(axis=-1), np.arange(n_classes)
    first = [each @ index for each in (tally.actual, tally.predicted)]
    second = [each @ index**2 for each in (tally.actual, tally.predicted)]
    chance = second[0] + second[1] - 2 * first[0] * first[1] / total
    return ratio(chance - tally.spread, chance)


def _metric(key, title, summary, form, formula, source, example, **more) -> Metric:
    settings = {
        "direction": "maximize",
        "kinds": CLASSIFICATION,
        "range": (0.0, 1.0),
        "takes": "classes",
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


def _averaged_metric(key, title, summary, form, formula, source, example, **more):
    parameters = {"average": AVERAGE, **more.pop("parameters", {})}
    return _metric(
        key,
        title,
        summary,
        form,
        formula,
        source,
        example,
        kinds=BY_CLASS,
        parameters=parameters,
        demands=_needs_average,
        **more,
    )


TRUE, GUESS = [0, 0, 1, 1, 1, 1], [0, 1, 1, 1, 1, 0]  # TP 3, FP 1, FN 1, TN 1
THREE, TAKEN = [0, 0, 1, 1, 2, 2], [0, 1, 1, 1, 2, 0]
# Class 0: TP 1, FP 1, FN 1. Class 1: TP 2, FP 1, FN 0. Class 2: TP 1, FP 0, FN 1.
RIJSBERGEN = "C. J. van Rijsbergen: Information Retrieval, 1979, chapter 7"
MANNING = "Manning, Raghavan, Schütze: Introduction to Information Retrieval, 2008"


METRICS = [
    _metric(
        "accuracy",
        "Accuracy",
        "Share of rows whose predicted class is the true one.",
        Terms(lambda y_true, y_pred, **_: y_true == y_pred),
        r"\frac{1}{n}\sum_i [\hat y_i = y_i]",
        f"{MANNING}, chapter 8",
        Example([0, 1, 2, 2], [0, 2, 2, 2], 3 / 4, "Three of four rows are right.", 3),
    ),
    _metric(
        "balanced_accuracy",
        "Balanced accuracy",
        "Share of a class's rows that is right, its mean over the classes that have "
        "rows.",
        Counts(_balanced),
        r"\frac{1}{|K|}\sum_{k \in K} "
        r"\frac{\mathrm{TP}_k}{\mathrm{TP}_k + \mathrm{FN}_k}",
        "Brodersen et al.: The Balanced Accuracy and Its Posterior, ICPR 2010",
        Example(
            THREE, TAKEN, 2 / 3, "1 of 2, 2 of 2 and 1 of 2 rows: their mean is 2/3.", 3
        ),
    ),
    _averaged_metric(
        "precision",
        "Precision",
        "Of the rows that are predicted to be of a class, the share that is.",
        PRECISION,
        r"\frac{\mathrm{TP}}{\mathrm{TP} + \mathrm{FP}}",
        f"{MANNING}, chapter 8",
        Example(TRUE, GUESS, 3 / 4, "Four rows are said to be positive, three are.", 2),
    ),
    _averaged_metric(
        "recall",
        "Recall",
        "Of the rows of a class, the share that is predicted to be.",
        RECALL,
        r"\frac{\mathrm{TP}}{\mathrm{TP} + \mathrm{FN}}",
        f"{MANNING}, chapter 8",
        Example(TRUE, GUESS, 3 / 4, "Four rows are positive, three are found.", 2),
    ),
    _averaged_metric(
        "f1",
        "F1",
        "Harmonic mean of precision and recall.",
        F1,
        r"\frac{2 \mathrm{TP}}{2 \mathrm{TP} + \mathrm{FP} + \mathrm{FN}}",
        RIJSBERGEN,
        Example(
            [0, 0, 1, 1, 1],
            [0, 1, 1, 1, 0],
            2 / 3,
            "TP 2, FP 1 and FN 1: 2 · 2 / (2 · 2 + 1 + 1) = 2/3.",
            2,
        ),
    ),
    _averaged_metric(
        "f_beta",
        "F-beta",
        "Harmonic mean of precision and recall in which recall counts beta times.",
        F_BETA,
        r"\frac{(1 + \beta^2) \mathrm{TP}}"
        r"{(1 + \beta^2) \mathrm{TP} + \mathrm{FP} + \beta^2 \mathrm{FN}}",
        RIJSBERGEN,
        Example(
            [0, 0, 1, 1, 1],
            [0, 1, 1, 1, 1],
            15 / 16,
            "TP 3, FP 1 and FN 0: 5 · 3 / (5 · 3 + 1) = 15/16.",
            2,
            {"beta": 2.0},
        ),
        parameters={
            "beta": Parameter(2.0, "how often recall counts", low=0.0, above=True)
        },
    ),
    _metric(
        "macro_f1",
        "Macro F1",
        "Mean over the classes of each one's F1. A class without rows counts as 0.",
        fixed(F1, average="macro"),
        r"\frac{1}{K}\sum_k \frac{2 \mathrm{TP}_k}"
        r"{2 \mathrm{TP}_k + \mathrm{FP}_k + \mathrm{FN}_k}",
        RIJSBERGEN,
        Example(THREE, TAKEN, 59 / 90, "The F1 are 1/2, 4/5 and 2/3.", 3),
        kinds=BY_CLASS,
    ),
    _metric(
        "micro_f1",
        "Micro F1",
        "F1 of the counts of all classes together; with one class a row, the accuracy.",
        fixed(F1, average="micro"),
        r"\frac{2 \sum_k \mathrm{TP}_k}"
        r"{\sum_k (2 \mathrm{TP}_k + \mathrm{FP}_k + \mathrm{FN}_k)}",
        RIJSBERGEN,
        Example(
            THREE, TAKEN, 2 / 3, "Four of six rows are right: TP 4, FP 2 and FN 2.", 3
        ),
        kinds=BY_CLASS,
    ),
    _metric(
        "weighted_f1",
        "Weighted F1",
        "Mean over the classes of each one's F1, by the number of their rows.",
        fixed(F1, average="weighted"),
        r"\sum_k \frac{n_k}{n} \frac{2 \mathrm{TP}_k}"
        r"{2 \mathrm{TP}_k + \mathrm{FP}_k + \mathrm{FN}_k}",
        RIJSBERGEN,
        Example(
            [0, 0, 0, 1],
            [0, 0, 1, 1],
            0.75 * 0.8 + 0.25 * 2 / 3,
            "The F1 are 4/5 with three rows and 2/3 with one.",
            2,
        ),
        kinds=BY_CLASS,
    ),
    _metric(
        "mcc",
        "Matthews correlation coefficient",
        "Correlation of the predicted with the true classes.",
        Counts(_mcc),
        r"\frac{c\,n - \sum_k p_k t_k}"
        r"{\sqrt{(n^2 - \sum_k p_k^2)(n^2 - \sum_k t_k^2)}}",
        "Gorodkin: Comparing two K-category assignments by a K-category correlation "
        "coefficient, Comput. Biol. Chem. 28, 2004; c counts the rows that are right, "
        "p and t those predicted and true of each class",
        Example(
            [0, 0, 1, 1],
            [0, 1, 1, 1],
            (3 * 4 - (2 * 1 + 2 * 3)) / np.sqrt((16 - 10) * (16 - 8)),
            "3 of 4 rows are right: (12 − 8) / √(6 · 8).",
            2,
        ),
        range=(-1.0, 1.0),
        lacks=one_class_only,
    ),
    _metric(
        "cohen_kappa",
        "Cohen's kappa",
        "Agreement beyond what chance gives, as a share of what it leaves.",
        Counts(_kappa),
        r"\frac{p_o - p_e}{1 - p_e}, \quad p_e = \sum_k \frac{t_k p_k}{n^2}",
        "Cohen: A Coefficient of Agreement for Nominal Scales, "
        "Educ. Psychol. Meas. 20, 1960",
        Example(
            [0, 0, 1, 1],
            [0, 1, 1, 1],
            1 / 2,
            "p_o is 3/4, p_e (2 · 1 + 2 · 3) / 16.",
            2,
        ),
        range=(-1.0, 1.0),
        lacks=one_class_only,
    ),
    _metric(
        "quadratic_kappa",
        "Quadratic weighted kappa",
        "Cohen's kappa of classes in order; being two classes off counts four times.",
        Counts(_quadratic_kappa),
        r"1 - \frac{\sum_{jk} (j - k)^2 O_{jk}}{\sum_{jk} (j - k)^2 t_j p_k / n}",
        "Cohen: Weighted kappa, Psychol. Bull. 70, 1968",
        Example(
            [0, 1, 2],
            [0, 1, 1],
            1 - 1 / 3,
            "One row is one class off: 1. By chance it would be 3.",
            3,
        ),
        range=(-1.0, 1.0),
        lacks=one_class_only,
    ),
    _averaged_metric(
        "jaccard",
        "Jaccard index",
        "Rows of a class that are found, among those that are of it or said to be.",
        JACCARD,
        r"\frac{\mathrm{TP}}{\mathrm{TP} + \mathrm{FP} + \mathrm{FN}}",
        "Jaccard: The Distribution of the Flora in the Alpine Zone, "
        "New Phytologist 11, 1912",
        Example(TRUE, GUESS, 3 / 5, "TP 3, FP 1 and FN 1.", 2),
    ),
    _metric(
        "hamming",
        "Hamming loss",
        "Share of labels that are wrong: of rows, or of all cells of several columns.",
        Terms(lambda y_true, y_pred, **_: y_true != y_pred),
        r"\frac{1}{n L}\sum_{il} [\hat y_{il} \neq y_{il}]",
        "Tsoumakas, Katakis: Multi-Label Classification, IJDWM 3, 2007",
        Example([[1, 0], [0, 1]], [[1, 1], [0, 1]], 1 / 4, "One of four is wrong.", 2),
        direction="minimize",
        kinds=BY_CLASS,
    ),
]
