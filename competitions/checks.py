"""Trying a file on public rows before submitting it: ask, wait, submit, forget."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from competitions import actors, sample, services
from competitions.errors import Busy, TooMany, WrongState
from competitions.models import Check, Competition, Submission, Team
from podium.accounts.models import User
from podium.common.files import store_file
from podium.common.models import StoredFile
from podium.datasets import keeping

MOST_AN_HOUR = 30  # of one team
HOUR = timedelta(hours=1)
KEPT = timedelta(days=3)
WAIT_S = 60  # that a program waits for its answer
MOST_WAITING = 6  # programs at once, in one web process: pages need threads as well
_places = threading.BoundedSemaphore(MOST_WAITING)


def assert_possible(competition: Competition) -> None:
    """Raise WrongState where there are no rows in the open to check a file on."""
    if not sample.is_there(competition):
        raise WrongState(
            "This competition has no public sample to check a file on: submit it, and "
            "its page says whether it fits."
        )


def ask(
    *,
    competition: Competition,
    user: User,
    file,
    description: str = "",
    form_key: UUID | None = None,
    wanted_for: timedelta = HOUR,
) -> Check:
    """Take an uploaded file and put it in line for a check, which costs nothing.

    It is refused at the door as a submission would be, but for the quota. A page's
    form that is sent twice, with the same file, is one check.
    """
    team, _ = services.assert_may_submit(competition, user)
    assert_possible(competition)
    kind = services.check_at_the_door(competition, file)
    _assert_not_too_many(team)  # here as well: what is refused is not kept
    return _create(
        competition=competition,
        team=team,
        asked_by=user,
        artifact=store_file(file),
        file_name=file.name[-200:],
        format=kind,
        description=description[:500],
        form_key=form_key,
        device=competition.device,
        wanted_until=timezone.now() + wanted_for,
    )


@transaction.atomic
def _create(*, team: Team, artifact: StoredFile, form_key: UUID | None, **values):
    keeping.assert_kept([artifact])
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    if form_key:
        made = Check.objects.filter(team=team, form_key=form_key).first()
        if made and made.artifact_id == artifact.pk:
            return made
        form_key = None if made else form_key
    _assert_not_too_many(team)
    check = Check.objects.create(
        team=team, artifact=artifact, form_key=form_key, **values
    )
    transaction.on_commit(lambda: actors.wake(check.device), robust=True)
    return check


def _assert_not_too_many(team: Team) -> None:
    recent = Check.objects.filter(
        team=team, created_at__gt=timezone.now() - HOUR
    ).order_by("-created_at")
    last = recent.values_list("created_at", flat=True)[MOST_AN_HOUR - 1 : MOST_AN_HOUR]
    if last:
        raise TooMany(
            f"Your team has asked for {MOST_AN_HOUR} checks within an hour: submit the "
            "file, or wait a while.",
            retry_at=last[0] + HOUR,
        )


@contextmanager
def a_place_to_wait() -> Iterator[None]:
    """Room for one more program that waits; Busy where all of it is taken."""
    if not _places.acquire(blocking=False):
        raise Busy(
            "Many files are being checked just now: send it again in a few seconds.",
            retry_at=timezone.now() + timedelta(seconds=5),
        )
    try:
        yield
    finally:
        _places.release()


def wait_for(check: Check, seconds: float = WAIT_S) -> Check:
    """The check when it is done; Busy if it is not in time.

    Nothing of the database is held meanwhile: no transaction, and no connection.
    """
    end, pause = time.monotonic() + seconds, 0.05
    while time.monotonic() < end:
        check.refresh_from_db(fields=["status", "report", "finished_at"])
        if check.status == Check.Status.DONE:
            return check
        if check.is_finished:
            raise Busy(
                "Podium could not check this file. The fault is ours and was logged.",
                retry_at=timezone.now() + timedelta(minutes=1),
            )
        if not connection.in_atomic_block:
            connection.close()
        time.sleep(pause)
        pause = min(1.3 * pause, 0.5)
    raise Busy(
        f"The check has not ended within {seconds:g} s, for others are before it: send "
        "the file again in a minute, or submit it.",
        retry_at=timezone.now() + timedelta(minutes=1),
    )


def submit(
    *, check: Check, user: User, description: str, form_key: UUID | None = None
) -> Submission:
    """Submit the very file that was checked, without sending it again."""
    team, is_late = services.assert_may_submit(check.competition, user)
    submission = services.create_submission(
        competition=check.competition,
        team=team,
        submitted_by=user,
        artifact=check.artifact,
        file_name=check.file_name,
        format=check.format,
        description=description,
        is_late=is_late,
        form_key=form_key,
    )
    Check.objects.filter(pk=check.pk).update(submission=submission)
    return submission


def forget_old() -> int:
    """Remove checks of some days ago, with the files that nothing else holds."""
    return forget(Check.objects.filter(created_at__lt=timezone.now() - KEPT))


def forget(checks) -> int:
    """Remove some checks and give their files back; return how many there were."""
    rows = dict(checks.values_list("pk", "artifact_id"))
    Check.objects.filter(pk__in=rows).delete()
    keeping.reclaim(set(rows.values()))
    return len(rows)
