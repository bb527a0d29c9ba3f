"""Which requirements `make venv` takes: told by make itself, with nothing installed."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def told(tmp_path):
    """What `make venv` would do on a machine with some of NVIDIA's files."""

    def ask(*files):
        for name in files:
            (tmp_path / name).touch()
        places = " ".join(str(tmp_path / name) for name in ("nvidia0", "driver"))
        done = subprocess.run(
            ["make", "--dry-run", "venv", f"NVIDIA={places}", f"VENV={tmp_path}/venv"],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    return ask


@pytest.mark.parametrize("file", ["nvidia0", "driver"])
def test_cuda_comes_along_where_there_is_a_device(told, file):
    assert "-r requirements-gpu.txt;" in told(file)


def test_cuda_stays_away_where_there_is_none(told):
    recipe = told()

    assert "-r requirements.txt;" in recipe
    assert "requirements-gpu.txt" not in recipe


def test_both_name_one_tensorflow():
    lines = [
        line.split("#")[0].strip()
        for name in ("requirements.txt", "requirements-gpu.txt")
        for line in (ROOT / name).read_text().splitlines()
    ]
    found = [line for line in lines if line.startswith("tensorflow")]

    versions = {line.split("==")[1] for line in found if "[and-cuda]" in line}
    assert f"tensorflow=={versions.pop()}" in found
