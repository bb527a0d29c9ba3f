"""What workers do: one actor for each queue.

A message says only that there is something to do; the database decides what. Losing a
message or getting it twice is harmless. The broker has no middleware that retries or
times out: the database's leases and the sandbox's clock do.
"""

import os
import socket
import threading
from functools import cache

import dramatiq
import structlog
from django.conf import settings
from structlog.contextvars import bound_contextvars

from competitions import check_runs, checking, hidden, lifecycle, sample, workers
from competitions.check_runs import CheckClaim
from competitions.lifecycle import Claim, ClaimLost
from competitions.models import Submission
from scoring import sandbox, score
from scoring.errors import SubmissionError

log = structlog.get_logger(__name__)

# Set when this process is told to stop: a run in flight goes back in line.
draining = threading.Event()

WORKER = f"{socket.gethostname()}:{os.getpid()}"
# A wake that nobody took in this time is one too many: the sweep sends others.
_STALE_MS = 60_000


def queue_name(kind: str) -> str:
    """The broker's name of the queue for a kind of device: cpu or gpu."""
    return settings.QUEUE_PREFIX + kind


@dramatiq.actor(queue_name=queue_name("cpu"), max_age=_STALE_MS)
def work_cpu():
    """Check, or predict and score, the next one in line. Running it twice is safe."""
    _work(("cpu", "any"), "cpu")


@dramatiq.actor(queue_name=queue_name("gpu"), max_age=_STALE_MS)
def work_gpu():
    """The same for submissions that want a GPU, or do not care."""
    _work(("gpu", "any"), settings.DEVICES)


def wake(device: str) -> None:
    """Tell a worker that something waits; a broker that is away costs only time."""
    try:
        for kind in workers.kinds_to_wake(device):
            (work_gpu if kind == "gpu" else work_cpu).send()
    except Exception as error:  # the sweep will wake a worker instead
        log.warning("no worker woken", error=str(error) or type(error).__name__)


@cache  # a success only: what the kernel offers does not change while we run
def _assert_isolated(mode: str) -> None:
    sandbox.assert_isolated(mode)


def _work(devices: tuple[str, ...], device: str) -> None:
    _assert_isolated(settings.SANDBOX)
    claim = _claim_next(devices)
    if claim is None:
        return
    _do(claim, device)
    was_checked = isinstance(claim, Claim) and claim.is_check
    # What was checked waits for its run now, and nobody was woken for it: on an idle
    # site it is next, on a busy one somebody else may be.
    if was_checked and (following := _claim_next(devices)):
        _do(following, device)
    if lifecycle.waiting(devices).exists() or check_runs.waiting(devices).exists():
        wake(device.partition(":")[0])


def _claim_next(devices: tuple[str, ...]) -> Claim | CheckClaim | None:
    """Take what is next in the one line of submissions and checks asked for alone."""
    if draining.is_set():
        return None
    if check_runs.is_first(devices):
        claim = check_runs.claim_next(worker=WORKER, devices=devices)
        if claim:
            return claim
    return lifecycle.claim_next(worker=WORKER, devices=devices)


def _do(claim: Claim | CheckClaim, device: str) -> None:
    with bound_contextvars(**claim.told):
        if isinstance(claim, Claim):
            _run(claim, device)
        else:
            _check_alone(claim, device)


def _run(claim: Claim, device: str) -> None:
    try:
        with lifecycle.renewing(claim) as lost:
            work = claim.submission.work
            if work == Submission.Work.CHECK:
                _check(claim, device, lost)
                return
            if work == Submission.Work.PREDICT:
                _predict(claim, device, lost)
            _score(claim)
    except SubmissionError as error:  # the participant's fault: tell them
        lifecycle.fail_submission(claim, error)
    except ClaimLost:
        log.warning("claim lost: the result is dropped")
    except sandbox.Interrupted:
        if draining.is_set():
            lifecycle.hand_back(claim)
    except Exception as error:  # our fault: back to the queue, and into the log
        log.exception("run failed")
        lifecycle.release_submission(claim, repr(error)[:2000])


def _check(claim: Claim, device: str, lost: threading.Event) -> None:
    """Before the first stage: rows in the open, of which everything may be told."""
    report, run = _checked(claim.submission, device, lost)
    if report["problems"]:
        checking.fail(claim, report)
    elif run is None:
        checking.queue(claim, report)
    else:
        checking.go_on(claim, report)
        _keep(claim, run)
        _score(claim)


def _check_alone(claim: CheckClaim, device: str) -> None:
    """The same for a file that nobody has submitted."""
    try:
        with lifecycle.renewing(claim) as lost:
            report, _ = _checked(claim.check, device, lost)
        check_runs.record(claim, report)
    except ClaimLost:
        log.warning("claim lost: the report is dropped")
    except sandbox.Interrupted:
        if draining.is_set():
            check_runs.hand_back(claim)
    except Exception as error:  # our fault: back in line, and into the log
        log.exception("check failed")
        check_runs.release(claim, repr(error)[:2000])


def _checked(
    row, device: str, lost: threading.Event
) -> tuple[dict, sandbox.Run | None]:
    """The report on a file as it is kept; for good predictions, what they are."""
    in_all = row.hidden_test_set.rows
    try:
        job = sample.job(row, device)
    except SubmissionError as error:
        return checking.unreadable(error, rows_in_all=in_all), None
    found = sandbox.check(job, in_all, cancelled=_is_told(lost))
    return checking.as_json(found, rows=job.rows, rows_in_all=in_all), found.run


def _predict(claim: Claim, device: str, lost: threading.Event) -> None:
    """The first stage: inputs and an artifact, and no label anywhere near."""
    run = sandbox.predict(
        hidden.job(claim.submission, device),
        on_stage=lambda stage: lifecycle.advance(claim, stage),
        cancelled=_is_told(lost),
    )
    _keep(claim, run)


def _is_told(lost: threading.Event):
    return lambda: lost.is_set() or draining.is_set()


def _keep(claim: Claim, run: sandbox.Run) -> None:
    stored, sha256 = hidden.keep_predictions(run)
    lifecycle.record_predictions(
        claim, stored=stored, sha256=sha256, usage=run.usage, printed=run.printed
    )


def _score(claim: Claim) -> None:
    """The second stage: kept predictions and labels, and no model anywhere near."""
    submission = claim.submission
    lifecycle.record_scores(
        claim,
        score.score(
            hidden.kept_predictions(submission),
            hidden.labels(submission.hidden_test_set),
            submission.competition.metrics,
        ),
    )
