"""Runs a case of the corpus as a worker would, and looks at what it left behind."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scoring.artifact import identify
from scoring.errors import SubmissionError
from scoring.sandbox import Job, Limits, predict
from scoring.tensors import write_tensors
from tests.scoring.contracts import classes_contract
from tests.scoring.corpus.cases import TIME
from tests.scoring.processes import runs_in_flight
from tests.scoring.sandbox import model_rows

SHORT_SECONDS, SECONDS, MEMORY_MB, FILE_MB = 1.5, 30, 400, 64
MARKERS = ("/tmp/podium-climbed", "/tmp/podium-popen")


@dataclass(frozen=True)
class Outcome:
    """How a run ended, and what its participant would read."""

    reason: str
    message: str
    detail: str
    printed: str
    seconds: float


def run_case(case, models: Path, folder: Path) -> Outcome:
    """Run one file of the corpus."""
    began = time.monotonic()
    try:
        run = predict(job_of(case, models / case.name, folder))
        told = ("scored", "", "", run.printed)
    except SubmissionError as error:
        told = (error.reason, error.message, error.detail, error.printed)
    return Outcome(*told, time.monotonic() - began)


def job_of(case, artifact: Path, folder: Path) -> Job:
    rows, ids = folder / "rows", folder / "ids"
    if not ids.exists():
        write_tensors(rows, model_rows.TENSORS)
        names = np.array([str(row) for row in range(model_rows.ROWS)], dtype=object)
        write_tensors(ids, {"ids": names})
    seconds = SHORT_SECONDS if TIME in case.reasons else SECONDS
    return Job(
        artifact,
        identify(artifact),
        classes_contract(),
        rows,
        model_rows.ROWS,
        Limits(seconds, MEMORY_MB, FILE_MB),
        ids=ids,
        scratch=folder / "scratch",
    )


def left_behind(models: Path, folder: Path) -> list[str]:
    """Files and processes that a run should have taken with it."""
    left = [str(path) for path in (folder / "scratch").glob("*")]
    left += [
        path for path in (*MARKERS, str(models / "marker")) if os.path.exists(path)
    ]
    return left + [str(pid) for pid in runs_in_flight()]
