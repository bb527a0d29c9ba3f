"""One job with one child: what is said, what is used, and how it ends.

A child is not believed: what it says is bounded, checked, and turned into one of our
own sentences.
"""

from __future__ import annotations

import os
import select
import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from math import prod
from pathlib import Path

from scoring.artifact import is_predictions
from scoring.errors import Crashed
from scoring.sandbox import gpu, identity, protocol, scratch, verdicts, watch
from scoring.sandbox.confinement import missing
from scoring.sandbox.job import (
    MB,
    NO_DEVICE,
    Answer,
    Interrupted,
    Layer,
    SandboxFault,
    SandboxUnavailable,
    Usage,
)
from scoring.sandbox.server import Child
from scoring.tensors import tensor_shapes

START_SECONDS = 180  # libraries that only this run imports, on a very busy machine
TICK_SECONDS = 0.05
SLOW_TICK_SECONDS = 1.0
READ_BYTES = 2**20
PRINTED_BYTES = 65_536
PRINTED_READS = 16  # in a row; who prints without end must not keep the watch busy
SCRATCH_BYTES = 600 * MB
SCRATCH_FILES = 20_000
GROUP_SLACK = 256 * 2**20  # page tables and the kernel's own share, in a cgroup
UNPACKED_BYTES = 512 * 2**20
STAGES = ("load", "predict", "repeat")


@dataclass(frozen=True)
class Process:
    """A forked child, with our ends of its socket and of what it prints."""

    child: Child
    channel: socket.socket
    printed: int
    folder: Path

    @property
    def pid(self) -> int:
        return self.child.pid


