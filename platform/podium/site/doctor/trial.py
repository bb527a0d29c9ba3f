"""A test run: a real Keras model of three numbers, through the sandbox of submissions.

`sum.keras` answers 2 a + 3 b + 1. It was made by
`keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])`, its weights set.
"""

import tempfile
import time
from pathlib import Path

import numpy as np
from django.conf import settings

from podium.site import workforce
from podium.site.doctor.finding import Finding, lacks, ok
from scoring import sandbox
from scoring.contract import Contract
from scoring.sandbox import gpu
from scoring.tensors import write_tensors

MODEL = Path(__file__).with_name("sum.keras")
ROWS = 1_000
CONTRACT = {
    "inputs": {"x": {"columns": ["a", "b"], "dtype": "float32"}},
    "output": {"kind": "values", "width": 1},
    "id": "id",
    "target": "y",
}


def examine(about: str) -> list[Finding]:
    try:
        devices = dict.fromkeys(workforce.devices(settings.DEVICES))
    except ValueError:  # said where devices are
        devices = ["cpu"]
    return [_run(about, device) for device in devices]


def _run(about: str, device: str) -> Finding:
    told = f"a small Keras model on {words_of(device)}"
    try:
        seconds, run, rows = _timed(device)
    except Exception as error:  # whatever it is, models do not run here
        reason = getattr(error, "detail", "") or str(error)
        return lacks(about, f"Running {told} failed: {reason or type(error).__name__}")
    if not np.allclose(run.predictions.ravel(), expected(rows), rtol=1e-3):
        return lacks(about, f"Running {told} gave other numbers than it should.")
    return ok(
        about,
        f"Ran {told} behind all walls, {ROWS} rows: {run.usage.seconds * 1000:.0f} ms "
        f"and {run.usage.peak_mb:.0f} MB, after {seconds - run.usage.seconds:.1f} s to "
        "start the libraries; the numbers are right.",
    )


def _timed(device: str):
    """Seconds in all, what the run gave, and the rows it was given."""
    rows = np.random.default_rng(0).random((ROWS, 2), dtype="float32")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(dir=settings.SCRATCH) as folder:
        inputs = Path(folder) / "rows"
        write_tensors(inputs, {"x": rows})
        run = sandbox.predict(
            sandbox.Job(
                artifact=MODEL,
                format="keras",
                contract=Contract.from_dict(CONTRACT),
                inputs=inputs,
                rows=ROWS,
                limits=sandbox.Limits(seconds=60, memory_mb=2048, file_mb=10),
                device=device,
                scratch=settings.SCRATCH,
                sandbox=settings.SANDBOX,
                runner="fresh",
            )
        )
    return time.monotonic() - began, run, rows


def words_of(device: str) -> str:
    return "the processor" if device == "cpu" else gpu.called(device)


def expected(rows: np.ndarray) -> np.ndarray:
    return 2 * rows[:, 0] + 3 * rows[:, 1] + 1
