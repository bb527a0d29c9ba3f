"""A million rows for metrics that scikit-learn has too: time, and the same number."""

import numpy as np
from sklearn import metrics as sklearn

from benchmarks.workbench import medians
from scoring import metrics

ROWS, CLASSES, TIMES = 1_000_000, 10, 3
KINDS = range(CLASSES)


def lines(bench):
    """Our milliseconds and theirs, and how far the numbers are apart."""
    random = np.random.default_rng(1)
    truth, guess = random.integers(0, CLASSES, (2, ROWS))
    prob = random.dirichlet(np.ones(CLASSES), ROWS)
    halves, order = random.integers(0, 2, ROWS), random.random(ROWS)
    real, close = random.normal(size=(2, ROWS, 1))
    theirs = {
        "accuracy": (truth, guess, sklearn.accuracy_score),
        "macro_f1": (
            *(truth, guess),
            lambda y, p: sklearn.f1_score(y, p, labels=KINDS, average="macro"),
        ),
        "log_loss": (
            *(truth, prob),
            lambda y, p: sklearn.log_loss(y, p, labels=KINDS),
        ),
        "roc_auc": (halves, order, sklearn.roc_auc_score),
        "mae": (real, close, sklearn.mean_absolute_error),
        "rmse": (real, close, sklearn.root_mean_squared_error),
    }
    for key, (y_true, given, reference) in theirs.items():
        metric = metrics.get(key)
        known = metrics.parameters({"key": key})
        if metric.takes != "values":
            known["n_classes"] = 2 if key == "roc_auc" else CLASSES

        def ours(metric=metric, y_true=y_true, given=given, known=known):
            return metric.function(y_true, given, **known)

        def plain(reference=reference, y_true=y_true, given=given):
            return reference(y_true, given)

        taken = medians({"ours_ms": ours, "scikit_learn_ms": plain}, TIMES)
        yield {"metric": key, **taken, "difference": abs(ours() - plain())}
