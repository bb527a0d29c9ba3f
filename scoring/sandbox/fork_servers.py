"""A worker's hold on its fork servers: started early, replaced when worn, closed.

One for TensorFlow's models, a light one for TFLite and ONNX, one for files of
predictions, each with its own libraries. A server is replaced after some runs or an
hour, since children of one server share the layout of its memory; when it has grown;
and when it is gone.
"""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scoring.sandbox.job import Job
from scoring.sandbox.loaders import LATE, MODULES, WARM_MODULES, group_of
from scoring.sandbox.server import ForkServer

_held: dict[tuple, ForkServer] = {}
_spare: dict[tuple, ForkServer] = {}
_lock = threading.Lock()


def warm(scratch: Path | None = None, device: str = "cpu") -> None:
    """Start the fork servers now, so that the first run need not wait for imports."""
    with _lock:
        for group in WARM_MODULES:
            of_group = device if group == "models" else "cpu"
            _current((os.getpid(), group, of_group, ()), scratch)


def close() -> None:
    """End the fork servers of this process; the next run would start new ones."""
    with _lock:
        for servers in (_held, _spare):
            for key in list(servers):
                server = servers.pop(key)
                if key[0] == os.getpid():  # else our parent's, and still in use
                    server.close()


def all_held() -> list[ForkServer]:
    """The fork servers that run now, spare ones too."""
    return [*_held.values(), *_spare.values()]


@contextmanager
def server_for(job: Job, without: tuple[str, ...] = ()) -> Iterator[ForkServer]:
    """A fork server for one job: the warm one, or one that lives for this job only."""
    if job.runner == "fresh":
        modules = () if job.format in LATE else (MODULES[job.format],)
        server = ForkServer(modules, job.scratch, job.device, without)
        try:
            yield server
        finally:
            server.close()
        return
    group = group_of(job.format)
    with _lock:
        server = _current((os.getpid(), group, job.device, without), job.scratch)
    server.runs += 1
    yield server


def _current(key: tuple, scratch: Path | None) -> ForkServer:
    """The server to use from now on; a spare one begins its imports in good time."""
    _, group, device, without = key
    server = _held.get(key)
    if server is not None and server.is_worn():
        del _held[key]
        server.retire()
        server = _spare.pop(key, None)
        if server is not None and server.is_gone():
            server.close()
            server = None
    if server is None:
        server = ForkServer(WARM_MODULES[group], scratch, device, without)
    if server.is_nearly_worn() and key not in _spare:
        _spare[key] = ForkServer(WARM_MODULES[group], scratch, device, without)
    _held[key] = server
    return server


atexit.register(close)
