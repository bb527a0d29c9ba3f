"""The stages of a submission: what is done, what is under way, what is to come."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from competitions.models import Submission
from competitions.queue import WAITING, Expectation, Line, workers
from competitions.views.rows import state_words
from podium.common import words

Status = Submission.Status


@dataclass(frozen=True)
class Step:
    """One stage; `mark` is done, now, fail or todo."""

    name: str
    mark: str
    words: str

    @property
    def said(self) -> str:
        """The mark, for those who do not see it."""
        return {"done": "done", "now": "in progress", "fail": "ended here"}.get(
            self.mark, "to come"
        )


def progress_of(submission: Submission) -> dict:
    """The steps, the state in words, and what is expected."""
    position = expected = None
    if submission.waits:
        position = Line().position(submission)
    if not submission.is_finished:
        expected = Expectation(submission.competition_id).finish(submission, position)
    checked = [_checked(submission, position)] if _has_check(submission) else []
    return {
        "steps": [
            _received(submission),
            *checked,
            _queued(submission, position, expected),
            _running(submission, expected),
            _scored(submission),
        ],
        "state": state_words(submission, position),
        "position": position,
        "line": _line() if submission.waits else None,
        "is_retried": bool(submission.faults) and not submission.is_finished,
    }


def _line() -> dict:
    """How much waits and runs, on the whole installation."""
    return {
        "waiting": Submission.objects.filter(
            status__in=WAITING, lease_until=None
        ).count(),
        "running": Submission.objects.filter(lease_until__isnull=False).count(),
        "workers": workers(),
    }


def _received(submission) -> Step:
    size = words.size_text(submission.artifact.size)
    clock = _clock(submission.created_at)
    return Step("Received", "done", f"{clock}, {size}")


def _has_check(submission) -> bool:
    """Whether there were public rows to check it on when it was sent."""
    return Submission.Stage.CHECK in submission.stage_times


def _checked(submission, position) -> Step:
    if submission.stage != Submission.Stage.CHECK:
        return Step("Checked", "done", "fits, on public rows")
    if submission.status == Status.CANCELLED:
        return Step("Checked", "fail", "cancelled")
    if submission.failed_in_check:
        found = len(submission.check_report["problems"])
        return Step("Checked", "fail", f"{words.plural(found, 'problem')} found")
    if submission.status == Status.FAILED:
        return Step("Checked", "fail", "did not come to an end")
    if not submission.waits:
        return Step("Checked", "now", "running on public rows")
    if position is None:
        return Step("Checked", "now", "waits a moment before it is tried again")
    return Step("Checked", "now", f"position {words.thousands(position)}")


def _queued(submission, position, expected) -> Step:
    if submission.stage == Submission.Stage.CHECK:
        return Step("Queued", "todo", _not_reached(submission))
    if submission.status == Status.CANCELLED:
        return Step("Queued", "fail", "cancelled")
    if submission.status == Status.QUEUED:
        if position is None:
            return Step("Queued", "now", "waits a moment before it is tried again")
        text = f"position {words.thousands(position)}"
        if expected:
            text = f"{text}, done in {_about(expected)}"
        return Step("Queued", "now", text)
    if submission.started_at is None:
        return Step("Queued", "done", "")
    queued_at = submission.stage_times.get(Submission.Stage.QUEUE)
    since = datetime.fromisoformat(queued_at) if queued_at else submission.started_at
    waited = words.span_text(submission.started_at - since)
    return Step("Queued", "done", f"waited {waited}")


def _running(submission, expected) -> Step:
    if submission.status == Status.RUNNING:
        stage = {"load": "loading", "predict": "predicting", "score": "scoring"}
        text = stage.get(submission.stage, "starting")
        if expected:
            text = f"{text}, done in {_about(expected)}"
        return Step("Running", "now", text)
    if submission.status == Status.SCORED:
        return Step("Running", "done", "")
    has_begun = submission.stage != Submission.Stage.CHECK
    if submission.status == Status.FAILED and has_begun:
        return Step("Running", "fail", "did not come to an end")
    return Step("Running", "todo", _not_reached(submission))


def _scored(submission) -> Step:
    if submission.status == Status.SCORED:
        return Step("Scored", "done", _clock(submission.finished_at))
    return Step("Scored", "todo", _not_reached(submission))


def _not_reached(submission) -> str:
    return "not reached" if submission.is_finished else ""


def _about(moment: datetime) -> str:
    """How long until then, coarsely enough that a page need not change each second."""
    seconds = max(5.0, (moment - timezone.now()).total_seconds())
    if seconds < 60:
        return f"about {-(-int(seconds) // 5) * 5}{words.GAP}s"
    return f"about {-(-int(seconds) // 60)}{words.GAP}min"


def _clock(moment):
    return f"{words.clock_text(moment)} {words.zone_text(moment)}"
