"""Runs one job in a confined child of a fork server, and watches it from outside."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from scoring import predictions
from scoring.artifact import is_predictions
from scoring.errors import SubmissionError
from scoring.sandbox import fork_servers, gpu, scratch, verdicts
from scoring.sandbox.conversation import Conversation, Process
from scoring.sandbox.job import MB, Answer, Job, Run
from scoring.sandbox.loaders import device_for

WITHOUT: tuple[str, ...] = ()  # tests take layers away to see what each one stops


def predict(
    job: Job,
    on_stage: Callable[[str], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Run:
    """Predict with one artifact, confined and within its limits.

    `on_stage` hears "load" and "predict"; `cancelled` is asked about each second.

    Raises
    ------
    SubmissionError
        With what was used and printed, where the submission is at fault.
    Interrupted
        If `cancelled` said so.
    SandboxUnavailable, SandboxFault
        Where the fault is ours.
    """
    answer = answered(job, on_stage, cancelled)
    try:
        normal = predictions.validate(answer.array, job.contract, job.rows, answer.step)
    except SubmissionError as error:
        error.usage, error.printed = answer.usage, answer.printed
        raise
    return Run(normal, answer.usage, answer.printed)


def answered(
    job: Job,
    on_stage: Callable[[str], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Answer:
    """What the artifact answers, before anybody asks whether that makes sense."""
    gpu.check_there(job.device)
    job = replace(job, device=device_for(job.format, job.device))
    if job.artifact.stat().st_size > job.limits.file_mb * MB:
        raise verdicts.file_limit(job.limits)
    if is_predictions(job.format) and job.ids is None:
        raise ValueError("a job with a predictions file needs the ids of its rows")
    with started(job) as process:
        conversation = Conversation(job, process, on_stage, cancelled, WITHOUT)
        try:
            return conversation.answer()
        except SubmissionError as error:
            error.usage = error.usage or conversation.usage()
            error.printed = conversation.printed_text()
            raise


@contextmanager
def started(job: Job) -> Iterator[Process]:
    """Have a child forked; it is dead and buried when this ends, however it ends."""
    with (
        scratch.folder(job.scratch) as folder,
        fork_servers.server_for(job, WITHOUT) as server,
    ):
        ours, theirs = socket.socketpair()
        printed, prints = os.pipe2(os.O_CLOEXEC)
        with ours, open(printed, "rb", buffering=0):
            with theirs, open(prints, "wb"), _opened(job) as (artifact, ids):
                given = (theirs.fileno(), prints, artifact.fileno(), ids.fileno())
                child = server.fork(*given)
            try:
                yield Process(child, ours, printed, folder)
            finally:
                child.close()


@contextmanager
def _opened(job: Job) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    with (
        open(job.artifact, "rb") as artifact,
        open(job.ids or Path(os.devnull), "rb") as ids,
    ):
        yield artifact, ids
