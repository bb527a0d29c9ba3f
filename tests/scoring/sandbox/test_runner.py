"""Real models, honest and hostile, through the one door of the sandbox."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from scoring import errors
from scoring.contract import Contract
from scoring.sandbox import Interrupted, predict, watch
from scoring.sandbox.confinement import ENVIRONMENT, ROOT, code_folders
from tests.scoring.processes import runs_in_flight
from tests.scoring.sandbox.model_rows import ROWS

pytestmark = pytest.mark.needs("sandbox")

FOUR = ["p", "q", "r", "s"]
NUMBERS = {"x": {"columns": FOUR, "dtype": "float32"}}
MIXED = {**NUMBERS, "island": {"columns": ["island"], "dtype": "string"}}
THREE = {"kind": "probabilities", "classes": ["a", "b", "c"]}


def contract_of(inputs=NUMBERS, **output):
    return Contract.from_dict(
        {
            "inputs": inputs,
            "output": {**THREE, **output},
            "id": None if "image" in inputs else "id",
            "target": "label",
        }
    )


IMAGES = contract_of({"image": {"array": "i", "dtype": "float32"}}, classes=["n", "y"])


def inside_of(pid):
    """A process's environment, and what its descriptors are open on."""
    environment = Path(f"/proc/{pid}/environ").read_text()
    return environment, [
        os.readlink(f"/proc/{pid}/fd/{each}") for each in os.listdir(f"/proc/{pid}/fd")
    ]


class TestPredict:
    def test_gives_what_keras_gives_and_the_same_bits_each_time(
        self, make_job, expected
    ):
        stages = []

        run = predict(make_job("dense.keras", contract_of()), stages.append)
        again = predict(make_job("dense.tar.gz", contract_of()))

        assert np.allclose(run.predictions, expected["dense"], atol=1e-6)
        assert run.predictions.tobytes() == again.predictions.tobytes()
        assert run.predictions.dtype == np.float64
        assert stages == ["load", "predict"]
        assert list(run.usage.stages) == stages
        assert 0 < run.usage.seconds < 30
        assert 0 < run.usage.peak_mb < 500
        assert run.printed == ""

    @pytest.mark.parametrize("name", ["mixed.keras", "mixed.zip"])
    def test_feeds_strings_by_name_and_takes_the_named_output(
        self, make_job, expected, name
    ):
        run = predict(make_job(name, contract_of(MIXED, name="species")))

        assert np.allclose(run.predictions, expected["mixed"], atol=1e-6)

    def test_casts_whole_numbers_and_adds_axes_of_length_one(self, make_job, expected):
        run = predict(make_job("images.keras", IMAGES))

        assert np.allclose(run.predictions[:, 1:], expected["images"], atol=1e-6)
        assert run.predictions.shape == (ROWS, 2)

    def test_keeps_what_a_model_prints_from_its_participant(self, make_job):
        run = predict(make_job("talks.zip", contract_of()))

        assert run.printed.startswith("the first row is [")


