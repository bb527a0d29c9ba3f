"""What is done around each child, layers or none: and what would happen without it."""

import os
import signal
import time
from pathlib import Path
from unittest import mock

import pytest

from scoring.sandbox import SandboxUnavailable, predict, runner, server, watch
from scoring.sandbox.confinement import ENVIRONMENT, REQUIRED
from tests.scoring.contracts import classes_contract
from tests.scoring.sandbox import attacked
from tests.scoring.sandbox.attacks import LAYERS
from tests.scoring.sandbox.model_rows import ROWS

pytestmark = pytest.mark.needs("sandbox")

# Layers that would hide what is to be seen here: /proc of one's own, and all files.
OPEN = ("own root", "landlock")


def outcome(attack, without=OPEN, main="main"):
    with (
        attacked.battlefield() as target,
        attacked.attackers(without, main) as held,
    ):
        return attacked.outcome(held, attack, target, without)


class TestDescriptors:
    def test_of_the_server_are_closed(self):
        assert outcome("find_a_descriptor") == "PermissionError"

    def test_would_be_found_otherwise(self):
        assert outcome("find_a_descriptor", main="main_that_closes_nothing") == "worked"


class TestEnvironment:
    @pytest.fixture(autouse=True)
    def password(self, monkeypatch):
        monkeypatch.setenv("PODIUM_DATABASE_URL", attacked.PASSWORD)

    def test_tells_nothing_of_the_worker(self):
        assert outcome("find_a_secret") == "PermissionError"

    def test_would_tell_otherwise(self):
        everything = {**os.environ, **ENVIRONMENT}
        with mock.patch.object(server, "environment", lambda device: everything):
            assert outcome("find_a_secret") == "worked"


class TestSession:
    def test_is_the_childs_own(self):
        assert outcome("share_a_session") == "PermissionError"

    def test_would_be_shared_otherwise(self):
        assert outcome("share_a_session", main="main_without_sessions") == "worked"


class TestKill:
    def sleeper(self):
        """Whether what a child left behind, with no layer at all, outlives it."""
        with (
            attacked.battlefield() as target,
            attacked.attackers(LAYERS) as held,
        ):
            assert attacked.outcome(held, "leave_a_sleeper", target, LAYERS) == "worked"
            pid = int((Path(target["open_folder"]) / "sleeper").read_text())
            return pid, is_asleep(pid)

    def test_takes_the_whole_tree(self):
        _, is_there = self.sleeper()

        assert not is_there

    def test_would_leave_strays_otherwise(self):
        with mock.patch.object(watch, "family", lambda pid: [pid]):
            pid, is_there = self.sleeper()
        os.kill(pid, signal.SIGKILL)

        assert is_there


def is_asleep(pid):
    """Whether a process still lives a moment after it should have been killed."""
    until = time.monotonic() + 1
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return False
        if state == "Z":
            return False
        time.sleep(0.02)
    return True


class TestStrict:
    @pytest.mark.parametrize("layer", REQUIRED)
    def test_runs_nothing_without_a_required_layer(self, make_job, monkeypatch, layer):
        monkeypatch.setattr(runner, "WITHOUT", (layer,))

        with pytest.raises(SandboxUnavailable, match=f"{layer}: left out"):
            predict(make_job("float.tflite", classes_contract()))

    def test_is_a_choice(self, make_job, monkeypatch):
        monkeypatch.setattr(runner, "WITHOUT", ("landlock",))

        run = predict(make_job("float.tflite", classes_contract(), sandbox="unsafe"))

        assert len(run.predictions) == ROWS
