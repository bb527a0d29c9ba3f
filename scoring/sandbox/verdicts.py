"""The fixed sentences of a run: what is said of a limit, a crash, a killed process.

A child is not believed. While hidden rows are in it, what it says of itself chooses one
of these sentences and adds no word of its own.
"""

from __future__ import annotations

import signal

from scoring import predictions
from scoring.contract import Contract, written_shape
from scoring.errors import (
    BY_REASON,
    BadPredictions,
    Crashed,
    FileLimit,
    MemoryLimit,
    RefusedContent,
    SubmissionError,
    TimeLimit,
    WrongSignature,
)
from scoring.sandbox.job import SCRATCH_FULL, Limits
from scoring.sandbox.server import Ending
from scoring.sandbox.signature import CANNOT_CAST

DOING = {
    "load": "while the file was being loaded",
    "predict": "while predicting",
    "repeat": "while predicting a batch of full size",
}
RAISED = "The model raised an error {doing}."
DIED = "The process died {doing}."
OUTSIDE = "The model tried an operation outside prediction and was stopped."
MESSAGE_CHARACTERS = 4_000


def time_limit(limits: Limits, stage: str) -> TimeLimit:
    return TimeLimit(
        f"The run was stopped at its limit of {limits.seconds:g} s {DOING[stage]}."
    )


def memory_limit(limits: Limits, stage: str, detail: str = "") -> MemoryLimit:
    return MemoryLimit(
        f"The run needed more than {limits.memory_mb} MB of memory {DOING[stage]}.",
        detail,
    )


def file_limit(limits: Limits) -> FileLimit:
    return FileLimit(f"The file is larger than {limits.file_mb} MB.")


def scratch_full() -> FileLimit:
    return FileLimit(SCRATCH_FULL)


def of_death(
    ending: Ending, stage: str, limits: Limits, printed: str
) -> SubmissionError:
    """What the end of a process means that handed back no result.

    The first process of a namespace overhears SIGXCPU; the hard limit then kills it.
    """
    code = ending.code
    if code == -signal.SIGSYS:
        return RefusedContent(OUTSIDE)
    is_spent = code == -signal.SIGKILL and ending.cpu_seconds > limits.seconds
    if code == -signal.SIGXCPU or is_spent:
        return time_limit(limits, stage)
    if "std::bad_alloc" in printed:
        return memory_limit(limits, stage, "std::bad_alloc")
    name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
    return Crashed(DIED.format(doing=DOING[stage]), f"The process ended by {name}.")


def of_words(
    message: dict, stage: str, limits: Limits, contract: Contract, rows_inside: bool
) -> SubmissionError:
    """The error that a child tells of, with its own sentence only where it may speak.

    It may until it holds hidden rows: what it says by then is about the file alone.
    """
    reason, told = str(message.get("reason")), str(message.get("message"))
    detail = str(message.get("detail", ""))
    if reason == "memory_limit":
        return memory_limit(limits, stage, detail)
    if reason not in BY_REASON or reason in ("time_limit", "crashed"):
        return Crashed(RAISED.format(doing=DOING[stage]), detail)
    if rows_inside and told not in _sentences(contract).get(reason, ()):
        return Crashed(RAISED.format(doing=DOING[stage]), f"{reason}: {told} {detail}")
    return BY_REASON[reason](told[:MESSAGE_CHARACTERS], detail)


def _sentences(contract: Contract) -> dict[str, tuple[str, ...]]:
    """What can be said of a model that has hidden rows in it."""
    shape = written_shape(contract.output.shape)
    return {
        BadPredictions.reason: (
            predictions.WRONG_ROWS,
            predictions.WRONG_SHAPE.format(shape=shape),
        ),
        WrongSignature.reason: (CANNOT_CAST,),
        FileLimit.reason: (SCRATCH_FULL,),
    }
