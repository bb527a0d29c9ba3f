"""A fork server whose children attack instead of predicting, and how to ask it."""

import ctypes
import os
import socket
import tempfile
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from scoring.sandbox import confinement, forkserver, identity, protocol, server
from scoring.sandbox.server import ForkServer
from tests.scoring.sandbox.attacks import ATTACKS

CODE = server._CODE.replace("scoring.sandbox.forkserver", __name__)
PASSWORD = "the database's password"
CREATE, KEY, SIZE = 0o1000, 0x506F64, 4096


def main(control):
    """In the server: fork children that attack."""
    forkserver.child.main = child_main
    forkserver.main(control)


def main_that_closes_nothing(control):
    """In the server: what it has open stays open in its children."""
    os.closerange = lambda *_: None
    main(control)


def main_without_sessions(control):
    """In the server: its children stay in its session."""
    os.setsid = lambda: None
    main(control)


def child_main(control, artifact, ids, stands, parent):
    """In a child: put up the walls that are wanted, attack, tell how it went."""
    order = protocol.read_frame(control)
    confinement.confine(confinement.Walls(**order["walls"], parent=parent), stands)
    try:
        ATTACKS[order["attack"]](order["target"])
        told = "worked"
    except (OSError, MemoryError) as error:
        told = f"{type(error).__name__}"
    protocol.write_all(control, protocol.frame("ended", told=told))


@contextmanager
def battlefield():
    """What there is to be attacked: a file, a folder, sockets, memory, this process."""
    with (
        tempfile.TemporaryDirectory(dir="/tmp") as folder,
        socket.create_server(("127.0.0.1", 0)) as listening,
        socket.socket(socket.AF_UNIX) as named,
    ):
        Path(folder).chmod(0o777)
        secret = Path(folder) / "secret"
        secret.write_text("the private labels")
        named.bind("\0podium-tests-" + Path(folder).name)
        named.listen()
        libc = ctypes.CDLL(None, use_errno=True)
        memory = libc.shmget(KEY, SIZE, CREATE | 0o666)
        try:
            yield {
                "secret": str(secret),
                "open_folder": folder,
                "worker": os.getpid(),
                "port": listening.getsockname()[1],
                "name": named.getsockname()[1:].decode(),
                "key": KEY,
                "password": PASSWORD,
            }
        finally:
            libc.shmctl(memory, 0, None)


@contextmanager
def attackers(without, main="main"):
    """A server of attacking children that lacks some layers, or another `main`."""
    code = CODE.replace("import main", f"import {main} as main")
    with mock.patch.object(server, "_CODE", code):
        held = ForkServer((), without=without)
    try:
        yield held
    finally:
        held.close()


def outcome(held, attack, target, without):
    """Have one child attack: "worked", or what stopped it."""
    ours, theirs = socket.socketpair()
    with (
        ours,
        open(os.devnull, "r+b") as null,
        tempfile.TemporaryDirectory(dir="/tmp") as scratch,
    ):
        with theirs:
            child = held.fork(theirs.fileno(), *[null.fileno()] * 3)
        try:
            user = identity.user_for(child.pid)
            if user is not None and "own user" not in without:
                os.chown(scratch, user, user)
            walls = {
                "memory_bytes": 200_000_000,
                "cpu_seconds": 5.0,
                "file_bytes": 1_000_000,
                "scratch": scratch,
                "scratch_bytes": 2_000_000,
                "scratch_files": 100,
                "user": user,
                "without": list(without),
            }
            child.allow(walls["memory_bytes"])
            ours.sendall(
                protocol.frame("job", attack=attack, target=target, walls=walls)
            )
            try:
                return protocol.read_frame(ours.fileno())["told"]
            except EOFError:
                code = child.wait().code
                return "worked" if code == 0 else f"killed by {-code}"
        finally:
            child.close()
