"""A million rows for metrics that scikit-learn or SciPy has: time, and the same number.

Lists and masks, of several numbers a row, are a hundred thousand.
"""

from benchmarks.workbench import medians
from scoring import metrics
from tests.scoring.metrics.references import CASES, classes_of, data

ROWS, FEWER, TIMES = 1_000_000, 100_000, 3
OWN = ("map_at_k", "mrr", "smape", "mase")  # neither library has them


def lines(bench):
    """Our milliseconds and theirs, and how far the numbers are apart."""
    seen = set()
    for key, known, shape, reference in CASES:
        if key in OWN or (key, shape) in seen:
            continue
        seen.add((key, shape))
        rows = FEWER if shape in ("lists", "masks") else ROWS
        y_true, y_pred = data(shape, rows, 3)  # of this seed, values are one column
        settings = {"n_classes": classes_of(shape), **known}

        def ours(key=key, given=(y_true, y_pred), settings=settings):
            return metrics.get(key).function(*given, **settings)

        def theirs(reference=reference, given=(y_true, y_pred)):
            return reference(*given)

        taken = medians({"ours_ms": ours, "reference_ms": theirs}, TIMES)
        kind = getattr(shape, "__name__", shape)
        line = {"metric": key, "data": kind, "rows": rows, **taken}
        yield {**line, "difference": abs(ours() - theirs())}
