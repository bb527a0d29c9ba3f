"""One fork server as its worker sees it: start it, have it fork, bury its children."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from scoring.sandbox import cgroup, gpu, limits, namespaces, scratch, watch
from scoring.sandbox.confinement import ENVIRONMENT, ROOT, layer
from scoring.sandbox.job import Layer, SandboxFault

START_SECONDS = 180  # the libraries' import, on a machine that is very busy
ANSWER_SECONDS = 60
MOST_RUNS = 200
MOST_SECONDS = 3600
SPARE_RUNS = 10  # a spare server starts when the one in use has so many left
MOST_GROWTH_BYTES = 256 * 2**20
MESSAGE_BYTES = 65_536
ERROR_CHARACTERS = 2_000
_CODE = """
import sys
sys.path.append(sys.argv[1])
from scoring.sandbox.forkserver import main
main(int(sys.argv[2]))
"""


class ServerGone(SandboxFault):
    """The fork server ended under a run."""


@dataclass(frozen=True)
class Ending:
    """How a child ended: an exit code as `subprocess` has it, and processor time."""

    code: int
    cpu_seconds: float


class ForkServer:
    """A process that has imported some modules and forks children that have them too.

    Its methods may be called from several threads.
    """

    def __init__(
        self,
        modules: tuple[str, ...],
        parent: Path | None = None,
        device: str = "cpu",
        without: tuple[str, ...] = (),
    ):
        self.modules, self.device, self.without = modules, device, without
        self.runs = 0
        self.layers: list[Layer] = []
        self._lock = threading.Lock()
        self._in_flight = 0
        self._allowed: dict[int, int] = {}  # bytes, by child
        self._group: cgroup.Group | None = None
        self._retired = False
        self._began: float | None = None
        self._first_bytes = 0
        self.pid: int | None = None  # known once it serves
        self._handle: int | None = None
        self._stack = ExitStack()
        self._place = self._stack.enter_context(scratch.folder(parent))
        self._errors = _unnamed_file()
        self._start(without)

    def fork(self, channel: int, printed: int, artifact: int, ids: int) -> Child:
        """Fork a child that holds these four descriptors and nothing else."""
        with self._lock:
            self._await_ready()
            given = (channel, printed, artifact, ids)
            message, (handle,) = self._ask("fork", given, seconds=ANSWER_SECONDS)
            self._in_flight += 1
        return Child(self, message["child"], handle)

    def reap(self, child: int) -> Ending:
        """Wait for a child that was killed or is about to end."""
        with self._lock:
            try:
                message, _ = self._ask("reap", seconds=ANSWER_SECONDS, child=child)
            finally:
                self._in_flight -= 1
                self._allowed.pop(child, None)
                if not self._in_flight and not self.is_gone():
                    watch.kill_strays(self.pid)
        if self._retired and not self._in_flight:
            self.close()
        return Ending(message["code"], message["cpu_seconds"])

    def allow(self, child: int, memory_bytes: int) -> None:
        """Set what the kernel lets its children take, this one with the others."""
        with self._lock:
            self._allowed[child] = memory_bytes
            if self._group:
                most = limits.most_threads(len(os.sched_getaffinity(0)))
                tasks = 1 + most * len(self._allowed)
                self._group.allow(sum(self._allowed.values()), tasks)

    def counts(self, pid: int) -> bool:
        """Whether a process is in the group of this server."""
        held = Path(f"/proc/{pid}/cgroup").read_text().splitlines()
        return bool(self._group) and any(
            line.endswith(f"/{self._group.name}") for line in held
        )

    def killed_for_memory(self) -> int:
        """How many children the kernel ended because memory ran out."""
        return self._group.killed() if self._group else 0

    def is_gone(self) -> bool:
        """Whether the process has ended."""
        return self._process.poll() is not None

    def is_worn(self) -> bool:
        """Whether the next run should have another server."""
        if self.is_gone() or self.runs >= MOST_RUNS:
            return True
        if self._began is None:
            return False
        if time.monotonic() - self._began > MOST_SECONDS:
            return True
        return watch.own_bytes(self.pid) - self._first_bytes > MOST_GROWTH_BYTES

    def is_nearly_worn(self) -> bool:
        """Whether it is time to start the next one."""
        aged = self._began and time.monotonic() - self._began > 0.95 * MOST_SECONDS
        return bool(aged) or self.runs >= MOST_RUNS - SPARE_RUNS

    def retire(self) -> None:
        """End as soon as no run needs this server any more."""
        self._retired = True
        if not self._in_flight or self.is_gone():
            self.close()

    def close(self) -> None:
        """End the server; its children end with it."""
        watch.kill(self._process.pid)
        self._process.wait()
        if self._handle is not None:
            select.select([self._handle], [], [], ANSWER_SECONDS)
            os.close(self._handle)
            self._handle = None
        if self._group is not None:
            self._group.close()
            self._group = None
        self._end.close()
        self._errors.close()
        self._stack.close()

    def ready(self) -> list[Layer]:
        """Wait until it serves; the layers that stand around it."""
        with self._lock:
            self._await_ready()
        return self.layers

    def _start(self, without: tuple[str, ...]) -> None:
        self._end, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-B", "-c", _CODE, ROOT, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=self._errors,
                stderr=self._errors,
                pass_fds=[theirs.fileno()],
                env=environment(self.device),
                cwd="/",
                start_new_session=True,
            )
        place, modules = str(self._place.resolve()), list(self.modules)
        self._say(
            "serve",
            modules=modules,
            place=place,
            device=self.device,
            without=list(without),
        )

    def _await_ready(self) -> None:
        """Go through the start with the server, once."""
        if self._began is not None:
            return
        message, handles = self._hear(START_SECONDS)
        if message["kind"] == "unshared":
            mapped = self._map()
            self._say("mapped", mapped=mapped)
            if not mapped:
                self._process.wait()
                self._end.close()
                self._start((*self.without, "user namespace"))
            message, handles = self._hear(START_SECONDS)
        if message["threads"] != 1:
            raise SandboxFault(
                f"a fork server has {message['threads']} threads after its imports; "
                "it can fork only with one"
            )
        self.layers = [Layer(**each) for each in message["layers"]]
        self._handle = handles[0]
        self.pid = watch.pid_of(self._handle)
        self._first_bytes = watch.own_bytes(self.pid)
        self.layers.append(layer("cgroup", self._count_apart, self.without))
        self._stack.close()  # it has moved in; on the host no trace need remain
        self._began = time.monotonic()

    def _count_apart(self) -> str:
        """From here on the kernel counts, and bounds, what is forked here by itself."""
        group = cgroup.Group(cgroup.place())
        try:
            group.take_in(self.pid)
        except OSError:
            group.close()
            raise
        self._group = group
        return f"memory and processes, counted by the kernel; version {group.version}"

    def _map(self) -> bool:
        try:
            namespaces.map_users(self._process.pid)
        except OSError:
            return False
        return True

    def _ask(self, kind, descriptors=(), *, seconds, **content):
        self._say(kind, descriptors, **content)
        return self._hear(seconds)

    def _say(self, kind: str, descriptors=(), **content) -> None:
        message = json.dumps({"kind": kind, **content}).encode()
        with suppress(BrokenPipeError, ConnectionResetError):  # noticed by hearing
            socket.send_fds(self._end, [message], descriptors)

    def _hear(self, seconds: float) -> tuple[dict, list[int]]:
        self._end.settimeout(seconds)
        try:
            data, handles, _, _ = socket.recv_fds(self._end, MESSAGE_BYTES, 1)
        except TimeoutError as error:
            raise ServerGone(f"a fork server did not answer in {seconds} s") from error
        except ConnectionResetError:
            data, handles = b"", []
        if not data:
            raise ServerGone(f"a fork server ended: {self._last_words()}")
        return json.loads(data), handles

    def _last_words(self) -> str:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        self._errors.seek(0)
        said = self._errors.read().decode("utf-8", "replace").strip()
        return said[-ERROR_CHARACTERS:] or f"exit code {self._process.returncode}"


class Child:
    """A forked child, known by its number here, held by a handle of its own."""

    def __init__(self, server: ForkServer, number: int, handle: int):
        self._server, self._number, self._handle = server, number, handle
        self.pid = watch.pid_of(handle)
        self._ending: Ending | None = None
        self._killed_before = 0

    def allow(self, memory_bytes: int) -> None:
        """Have the kernel end what takes more; it counts files in memory as well."""
        self._killed_before = self._server.killed_for_memory()
        self._server.allow(self._number, memory_bytes)

    def ran_out_of_memory(self) -> bool:
        """Whether the kernel ended a child because its memory was spent."""
        return self._server.killed_for_memory() > self._killed_before

    def kill(self) -> None:
        """Kill it and all that it started, by its handle first."""
        if self._ending is None:
            watch.kill(self.pid)
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def wait(self) -> Ending:
        """How it ended; waits until it has."""
        if self._ending is None:
            self._ending = self._server.reap(self._number)
        return self._ending

    def close(self) -> None:
        """Let go of it, dead and buried."""
        self.kill()
        try:
            with suppress(ServerGone):  # then it is dead too
                self.wait()
        finally:
            os.close(self._handle)


def _unnamed_file() -> BinaryIO:
    return tempfile.TemporaryFile()


def environment(device: str) -> dict[str, str]:
    """What a fork server finds in its environment; nothing of the worker's.

    No GPU is visible to it, so it cannot start CUDA; each child names its own.
    """
    wanted = dict(ENVIRONMENT)
    wanted["LD_BIND_NOW"] = "1"  # or every child would look the same functions up
    if folders := gpu.library_folders(device):
        wanted["LD_LIBRARY_PATH"] = ":".join(folders)
    return wanted
