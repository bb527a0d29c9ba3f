"""The processes of runs, told apart from what other tests of this process keep."""

import os
from contextlib import suppress
from pathlib import Path

from scoring.sandbox import SandboxFault, fork_servers, watch


def runs_in_flight() -> list[int]:
    """What this process's sandboxes run now; their waiting servers do not count."""
    servers = fork_servers.all_held()
    for server in servers:
        with suppress(SandboxFault):  # a test killed it; a spare one still imports
            server.ready()
    known = {os.getpid(), *(server.pid for server in servers)}
    known |= {server._process.pid for server in servers}
    for child in _children(os.getpid()):
        if not _is_sandbox(child):  # a browser, or a whole Podium, of another test
            known |= set(watch.family(child))
    return [each for each in watch.family(os.getpid()) if each not in known]


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(each) for task in tasks for each in task.read_text().split()]


def _is_sandbox(pid: int) -> bool:
    try:
        return b"scoring.sandbox" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
