"""Every metric on a million rows against scikit-learn or SciPy: time, and the numbers.

The references are those of the tests. Where one goes through rows in a Python loop, or
through pairs of rows, both get fewer rows.
"""

from benchmarks.workbench import medians
from scoring import metrics
from tests.scoring.metrics.references import CASES, classes_of, data

ROWS, TIMES = 1_000_000, 3
FEWER_ROWS = {
    **dict.fromkeys(("map_at_k", "ndcg_at_k", "mrr", "dice", "iou"), 20_000),
    "concordance": 2_000,
}


def lines(bench):
    """Our milliseconds and theirs, and how far the numbers are apart."""
    for key, known, shape, reference in CASES:
        rows = FEWER_ROWS.get(key, ROWS)
        y_true, given = data(shape, rows, 1)
        known = {"n_classes": classes_of(shape), **known}

        def ours(key=key, y_true=y_true, given=given, known=known):
            return metrics.get(key).function(y_true, given, **known)

        def theirs(reference=reference, y_true=y_true, given=given):
            return reference(y_true, given)

        told = {"metric": key, "rows": rows}
        told |= {"parameters": {n: v for n, v in known.items() if n != "n_classes"}}
        taken = medians({"ours_ms": ours, "reference_ms": theirs}, TIMES)
        faster = round(taken["reference_ms"] / max(taken["ours_ms"], 0.1), 1)
        apart = abs(ours() - theirs())
        yield {**told, **taken, "times_faster": faster, "difference": apart}
