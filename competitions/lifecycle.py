"""How a submission moves: claim, renew, keep predictions, score, fail, release.

A claim is a conditional update and results are written only while the claim's attempt
number still holds, so a worker that was given up for dead can spoil nothing. Leases
are reckoned by the database's clock, which all machines share.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.db import close_old_connections, connections, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from competitions import leaderboard, news, quota
from competitions.models import Competition, Predictions, Score, Submission, Team
from podium.common.models import StoredFile
from scoring import artifact
from scoring.errors import SubmissionError
from scoring.sandbox import Usage

log = structlog.get_logger(__name__)

Status, Stage, Work = Submission.Status, Submission.Stage, Submission.Work

LEASE = timedelta(seconds=20)
HEARTBEAT_S = 5.0
RUNS = 3  # runs that fail by our fault before the submission does
WAITS = (timedelta(seconds=10), timedelta(minutes=2))  # after the first, the second


class ClaimLost(Exception):
    """Somebody else holds the submission now: write nothing more about it."""


@dataclass
class Claim:
    """A worker's hold on a submission, numbered by its attempt."""

    submission: Submission
    attempt: int
    worker: str

    @property
    def is_check(self) -> bool:
        return self.submission.work == Work.CHECK

    @property
    def told(self) -> dict:
        """What the log says of it."""
        return {"submission_id": self.submission.pk, "attempt": self.attempt}

    def row(self):
        """The submission while this claim holds it; empty afterwards."""
        status = Status.CHECKING if self.is_check else Status.RUNNING
        return Submission.objects.filter(
            pk=self.submission.pk, attempt=self.attempt, status=status
        )


def waiting(devices: tuple[str, ...] = ("cpu", "gpu", "any")):
    """Submissions in line now, in the order in which they are served.

    The oldest submission of the team that was served longest ago is next.
    """
    return Submission.objects.filter(
        Q(not_before=None) | Q(not_before__lte=Now()),
        status__in=(Status.CHECKING, Status.QUEUED),
        lease_until=None,
        device__in=devices,
    ).order_by(F("team__served_at").asc(nulls_first=True), "created_at", "pk")


def claim_next(
    *,
    worker: str,
    work: tuple[str, ...] = (Work.CHECK, Work.PREDICT, Work.SCORE),
    devices: tuple[str, ...] = ("cpu", "any"),
) -> Claim | None:
    """Take the next submission in line, or None if none waits."""
    while True:
        candidate = (
            waiting(devices)
            .filter(work__in=work)
            .values("pk", "attempt", "team_id", "work")
            .first()
        )
        if candidate is None:
            return None
        claim = _claim(candidate, worker)
        if claim:
            log.info("submission claimed", **claim.told, worker=worker)
            return claim


@transaction.atomic
def _claim(candidate: dict, worker: str) -> Claim | None:
    is_check = candidate["work"] == Work.CHECK
    stage = {Work.CHECK: Stage.CHECK, Work.SCORE: Stage.SCORE}.get(
        candidate["work"], Stage.LOAD
    )
    taken = Submission.objects.filter(
        pk=candidate["pk"],
        attempt=candidate["attempt"],
        status=Status.CHECKING if is_check else Status.QUEUED,
        lease_until=None,
    ).update(
        status=Status.CHECKING if is_check else Status.RUNNING,
        attempt=F("attempt") + 1,
        lease_until=Now() + LEASE,
        claimed_by=worker,
        not_before=None,
        stage=stage,
    )
    if not taken:  # another worker was first
        return None
    Team.objects.filter(pk=candidate["team_id"]).update(served_at=Now())
    submission = Submission.objects.select_related(
        "competition", "team", "artifact", "hidden_test_set"
    ).get(pk=candidate["pk"])
    now = timezone.now()
    if not is_check:
        submission.started_at = submission.started_at or now
    submission.stage_times = {**submission.stage_times, stage: now.isoformat()}
    submission.save(update_fields=["started_at", "stage_times"])
    return Claim(submission, submission.attempt, worker)


@contextmanager
def renewing(claim: Claim) -> Iterator[threading.Event]:
    """Renew the lease while the block runs; the event is set when the claim is lost."""
    lost, ended = threading.Event(), threading.Event()

    def beat():
        while not ended.wait(HEARTBEAT_S):
            try:
                if not claim.row().update(lease_until=Now() + LEASE):
                    lost.set()
                    return
            except Exception:  # the database is away: the next beat may reach it
                log.exception("lease not renewed", **claim.told)
            finally:
                close_old_connections()

    thread = threading.Thread(target=_closing(beat), name="lease", daemon=True)
    thread.start()
    try:
        yield lost
    finally:
        ended.set()
        thread.join(HEARTBEAT_S)


def _closing(function):
    """Run a thread's function and give its database connection back."""

    def run():
        try:
            function()
        finally:
            connections.close_all()

    return run


def advance(claim: Claim, stage: str) -> None:
    """Say which stage a run has reached."""
    submission = claim.submission
    submission.stage = stage
    submission.stage_times[stage] = timezone.now().isoformat()
    hold(claim.row().update(stage=stage, stage_times=submission.stage_times))


@transaction.atomic
def record_predictions(
    claim: Claim, *, stored: StoredFile, sha256: str, usage: Usage, printed: str
) -> None:
    """Keep what the model answered; from here on the run is only a matter of labels."""
    submission = claim.submission
    now = timezone.now().isoformat()
    submission.stage_times[Stage.SCORE] = now
    hold(
        claim.row().update(
            work=Work.SCORE,
            stage=Stage.SCORE,
            stage_times=submission.stage_times,
            usage=usage_as_json(usage),
            printed=storable(printed),
        )
    )
    Predictions.objects.update_or_create(
        submission=submission,
        hidden_test_set=submission.hidden_test_set,
        defaults={"stored": stored, "sha256": sha256},
    )