class Conversation:
    """One job with one child, from the order to the result."""

    def __init__(self, job, process: Process, on_stage, cancelled, without):
        self.job, self.child, self.folder = job, process, process.folder
        self.without = without
        self.on_stage = on_stage or (lambda stage: None)
        self.cancelled = cancelled or (lambda: False)
        self.buffer = bytearray()
        self.printed = bytearray()
        self.printed_ended = False
        self.born = time.monotonic()
        self.slow_tick = self.born
        self.began: float | None = None  # once the walls stand
        self.ended: float | None = None
        self.stage = "load"
        self.stage_began: dict[str, float] = {}
        self.fed = False
        self.checked = self.born
        self.first_bytes = self.peak = 0
        self.device = gpu.called(job.device)

    def answer(self) -> Answer:
        """Tell the job, hear the child out, and return what it hands back."""
        self.child.channel.settimeout(START_SECONDS)
        self._say(self._order())
        while True:
            message = self._hear()
            if message["kind"] == "result":
                return self._received(message)
            if message["kind"] == "error":
                self._finish()
                if message.get("reason") == NO_DEVICE and not self.fed:
                    raise SandboxFault(str(message.get("detail"))[:200])
                raise verdicts.of_words(
                    message,
                    self.stage,
                    self.job.limits,
                    self.job.contract,
                    self.fed and not self.job.public_rows_of,
                )
            self._answer(message)

    def usage(self) -> Usage | None:
        """What was used so far; nothing before the walls stood."""
        if self.began is None:
            return None
        ended = self.ended or time.monotonic()
        begins = [*self.stage_began.items(), ("", ended)]
        stages = {
            name: round(until - since, 6)
            for (name, since), (_, until) in zip(begins, begins[1:], strict=False)
        }
        return Usage(ended - self.began, self.peak / MB, stages, self.device)

    def printed_text(self) -> str:
        """What the artifact printed, as far as it is kept."""
        self._drain()
        return self.printed.decode("utf-8", "replace")

    def _order(self) -> bytes:
        job = self.job
        memory = job.limits.memory_mb * MB
        self.child.child.allow(memory + self._most_scratch() + GROUP_SLACK)
        shapes = {} if self._is_file() else tensor_shapes(job.inputs)
        user = identity.user_for(self.child.pid)
        if user is not None:
            os.chown(self.folder, user, user)
        walls = {
            "memory_bytes": memory,
            "cpu_seconds": job.limits.seconds,
            "file_bytes": self._most_scratch(),
            "scratch": str(self.folder),
            "scratch_bytes": self._most_scratch(),
            "scratch_files": SCRATCH_FILES,
            "user": user,
            "without": list(self.without),
            "device": job.device,
        }
        return protocol.frame(
            "job",
            format=job.format,
            contract=job.contract.to_dict(),
            row_shapes={name: shape[1:] for name, shape in shapes.items()},
            rows=job.rows,
            public_rows_of=job.public_rows_of,
            classes_suffice=job.classes_suffice,
            unpacked_bytes=max(UNPACKED_BYTES, 4 * job.limits.file_mb * MB),
            walls=walls,
        )

    def _is_file(self) -> bool:
        return is_predictions(self.job.format)

    def _answer(self, message: dict) -> None:
        """Go along with a message that is not yet the end."""
        kind = message["kind"]
        if kind == "ready" and self.began is None:
            self._check_walls(message)
            self._drain()
            self.printed.clear()  # what the libraries said is not the model's
            self.first_bytes = watch.own_bytes(self.child.pid)
            self.began = time.monotonic()
            self._say(protocol.frame("go"))
        elif (
            kind == "stage" and message.get("stage") in STAGES[len(self.stage_began) :]
        ):
            self.stage = message["stage"]
            self.stage_began[self.stage] = time.monotonic()
            self.on_stage(self.stage)
        elif kind == "fed" and not self.fed and not self._is_file():
            self.fed = True
            with open(self.job.inputs, "rb") as inputs, suppress(BrokenPipeError):
                socket.send_fds(self.child.channel, [b"i"], [inputs.fileno()])
        else:
            raise self._garbled(f"an unexpected message: {kind}")

    def _check_walls(self, message: dict) -> None:
        """Nothing of the artifact has run yet, so this may be believed."""
        lacking = missing([Layer(**each) for each in message["layers"]])
        if lacking and self.job.sandbox == "strict":
            told = "; ".join(f"{layer.name}: {layer.note}" for layer in lacking)
            raise SandboxUnavailable(f"a required layer of the sandbox failed: {told}")

    def _received(self, header: dict) -> Answer:
        """Receive a result whose size was checked before the first byte of it."""
        cells = self.job.rows * max(1, prod(self.job.contract.output.shape))
        try:
            size = protocol.check_header(header, self.job.rows, cells)
            while len(self.buffer) < size:
                self._wait()
            self._finish()
            step, batch = protocol.facts_of(header)
            array = protocol.unpack_array(header, bytes(self.buffer[:size]))
            return Answer(array, step, batch, self.usage(), self.printed_text())
        except protocol.Garbled as error:
            raise self._garbled(str(error)) from error

    def _hear(self) -> dict:
        """The child's next message, while its limits hold."""
        while True:
            try:
                message = protocol.take_frame(self.buffer)
            except protocol.Garbled as error:
                raise self._garbled(str(error)) from error
            if message is not None:
                return message
            self._wait()

    def _wait(self) -> None:
        """Take in what the child says and prints for a tick, and check its limits."""
        channel = self.child.channel.fileno()
        poll = select.poll()
        poll.register(channel, select.POLLIN)
        if not self.printed_ended:
            poll.register(self.child.printed, select.POLLIN)
        ready = dict(poll.poll(TICK_SECONDS * 1000))
        if self.child.printed in ready:
            self._drain()
        if channel in ready:
            try:
                part = os.read(channel, READ_BYTES)
            except ConnectionResetError:
                part = b""
            if not part:
                raise self._death()
            self.buffer += part
        self._check_limits()

    def _check_limits(self) -> None:
        now = time.monotonic()
        if now - self.checked < TICK_SECONDS:
            return
        self.checked = now
        if now - self.slow_tick > SLOW_TICK_SECONDS:
            self.slow_tick = now
            self._check_slowly()
        if self.began is None:
            if now - self.born > START_SECONDS:
                raise SandboxFault(f"a child took over {START_SECONDS} s to start")
            return
        self._check_memory(watch.own_bytes(self.child.pid) - self.first_bytes)
        if now - self.began > self.job.limits.seconds:
            raise verdicts.time_limit(self.job.limits, self.stage)

    def _check_slowly(self) -> None:
        """What need not be known within a tick: cancelling, and the scratch folder."""
        if self.cancelled():
            raise Interrupted("the run was cancelled")
        written, files = scratch.size(self.folder, SCRATCH_FILES)
        if written > self._most_scratch() or files > SCRATCH_FILES:
            raise verdicts.scratch_full()

    def _most_scratch(self) -> int:
        return SCRATCH_BYTES + 5 * self.job.limits.file_mb * MB

    def _check_memory(self, used: int) -> None:
        self.peak = max(self.peak, used)
        if self.peak > self.job.limits.memory_mb * MB:
            raise verdicts.memory_limit(self.job.limits, self.stage)

    def _finish(self) -> None:
        """Close the books while the child still waits to be killed."""
        self.ended = time.monotonic()
        # The kernel's own record sees what came and went between two looks.
        self._check_memory(watch.peak_bytes(self.child.pid) - self.first_bytes)

    def _death(self) -> Exception:
        """What to make of a child that is gone without a result."""
        self.ended = time.monotonic()
        ending = self.child.child.wait()
        printed = self.printed_text()
        if self.child.child.ran_out_of_memory():
            told = "The kernel ended the process: its group's memory was spent."
            return verdicts.memory_limit(self.job.limits, self.stage, told)
        if self.began is None:
            return SandboxFault(
                f"a child ended with {ending.code} at its start: {printed}"
            )
        return verdicts.of_death(ending, self.stage, self.job.limits, printed)

    def _garbled(self, told: str) -> Crashed:
        doing = verdicts.DOING[self.stage]
        return Crashed(verdicts.DIED.format(doing=doing), f"The child sent {told}.")

    def _say(self, data: bytes) -> None:
        with suppress(BrokenPipeError):  # its death is noticed by reading
            self.child.channel.sendall(data)

    def _drain(self) -> None:
        """Read what was printed; past a limit it is dropped."""
        waiting = select.poll()
        waiting.register(self.child.printed, select.POLLIN)
        for _ in range(PRINTED_READS):
            if self.printed_ended or not waiting.poll(0):
                return
            part = os.read(self.child.printed, PRINTED_BYTES)
            self.printed_ended = not part
            self.printed += part[: PRINTED_BYTES - len(self.printed)]
