"""The supervisor: restarts what dies, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """
import sys
sys.path.insert(0, "platform")
from podium.site.supervisor import Process, Supervisor
supervisor = Supervisor()
for name in ("first", "second"):
    code = f"import os, time; print('{name} is', os.getpid(), flush=True)"
    code += "; time.sleep(99)"
    supervisor.add(Process(name, [sys.executable, "-c", code]))
supervisor.run()
supervisor.stop()
"""


@pytest.fixture
def running():
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    yield process
    process.kill()


def pids(process, count):
    """The next process ids that children print, by name."""
    found = {}
    while len(found) < count:
        name, _, text = process.stdout.readline().partition("|")
        if " is " in text:
            found[name.strip()] = int(text.split()[-1])
    return found


def is_gone(pid):
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists():
            return True
        time.sleep(0.05)
    return False


def test_prefixes_each_line_with_its_process(running):
    assert set(pids(running, 2)) == {"first", "second"}


def test_starts_again_what_was_killed(running):
    before = pids(running, 2)

    os.kill(before["second"], signal.SIGKILL)

    assert pids(running, 1)["second"] != before["second"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_ends_all_when_it_ends(running, number):
    children = pids(running, 2)

    running.send_signal(number)
    running.wait(10)

    assert all(is_gone(pid) for pid in children.values())
