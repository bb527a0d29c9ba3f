"""The process that reads one file: limits first, then the file, one JSON answer."""

import ctypes
import importlib
import json
import os
import resource
import signal
import sys

MEMORY = 2 << 30
CPU_SECONDS = 60
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38  # prctl(2)


def main(file: str, format: str, walls: str = "") -> None:
    """Read the open file and print what it holds."""
    if walls:
        importlib.import_module(walls).raise_walls(MEMORY, CPU_SECONDS)
    else:
        _limit()
    # Only now: these load large libraries, which is safe behind walls alone.
    readers = importlib.import_module("podium.datasets.profiling.readers")
    with os.fdopen(int(file), "rb") as opened:
        try:
            answer = readers.READERS[format](opened)
        except readers.Fault as fault:
            answer = {"unreadable": str(fault)}
    sys.stdout.write(json.dumps(answer, allow_nan=False))
    sys.stdout.flush()
    os._exit(0)  # what the libraries would do at exit, the walls may forbid


def _limit() -> None:
    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(kind, (most, most))
