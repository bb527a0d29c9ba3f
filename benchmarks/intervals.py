"""The cost of a thousand resamples of one score, and of the tiers of a board.

`python -m benchmarks.intervals` prints JSON lines; numbers after it set the rows.
"""

import json
import resource
import sys
import time

import numpy as np

from scoring import metrics
from scoring.metrics.applied import apply
from scoring.statistics.intervals import interval
from scoring.statistics.resampling import Resamples, replicates
from scoring.statistics.tiers import chance_of_first, tiers

ROWS = (1_000, 10_000, 100_000)
KEYS = (
    *("accuracy", "macro_f1", "log_loss", "roc_auc", "rmse"),
    *("roc_auc_ovr", "spearman", "median_ae", "concordance"),
)
TEAMS = (100, 1_000, 10_000)
CLASSES = 10


def lines(rows_of=ROWS):
    """Seconds for the interval of one score, and for the tiers of one board."""
    for rows in rows_of:
        for key in KEYS:
            began, used = time.perf_counter(), time.process_time()
            values = replicates(applied(key, rows), Resamples(1, rows))
            interval(values)
            processor = round(time.process_time() - used, 3)
            line = {"metric": key, "rows": rows, "seconds": since(began)}
            yield {**line, "processor_seconds": processor}
    for teams in TEAMS:
        random = np.random.default_rng(1)
        scores = np.sort(random.normal(size=teams))
        noise = random.standard_normal((teams, 1000), dtype=np.float32)
        values = scores[:, None].astype(np.float32) + noise / 10
        began, used = time.perf_counter(), time.process_time()
        found = tiers(scores, values, "maximize", 10_000)
        processor = round(time.process_time() - used, 3)
        line = {"teams": teams, "tiers": int(found.max()), "seconds": since(began)}
        line["processor_seconds"] = processor
        began = time.perf_counter()
        chance_of_first(values, "maximize")
        yield {**line, "chance_seconds": since(began)}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    yield {"peak_mib": peak}


def applied(key: str, rows: int):
    """A metric on drawn rows of its kind."""
    random, metric = np.random.default_rng(1), metrics.get(key)
    if metric.takes == "values":
        y_true, y_pred = random.normal(size=(2, rows, 1))
        return apply(metric, y_true, y_pred, {})
    n_classes = metric.n_classes or CLASSES
    y_true = random.integers(0, n_classes, rows)
    y_pred = random.random((rows, n_classes))
    y_pred /= y_pred.sum(axis=1, keepdims=True)
    if metric.takes == "classes":
        y_pred = y_pred.argmax(axis=1)
    elif metric.takes == "order":
        y_pred = y_pred[:, -1]
    return apply(metric, y_true, y_pred, {"n_classes": n_classes})


def since(began: float) -> float:
    return round(time.perf_counter() - began, 3)


if __name__ == "__main__":
    for line in lines(tuple(map(int, sys.argv[1:])) or ROWS):
        print(json.dumps({"benchmark": "intervals", **line}), flush=True)
