"""What a running child uses, as the kernel tells it from outside."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path


def pid_of(handle: int) -> int:
    """The number, here, of the process that a pidfd stands for."""
    for line in Path(f"/proc/self/fdinfo/{handle}").read_text().splitlines():
        if line.startswith("Pid:"):
            return int(line.split()[1])
    raise OSError("the kernel tells no process of this handle")


def own_bytes(pid: int) -> int:
    """Memory of a process and all that it started, without files mapped; 0 when gone.

    Library code counts for nobody: it is there once for all, and comes and goes.
    """
    return sum(_status(each, "RssAnon", "RssShmem") for each in family(pid))


def peak_bytes(pid: int) -> int:
    """The most of it that one process had since its record was reset."""
    return _status(pid, "VmHWM") - _status(pid, "RssFile")


def _status(pid: int, *names: str) -> int:
    total = 0
    with suppress(OSError, ValueError, IndexError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.partition(":")[0] in names:
                total += int(line.split()[1]) * 1024
    return total


def family(pid: int) -> list[int]:
    """A process and its descendants. Confined it has none; without walls it might."""
    found, waiting = [], [pid]
    while waiting:
        each = waiting.pop()
        found.append(each)
        with suppress(OSError):
            for task in os.listdir(f"/proc/{each}/task"):
                children = Path(f"/proc/{each}/task/{task}/children").read_text()
                waiting += map(int, children.split())
    return found


def kill(pid: int) -> None:
    """Kill a session leader, its group, and whatever left the group.

    The leader must not have been waited for yet, or its number may be another's.
    """
    strays = family(pid)[1:]
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    _kill_all(strays)


def kill_strays(pid: int) -> None:
    """Kill all that descends from a process, and not the process."""
    _kill_all(family(pid)[1:])


def _kill_all(pids: list[int]) -> None:
    for each in pids:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(each, signal.SIGKILL)
