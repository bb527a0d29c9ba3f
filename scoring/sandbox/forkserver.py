"""The warm parent: imports the libraries once, and forks a child for each run.

It has one thread and has started no runtime, or its children would hang; it never sees
a row, a label or an artifact but as a descriptor that it hands on. It ends when its
worker does, and its children end with it.

A message is one datagram of JSON, with descriptors:
worker: serve, mapped, fork (channel, printed, artifact, ids), reap
server: unshared, ready (a handle of itself), forked (a handle of the child), reaped
"""

from __future__ import annotations

import fcntl
import gc
import importlib
import json
import os
import signal
import socket
import sys
import tempfile
import traceback
from contextlib import nullcontext, suppress

from scoring.sandbox import child, confinement, identity, namespaces, own_root
from scoring.sandbox.job import Layer

MESSAGE_BYTES = 65_536
CHANNEL, ARTIFACT, IDS = 3, 4, 5  # descriptors of a child, besides 0 to 2
HIGH_DESCRIPTOR = 64


def main(control: int) -> None:
    """Serve one worker until it is gone."""
    line = Line(socket.socket(fileno=control))
    order, _ = line.hear()
    server = Server(line, order)
    server.confine()
    for module in order["modules"]:
        importlib.import_module(module)
    gc.collect()
    gc.freeze()  # a collection in a child would otherwise copy what it looks at
    server.serve()


class Line:
    """A socket pair of datagrams between a worker and its fork server."""

    def __init__(self, end: socket.socket):
        self.end = end

    def hear(self) -> tuple[dict, list[int]]:
        data, descriptors, _, _ = socket.recv_fds(self.end, MESSAGE_BYTES, 8)
        if not data:
            raise EOFError("the other end is gone")
        return json.loads(data), descriptors

    def say(self, kind: str, descriptors=(), **content) -> None:
        message = json.dumps({"kind": kind, **content}).encode()
        socket.send_fds(self.end, [message], descriptors)


class Server:
    """One warm parent: the walls around it, and the children that it forks."""

    def __init__(self, line: Line, order: dict):
        self.line, self.order = line, order
        self.layers: list[Layer] = []
        self.nursery: namespaces.Nursery | None = None
        self.children: set[int] = set()

    def confine(self) -> None:
        """Leave every namespace that this kernel lets us leave, and the file system."""
        self._put_up("user namespace", self._leave_users)
        if self._put_up("process namespace", self._leave_processes):
            namespaces.become_first()
            self.nursery = namespaces.Nursery()
        self._put_up("network namespace", self._leave_network)
        if self._put_up("own root", self._leave_files):
            tempfile.tempdir = own_root.SCRATCH  # TensorFlow's import asks for one

    def serve(self) -> None:
        """Fork and bury children as the worker asks for it."""
        layers = [vars(layer) for layer in self.layers]
        identity.adopt_orphans()
        handle = os.pidfd_open(os.getpid())
        self.line.say("ready", [handle], layers=layers, threads=threads())
        while True:
            try:
                message, descriptors = self.line.hear()
            except (EOFError, ConnectionError):
                os._exit(0)
            if message["kind"] == "fork":
                self._fork(descriptors)
            else:
                self._reap(message["child"])

    def _fork(self, descriptors: list[int]) -> None:
        self._bury_orphans()
        if threads() != 1:  # a child of this would hang; a new server will not
            os._exit(1)
        with self.nursery.around_fork() if self.nursery else nullcontext():
            pid = os.fork()
            if pid == 0:
                become_child(self.line.end, descriptors, self.layers)
        self.children.add(pid)
        handle = os.pidfd_open(pid)
        self.line.say("forked", [handle], child=pid)
        for each in [handle, *descriptors]:
            os.close(each)

    def _reap(self, pid: int) -> None:
        """Bury a child that the worker has killed, and tell how it ended."""
        _, status, used = os.wait4(pid, 0)
        self.children.discard(pid)
        self.line.say(
            "reaped",
            code=os.waitstatus_to_exitcode(status),
            cpu_seconds=used.ru_utime + used.ru_stime,
        )

    def _bury_orphans(self) -> None:
        """Bury what children left behind, once the worker has killed it."""
        options = os.WEXITED | os.WNOHANG | os.WNOWAIT
        with suppress(ChildProcessError):
            while ended := os.waitid(os.P_ALL, 0, options):
                if ended.si_pid in self.children:
                    return  # the worker asks for it; the others can wait
                os.waitpid(ended.si_pid, 0)

    def _put_up(self, name: str, deed) -> bool:
        self.layers.append(confinement.layer(name, deed, self.order["without"]))
        return self.layers[-1].active

    def _leave_users(self) -> str:
        namespaces.leave(namespaces.USER)
        self.line.say("unshared")
        if not self.line.hear()[0]["mapped"]:
            os._exit(1)  # without a map we would be nobody; the worker starts another
        return "rights inside count for nothing outside"

    def _leave_processes(self) -> str:
        namespaces.leave(namespaces.PID)
        return "each run is alone in its table of processes"

    def _leave_network(self) -> str:
        namespaces.leave(namespaces.NETWORK)
        return "no network device"

    def _leave_files(self) -> str:
        shown = confinement.shown_files(self.order["device"])
        own_root.move_in(self.order["place"], shown)
        return "Python, the libraries and the engine, read-only, and nothing else"


def become_child(server_end: socket.socket, descriptors: list[int], layers) -> None:
    """Turn the fork into a run's process, which holds nothing of its parent's."""
    try:
        parent = os.getppid()
        identity.die_with_parent(parent, signal.SIGKILL)
        os.setsid()
        server_end.detach()
        channel, printed, artifact, ids = (
            fcntl.fcntl(each, fcntl.F_DUPFD, HIGH_DESCRIPTOR) for each in descriptors
        )
        for target, source in enumerate([printed, printed, channel, artifact, ids], 1):
            os.dup2(source, target)
        os.closerange(IDS + 1, os.sysconf("SC_OPEN_MAX"))
        child.main(CHANNEL, ARTIFACT, IDS, layers, parent)
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)


def threads() -> int:
    """How many threads this process has."""
    return len(os.listdir("/proc/self/task"))


if __name__ == "__main__":
    main(int(sys.argv[1]))