@transaction.atomic
def record_scores(claim: Claim, scores: dict[str, dict[str, float]]) -> None:
    """Write a run's scores, by split and metric, and its team's lines on the board."""
    submission = claim.submission
    # The competition's row first: whoever changes ranks holds it.
    competition = Competition.objects.select_for_update(no_key=True).get(
        pk=submission.competition_id
    )
    submission.refresh_from_db(fields=["team"])  # it may have merged meanwhile
    ranking = leaderboard.metric_name(competition.metrics[0])
    public = scores["public"][ranking]
    now = timezone.now()
    hold(
        claim.row().update(
            status=Status.SCORED,
            stage=Stage.DONE,
            stage_times={**submission.stage_times, Stage.DONE: now.isoformat()},
            lease_until=None,
            finished_at=now,
            public_score=public,
            public_key=leaderboard.sort_key(public, competition.direction),
        )
    )
    Score.objects.filter(
        submission=submission, hidden_test_set=submission.hidden_test_set
    ).delete()
    Score.objects.bulk_create(
        Score(
            submission=submission,
            hidden_test_set=submission.hidden_test_set,
            split=split,
            metric=metric,
            value=value,
        )
        for split, by_metric in scores.items()
        for metric, value in by_metric.items()
    )
    if not submission.is_late:
        leaderboard.update_team(competition, submission.team)
    news.tell_scored(competition, submission)
    log.info("submission scored", **claim.told)


@transaction.atomic
def fail_submission(claim: Claim, error: SubmissionError) -> None:
    """End a run that the submission itself spoilt, and tell its team."""
    submission = claim.submission
    message = error.message
    if artifact.is_predictions(submission.format) and error.detail:
        message = f"{message} {error.detail}"  # its author wrote every row of it
    hold(
        finish(
            claim.row(),
            reason=error.reason,
            message=storable(message),
            detail=storable(error.detail),
            printed=storable(error.printed),
            usage=usage_as_json(error.usage) if error.usage else None,
            stage_times=submission.stage_times,
        )
    )
    news.tell_failed(submission)
    log.info("submission failed", **claim.told, reason=error.reason)


@transaction.atomic
def release_submission(claim: Claim, detail: str) -> None:
    """Put a run that we spoilt back in line; the third time, fail it as ours."""
    submission = Submission.objects.select_for_update(no_key=True).get(
        pk=claim.submission.pk
    )
    if submission.attempt != claim.attempt or submission.lease_until is None:
        return  # the sweep was faster, or somebody cancelled it
    _count_fault(submission, detail)


def hand_back(claim: Claim) -> None:
    """Put a run back in line at no cost: its worker was told to stop."""
    claim.row().update(**_in_line(claim.submission), lease_until=None, claimed_by="")
    log.info("submission handed back", **claim.told)


def _in_line(submission: Submission) -> dict:
    """Status and stage of what waits for its next piece of work."""
    if submission.work == Work.CHECK:
        return {"status": Status.CHECKING, "stage": Stage.CHECK}
    return {"status": Status.QUEUED, "stage": Stage.QUEUE}


def take_back_lapsed() -> int:
    """Put back in line what dead workers held; return how many there were."""
    lapsed = Submission.objects.filter(lease_until__lt=Now())
    count = 0
    for pk in lapsed.values_list("pk", flat=True):
        with transaction.atomic():
            submission = lapsed.select_for_update(no_key=True).filter(pk=pk).first()
            if submission:
                _count_fault(submission, f"{submission.claimed_by} stopped answering.")
                count += 1
    return count


def _count_fault(submission: Submission, detail: str) -> None:
    """Queue a held row again after a wait, or fail it as ours after the last run."""
    submission.faults += 1
    submission.lease_until = None
    log.warning(
        "run spoilt by a fault of ours",
        submission_id=submission.pk,
        attempt=submission.attempt,
        faults=submission.faults,
        detail=detail[:500],
    )
    if submission.faults < RUNS:
        submission.status, submission.stage = _in_line(submission).values()
        wait = WAITS[submission.faults - 1]
        Submission.objects.filter(pk=submission.pk).update(not_before=Now() + wait)
        submission.save(update_fields=["faults", "lease_until", "status", "stage"])
        return
    submission.save(update_fields=["faults"])
    finish(
        Submission.objects.filter(pk=submission.pk),
        reason=Submission.Reason.PLATFORM_FAULT,
        message=(
            "Podium could not run this submission, three times in a row. The fault is "
            "ours: your team has its submission back, and the host was told."
        ),
        detail=detail,
        stage_times=submission.stage_times,
    )
    quota.refund(submission, cause="platform_fault")
    news.tell_failed(submission)


def finish(rows, *, stage_times: dict, **values) -> int:
    """Turn rows to failed; the stage stays, for it says where the run ended."""
    now = timezone.now()
    return rows.update(
        status=Status.FAILED,
        stage_times={**stage_times, Stage.DONE: now.isoformat()},
        lease_until=None,
        finished_at=now,
        **values,
    )


def hold(updated: int) -> None:
    """Refuse to go on where an update of a claim's row changed nothing."""
    if not updated:
        raise ClaimLost


def usage_as_json(usage: Usage) -> dict:
    """A run's usage as it is kept: exact, which only the host may read."""
    return {
        "seconds": usage.seconds,
        "peak_mb": usage.peak_mb,
        "stages": usage.stages,
        "device": usage.device,
    }


def storable(text: str) -> str:
    """Text of a model as both databases take it: whole characters, no zero bytes."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return whole.replace("\0", "\N{REPLACEMENT CHARACTER}")
