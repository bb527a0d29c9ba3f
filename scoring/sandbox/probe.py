"""What this kernel offers here and now, tried in a child that attacks itself."""

from __future__ import annotations

import os
import select
import socket

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


def assert_isolated(mode: str) -> None:
    """Raise SandboxUnavailable where a layer is missing that the mode demands."""
    if mode not in MODES:
        raise ValueError(f"the sandbox is strict or unsafe, not {mode!r}")
    lacking = missing(layers()) if mode == "strict" else []
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
            return [Layer(**each) for each in told["layers"]]
        finally:
            child.close()
