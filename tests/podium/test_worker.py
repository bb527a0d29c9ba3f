"""A worker's own life: refusing to start, saying that it lives, losing its device."""

import os
import subprocess
import sys
import threading

import pytest

from competitions import workers
from competitions.models import Worker
from podium import worker
from scoring.sandbox import gpu

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


@pytest.mark.skipif(os.path.exists("/dev/nvidia9"), reason="it is there")
@pytest.mark.parametrize(
    "command", [["-m", "podium.worker"], ["manage.py", "run"]], ids=["worker", "run"]
)
def test_does_not_start_without_its_device(command, tmp_path):
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{ROOT}:{ROOT}/platform",
        "PODIUM_HOME": str(tmp_path),
        "PODIUM_DEVICES": "gpu:9",
        "PODIUM_PORT": "0",
    }

    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert "PODIUM_DEVICES is 'gpu:9', but /dev/nvidia9 is not here" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.django_db
class TestLive:
    @pytest.fixture(autouse=True)
    def quick(self, monkeypatch):
        monkeypatch.setattr(workers, "BEAT_S", 0.01)
        monkeypatch.setattr(worker, "close_old_connections", lambda: None)

    def test_ends_a_worker_whose_device_is_gone(self, monkeypatch):
        monkeypatch.setattr(gpu, "present", lambda: [])
        told = threading.Event()

        worker._live(told, "gpu:0", [])

        assert told.is_set()

    def test_puts_back_on_the_list_what_was_struck_off(self, monkeypatch):
        told, enter = threading.Event(), workers.enter

        def enter_and_end(*arguments):
            enter(*arguments)
            told.set()

        monkeypatch.setattr(workers, "enter", enter_and_end)

        worker._live(told, "cpu", [])

        assert Worker.objects.get().device == "cpu"
