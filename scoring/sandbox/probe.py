"""What this kernel offers here and now, tried in a child that attacks itself."""

from __future__ import annotations

import os
import select
import socket
from dataclasses import replace

from scoring.sandbox import identity, protocol
from scoring.sandbox.child import PROBE
from scoring.sandbox.confinement import REQUIRED, missing
from scoring.sandbox.job import Layer, SandboxFault, SandboxUnavailable
from scoring.sandbox.server import ForkServer

MODES = ("strict", "unsafe")
PROBE_SECONDS = 30


def layers(without: tuple[str, ...] = ()) -> list[Layer]:
    """Every layer of the sandbox, and whether it holds here, by trying it."""
    server = ForkServer((), without=without)
    try:
        return _tried(server, without)
    except (SandboxFault, OSError, EOFError) as error:
        told = f"the probe failed: {error}"
        return [Layer(name, False, True, told) for name in REQUIRED]
    finally:
        server.close()


def assert_isolated(mode: str, found: list[Layer] | None = None) -> None:
    """Raise SandboxUnavailable where a layer is missing that the mode demands.

    `found` are the layers, where they have been tried already.
    """
    if mode not in MODES:
        raise ValueError(f"the sandbox is strict or unsafe, not {mode!r}")
    lacking = missing(found or layers()) if mode == "strict" else []
    if lacking:
        told = "; ".join(f"{layer.name} ({layer.note})" for layer in lacking)
        raise SandboxUnavailable(
            f"Models cannot be isolated here, so none is run: {told}. "
            "PODIUM_SANDBOX=unsafe would run them without."
        )


def _tried(server: ForkServer, without: tuple[str, ...]) -> list[Layer]:
    ours, theirs = socket.socketpair()
    with ours, open(os.devnull, "r+b") as nothing:
        with theirs:
            empty = nothing.fileno()
            child = server.fork(theirs.fileno(), empty, empty, empty)
        try:
            user = identity.user_for(child.pid)
            walls = {
                "memory_bytes": 2**30,
                "cpu_seconds": 10.0,
                "file_bytes": 2**20,
                "scratch": None,
                "scratch_bytes": 2**20,
                "scratch_files": 100,
                "user": user,
                "without": list(without),
            }
            ours.sendall(protocol.frame("job", format=PROBE, walls=walls))
            if not select.select([ours], [], [], PROBE_SECONDS)[0]:
                raise OSError(f"no answer within {PROBE_SECONDS} s")
            told = protocol.read_frame(ours.fileno())
            found = [Layer(**each) for each in told["layers"]]
            return [*found, *_of_worker(server, child.pid)]
        finally:
            child.close()


def _of_worker(server: ForkServer, pid: int) -> list[Layer]:
    """The layers that the worker puts up from outside, as they hold for one child."""
    outside = [each for each in server.layers if each.name == "cgroup"]
    return [
        replace(each, active=False, note="the child is not in its group")
        if each.active and not server.counts(pid)
        else each
        for each in outside
    ]