class TestBadSubmissions:
    def failed(self, job):
        with pytest.raises(errors.SubmissionError) as caught:
            predict(job)
        assert list(job.scratch.iterdir()) == []
        assert runs_in_flight() == []
        return caught.value

    def test_refuses_a_damaged_file(self, make_job):
        error = self.failed(make_job("damaged.keras", contract_of()))

        assert isinstance(error, errors.UnreadableFile)
        assert error.usage.seconds > 0

    def test_lists_contract_and_model_side_by_side(self, make_job):
        error = self.failed(make_job("three_columns.keras", contract_of()))

        assert isinstance(error, errors.WrongSignature)
        assert "takes x float32 (n, 4); answers probabilities (n, 3)" in error.message
        assert "float32 (n, 3)" in error.message.split("Model:")[1]

    def test_counts_nan_for_the_host_only(self, make_job):
        error = self.failed(make_job("nan.zip", contract_of()))

        assert isinstance(error, errors.BadPredictions)
        assert error.message == "The predictions contain NaN or infinity."
        assert "300 row(s)" in error.detail

    def test_tells_what_was_raised_to_the_host_only(self, make_job):
        error = self.failed(make_job("asserts.zip", contract_of()))

        assert isinstance(error, errors.Crashed)
        assert error.message == "The model raised an error while predicting."
        assert "assertion failed" in error.detail
        assert len(error.detail.encode()) <= errors.DETAIL_BYTES

    def test_stops_what_runs_too_long(self, make_job):
        began = time.monotonic()

        error = self.failed(make_job("slow.zip", contract_of(), seconds=1.5))

        assert isinstance(error, errors.TimeLimit)
        assert error.message == (
            "The run was stopped at its limit of 1.5 s while predicting."
        )
        assert 1.5 <= error.usage.seconds < 2.5
        assert time.monotonic() - began < 30

    def test_stops_what_takes_too_much_memory(self, make_job):
        error = self.failed(make_job("hungry.zip", contract_of(), memory_mb=300))

        assert isinstance(error, errors.MemoryLimit)
        assert "more than 300 MB of memory while predicting" in error.message
        assert error.usage.peak_mb < 1500

    def test_refuses_a_file_over_its_limit_without_starting(self, make_job):
        job = make_job("dense.keras", contract_of(), file_mb=0)

        with pytest.raises(errors.FileLimit, match="larger than 0 MB"):
            predict(job)

    @pytest.mark.parametrize(
        ("name", "told"),
        [("lambda.keras", "Lambda layer"), ("reads.zip", "operation ReadFile")],
    )
    def test_refuses_code_and_file_access(self, make_job, name, told):
        error = self.failed(make_job(name, contract_of()))

        assert isinstance(error, errors.RefusedContent)
        assert told in error.message

    def test_hands_out_no_file_that_the_static_check_overlooks(self, make_job):
        error = self.failed(make_job("looks_up.zip", contract_of()))

        assert isinstance(error, errors.Crashed)
        assert "S3CRET" not in error.detail + error.printed


class TestInterruptions:
    def test_ends_a_run_when_asked_to(self, make_job, monkeypatch):
        monkeypatch.setenv("PODIUM_SECRET_KEY", "of the site")
        job = make_job("slow.zip", contract_of(), seconds=60)
        seen = {}

        def on_stage(stage):
            (child,) = runs_in_flight()
            # Without root nobody looks into a child, its own user included.
            seen[stage] = inside_of(child) if os.getuid() == 0 else ("", [])

        with pytest.raises(Interrupted):
            predict(job, on_stage, lambda: "predict" in seen)

        environment, descriptors = seen["load"]
        assert "PODIUM" not in environment and "AWS" not in environment
        known = ("/dev/null", "pipe:", "socket:", str(job.artifact), str(job.scratch))
        # Its own, for a moment: test_around.py shows that the parent's are closed.
        known += ("anon_inode:[landlock", "/dev/urandom", "/proc/", "/scratch")
        known += tuple(code_folders())
        assert [each for each in descriptors if not each.startswith(known)] == []
        assert runs_in_flight() == []
        assert list(job.scratch.iterdir()) == []

    def test_leaves_no_orphan_when_its_worker_is_killed(self, models, tmp_path):
        script = (
            "import sys; from pathlib import Path\n"
            "from scoring.sandbox import Job, Limits, predict\n"
            "from scoring.tensors import write_tensors\n"
            "from tests.scoring.sandbox import model_rows\n"
            "from tests.scoring.sandbox.test_runner import contract_of\n"
            "folder = Path(sys.argv[2])\n"
            "write_tensors(folder / 'rows', model_rows.TENSORS)\n"
            "predict(Job(Path(sys.argv[1]), 'savedmodel', contract_of(),\n"
            "    folder / 'rows', model_rows.ROWS, Limits(60, 2048, 100),\n"
            "    scratch=folder / 'scratch'), lambda stage: print(stage, flush=True))\n"
        )
        worker = subprocess.Popen(
            [sys.executable, "-c", script, str(models / "slow.zip"), str(tmp_path)],
            env={**ENVIRONMENT, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
        )
        while worker.stdout.readline() != b"predict\n":
            assert worker.poll() is None
        *_, child = watch.family(worker.pid)

        worker.send_signal(signal.SIGKILL)
        worker.wait()
        worker.stdout.close()

        deadline = time.monotonic() + 5
        while Path(f"/proc/{child}").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not Path(f"/proc/{child}").exists()
