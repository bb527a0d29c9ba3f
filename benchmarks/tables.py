"""A file of a million predictions: read, checked and scored, against the libraries."""

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import csv, parquet
from sklearn.metrics import log_loss

from benchmarks.workbench import medians
from scoring import metrics
from scoring.contract import Contract
from scoring.sandbox import Job, Limits, predict
from scoring.tensors import write_tensors

ROWS, CLASSES, TIMES = 1_000_000, 10, 3


def lines(bench):
    """For CSV and Parquet: our whole way, and reading plus the metric alone."""
    names = [f"class_{number}" for number in range(CLASSES)]
    random = np.random.default_rng(1)
    prob = random.dirichlet(np.ones(CLASSES), ROWS).round(6)
    y_true = random.integers(0, CLASSES, ROWS)
    ids = np.arange(ROWS).astype(str).astype(object)
    write_tensors(bench.folder / "ids", {"ids": ids})
    columns = dict(zip(names, prob.T, strict=True))
    table = pa.table({"id": np.arange(ROWS), **columns})
    csv.write_csv(table, bench.folder / "p.csv")
    parquet.write_table(table, bench.folder / "p.parquet")
    for format in ("csv", "parquet"):
        job = job_of(bench, format, names)
        path = bench.folder / f"p.{format}"
        predict(job)
        taken = medians(
            {
                "ours_ms": lambda job=job: ours(job, y_true),
                "libraries_ms": lambda path=path: theirs(path, names, y_true),
            },
            TIMES,
        )
        ratio = round(taken["ours_ms"] / taken["libraries_ms"], 2)
        yield {"format": format, "rows": ROWS, **taken, "ours_to_libraries": ratio}


def job_of(bench, format, names):
    contract = Contract.from_dict(
        {
            "inputs": {"x": {"columns": ["x"], "dtype": "float32"}},
            "output": {"kind": "probabilities", "classes": names},
            "id": "id",
            "target": "label",
        }
    )
    return Job(
        bench.folder / f"p.{format}",
        format,
        contract,
        bench.folder / "none",
        ROWS,
        Limits(600, 4096, 256),
        ids=bench.folder / "ids",
        scratch=bench.folder / "scratch",
    )


def ours(job, y_true):
    prob = predict(job).predictions
    prob = prob / prob.sum(axis=1, keepdims=True)
    metrics.get("log_loss").function(y_true, prob, n_classes=CLASSES)


def theirs(path, names, y_true):
    read = pd.read_csv if path.suffix == ".csv" else pd.read_parquet
    prob = read(path)[names].to_numpy()
    prob = prob / prob.sum(axis=1, keepdims=True)
    log_loss(y_true, prob, labels=range(CLASSES))
