"""The check on public sample rows: the same run, with everything told about it.

Nothing here is secret, so the model's author reads all: every problem with counts and
first rows, what the model printed, and what the run on all rows is likely to take.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import ceil

from scoring import predictions
from scoring.artifact import is_predictions
from scoring.errors import MemoryLimit, SubmissionError, TimeLimit
from scoring.sandbox.job import MB, Answer, Job, Run, Usage
from scoring.sandbox.runner import answered

# How far over a limit a guess must be to refuse a submission: one batch on a machine
# that does other work tells little of its time, and a run that ends at its limit is a
# smaller harm than one that was never tried.
_SURE_OF_TIME, _SURE_OF_MEMORY = 3.0, 1.5


@dataclass(frozen=True)
class Estimate:
    """What the run on all rows is likely to take."""

    seconds: float
    peak_mb: float


@dataclass(frozen=True)
class CheckReport:
    """What a check found: problems as (reason, message), none if all is well.

    `run` is there for a file of predictions without a problem: it was read whole, so
    a second reading would find the same.
    """

    problems: list[tuple[str, str]]
    printed: str
    usage: Usage | None
    estimate: Estimate | None
    run: Run | None = field(default=None, repr=False)

    @property
    def ok(self) -> bool:
        return not self.problems


def check(
    job: Job,
    rows_in_all: int,
    on_stage: Callable[[str], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> CheckReport:
    """Run an artifact on public sample rows and report all that is wrong with it.

    `job` holds the sample's inputs and its number of rows; for a file of predictions
    the ids of the test rows. `rows_in_all` is what the run itself will predict on.

    Raises
    ------
    Interrupted
        If `cancelled` said so.
    SandboxUnavailable, SandboxFault
        Where the fault is ours.
    """
    job = replace(job, public_rows_of=rows_in_all)
    try:
        answer = answered(job, on_stage, cancelled)
    except SubmissionError as error:
        return CheckReport([_told(error)], error.printed, error.usage, None)
    found = predictions.problems(answer.array, job.contract, job.rows, answer.step)
    problems = [
        (each.reason, f"{each.message} {each.detail}".strip()) for each in found
    ]
    estimate = _estimate(job, answer.usage, answer.batch, answer.array.nbytes)
    problems += _likely_limits(job, estimate)
    run = None if problems else _whole_run(job, answer)
    return CheckReport(problems, answer.printed, answer.usage, estimate, run)


def _whole_run(job: Job, answer: Answer) -> Run | None:
    if not is_predictions(job.format):
        return None
    normal = predictions.validate(answer.array, job.contract, job.rows, answer.step)
    return Run(normal, answer.usage, answer.printed)


def _told(error: SubmissionError) -> tuple[str, str]:
    return error.reason, f"{error.message} {error.detail}".strip()


def _estimate(job: Job, usage: Usage, batch: int, answer_bytes: int) -> Estimate:
    """From one warm batch of full size, which the child ran after the sample."""
    per_batch = usage.stages.get("repeat", 0.0)
    once = usage.seconds - per_batch
    if not per_batch:
        return Estimate(once, usage.peak_mb)
    batches = ceil(job.public_rows_of / batch)
    whole = answer_bytes / max(1, job.rows) * job.public_rows_of
    return Estimate(once + per_batch * batches, usage.peak_mb + whole / MB)


def _likely_limits(job: Job, estimate: Estimate) -> list[tuple[str, str]]:
    problems = []
    rows, limits = job.public_rows_of, job.limits
    if estimate.seconds > _SURE_OF_TIME * limits.seconds:
        told = f"The run on {rows} rows is likely to take {ceil(estimate.seconds)} s"
        problems.append((TimeLimit.reason, f"{told}; the limit is {limits.seconds:g}."))
    if estimate.peak_mb > _SURE_OF_MEMORY * limits.memory_mb:
        told = f"The run on {rows} rows is likely to need {ceil(estimate.peak_mb)} MB"
        told = f"{told} of memory; the limit is {limits.memory_mb}."
        problems.append((MemoryLimit.reason, told))
    return problems
