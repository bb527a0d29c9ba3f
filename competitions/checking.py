"""The check on public sample rows: what it found, and what becomes of a submission.

Everything in a report may be read by the submission's team, for the rows are public.
"""

from datetime import datetime

import structlog
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from competitions import lifecycle, news, quota
from competitions.lifecycle import LEASE, Claim, storable, usage_as_json
from competitions.models import Submission
from scoring.errors import SubmissionError
from scoring.sandbox import CheckReport

log = structlog.get_logger(__name__)

Status, Stage, Work = Submission.Status, Submission.Stage, Submission.Work

PRINTED = 16_000  # characters of what a model printed that a report keeps


def queue(claim: Claim, report: dict) -> None:
    """Put a submission that passed its check in line for its run."""
    _pass(
        claim,
        report,
        Stage.QUEUE,
        status=Status.QUEUED,
        lease_until=None,
        claimed_by="",
    )


def go_on(claim: Claim, report: dict) -> None:
    """Let the check of a file of predictions be its run: both read the same rows."""
    submission = claim.submission
    _pass(
        claim,
        report,
        Stage.LOAD,
        status=Status.RUNNING,
        lease_until=Now() + LEASE,
        started_at=datetime.fromisoformat(submission.stage_times[Stage.CHECK]),
    )
    submission.work = Work.PREDICT


def _pass(claim: Claim, report: dict, stage: str, **values) -> None:
    submission = claim.submission
    submission.stage_times[stage] = timezone.now().isoformat()
    lifecycle.hold(
        claim.row().update(
            work=Work.PREDICT,
            stage=stage,
            stage_times=submission.stage_times,
            check_report=report,
            faults=0,  # the run is another thing, with three tries of its own
            **values,
        )
    )


@transaction.atomic
def fail(claim: Claim, report: dict) -> None:
    """End a submission that does not fit, before its run: its team has it back."""
    submission = claim.submission
    problems = report["problems"]
    lifecycle.hold(
        lifecycle.finish(
            claim.row(),
            reason=problems[0]["reason"],
            message="\n".join(problem["message"] for problem in problems),
            usage=report["usage"],
            check_report=report,
            stage_times=submission.stage_times,
        )
    )
    quota.refund(submission, cause="check")
    news.tell_failed(submission)
    log.info("submission failed its check", **claim.told, reason=problems[0]["reason"])


def as_json(report: CheckReport, *, rows: int, rows_in_all: int) -> dict:
    """A report as it is kept: for its team, which may read all of it.

    `rows` is the size of the public sample, `rows_in_all` that of the hidden test set.
    """
    usage, estimate = report.usage, report.estimate
    return {
        "problems": [
            {"reason": reason, "message": storable(message)}
            for reason, message in report.problems
        ],
        "printed": _bounded(storable(report.printed)),
        "usage": usage and usage_as_json(usage),
        "estimate": estimate
        and {"seconds": estimate.seconds, "peak_mb": estimate.peak_mb},
        "rows": rows,
        "rows_in_all": rows_in_all,
    }


def unreadable(error: SubmissionError, *, rows_in_all: int) -> dict:
    """The report of a file that nothing can be made of."""
    found = CheckReport([(error.reason, error.message)], "", None, None)
    return as_json(found, rows=0, rows_in_all=rows_in_all)


def _bounded(text: str) -> str:
    if len(text) <= PRINTED:
        return text
    return f"{text[:PRINTED]}\n… and {len(text) - PRINTED} characters more"
