"""What the engine's tests share: models that are built once, and jobs to run them."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from scoring.artifact import identify
from scoring.sandbox import Job, Limits
from scoring.sandbox.confinement import ENVIRONMENT, ROOT
from scoring.tensors import write_tensors
from tests.scoring.sandbox import model_rows

SECRET = "S3CRET: the private labels"


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    """The folder of built models; test processes side by side share one."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    folder = shared / "models"
    with open(shared / "models.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            _build(folder, shared / "secret.txt")
    return folder


@pytest.fixture(scope="session")
def corpus(models):
    """The same folder with the hostile corpus in it."""
    made = models / "corpus.made"
    with open(models.parent / "models.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            script = Path(__file__).parent / "corpus" / "make.py"
            _run_script(script, models, models.parent / "secret.txt")
            made.touch()
    return models


def _build(folder, secret):
    folder.mkdir()
    secret.write_text(SECRET)
    secret.chmod(0o644)
    _run_script(Path(__file__).parent / "sandbox" / "build_models.py", folder, secret)


def _run_script(script, folder, secret):
    """Build models in a process of its own, which imports TensorFlow."""
    subprocess.run(
        [sys.executable, str(script), str(folder), str(secret)],
        env={**ENVIRONMENT, "HOME": str(folder), "PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
    )


@pytest.fixture
def make_job(models, tmp_path):
    """Make a job for one of the models, on the rows that all of them take."""

    def make(name, contract, seconds=30, memory_mb=2048, file_mb=100, **changes):
        rows = tmp_path / "rows"
        if not rows.exists():
            write_tensors(rows, model_rows.TENSORS)
        artifact = models / name if isinstance(name, str) else name
        settings = {
            "artifact": artifact,
            "format": identify(artifact),
            "contract": contract,
            "inputs": rows,
            "rows": model_rows.ROWS,
            "limits": Limits(seconds, memory_mb, file_mb),
            "scratch": tmp_path / "scratch",
            **changes,
        }
        return Job(**settings)

    return make


@pytest.fixture
def expected(models):
    """What Keras itself predicted, by the model's name."""
    return np.load(models / "expected.npz")
