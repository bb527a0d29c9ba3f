"""Runs several processes as one: prefixed output, restarts, one end for all."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field

PR_SET_PDEATHSIG = 1  # prctl(2)
_libc = ctypes.CDLL(None, use_errno=True)

LONGEST_PAUSE_S = 30
STEADY_S = 60  # a process that ran this long starts again without a pause
GRACE_S = 20


def _die_with_parent() -> None:
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Process:
    """One command that is kept running."""

    name: str
    command: list[str]
    env: dict[str, str] = field(default_factory=dict)
    failures: int = 0
    started: float = 0.0
    start_at: float = 0.0
    popen: subprocess.Popen | None = None

    def start(self) -> None:
        self.started = time.monotonic()
        self.popen = subprocess.Popen(
            self.command,
            env={**os.environ, **self.env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )
        threading.Thread(target=self._print, args=[self.popen], daemon=True).start()

    def _print(self, popen: subprocess.Popen) -> None:
        for line in popen.stdout:
            text = line.decode(errors="replace").rstrip()
            sys.stdout.write(f"{self.name:<10} | {text}\n")
            sys.stdout.flush()

    def send(self, number: int) -> None:
        """Signal the whole group; one that is gone needs none."""
        if self.popen:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.popen.pid, number)

    def keep_running(self) -> None:
        """Notice an end, and start again after a pause that grows with failures."""
        now = time.monotonic()
        if self.popen and self.popen.poll() is not None:
            self.send(signal.SIGKILL)  # what it may have left behind
            lived = now - self.started
            self.failures = 0 if lived > STEADY_S else self.failures + 1
            pause = (
                min(2 ** (self.failures - 1), LONGEST_PAUSE_S) if self.failures else 0
            )
            _say(
                f"{self.name} ended with {self.popen.returncode}; "
                f"it starts again in {pause} s"
            )
            self.popen, self.start_at = None, now + pause
        if self.popen is None and now >= self.start_at:
            self.start()


def _say(text: str) -> None:
    sys.stdout.write(f"{'podium':<10} | {text}\n")
    sys.stdout.flush()


class Supervisor:
    """Keeps processes running until SIGTERM or Ctrl-C, then ends them all."""

    def __init__(self):
        self.processes: list[Process] = []
        self.told = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: self.told.set())
        if "MAKELEVEL" in os.environ:  # `make` killed outright must not leave us
            _die_with_parent()

    def add(self, process: Process) -> Process:
        process.start()
        self.processes.append(process)
        return process

    def run(self, poll_s: float = 0.2) -> None:
        """Keep everything running until told to stop."""
        while not self.told.wait(poll_s):
            for process in self.processes:
                process.keep_running()

    def wait_until(self, ready, timeout_s: float) -> bool:
        """Keep everything running until `ready()`; False when told to stop or late."""
        end = time.monotonic() + timeout_s
        while time.monotonic() < end and not self.told.is_set():
            if ready():
                return True
            for process in self.processes:
                process.keep_running()
            self.told.wait(0.1)
        return False

    def stop(self) -> None:
        """End all at once but the first, the broker, which ends when they have."""
        self._end(self.processes[1:])
        self._end(self.processes[:1])

    def _end(self, processes: list[Process]) -> None:
        end = time.monotonic() + GRACE_S
        for process in processes:
            process.send(signal.SIGTERM)
        for process in processes:
            if process.popen:
                try:
                    process.popen.wait(max(0.1, end - time.monotonic()))
                except subprocess.TimeoutExpired:
                    _say(f"{process.name} did not end in time and is killed")
            process.send(signal.SIGKILL)
