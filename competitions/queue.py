"""The line as it stands now: who is how far from being served, and until when."""

import os
from collections.abc import Iterable
from datetime import datetime, timedelta
from math import ceil
from statistics import median

from django.conf import settings
from django.utils import timezone

from competitions.models import Submission

Status = Submission.Status
WAITING = (Status.CHECKING, Status.QUEUED)  # where nobody holds them
RECENT = 20  # finished runs that tell how long one takes


class Line:
    """All that waits, read once, however many submissions are asked about.

    Teams are served in turn, so of every other team at most one submission more than
    this team has before it comes first. What is checked and not submitted is left out:
    it takes a worker a second.
    """

    def __init__(self):
        self._teams: dict[int, list[tuple]] = {}
        waiting = Submission.objects.filter(
            status__in=WAITING, lease_until=None
        ).values_list("team_id", "team__served_at", "created_at", "pk")
        for team_id, served_at, created_at, pk in waiting:
            # Never served goes first; of one team, the oldest.
            key = (served_at is not None, served_at or created_at, created_at, pk)
            self._teams.setdefault(team_id, []).append(key)
        for line in self._teams.values():
            line.sort()

    def position(self, submission: Submission) -> int | None:
        """The place of a waiting submission; 1 is next, None if it does not wait."""
        mine = self._teams.get(submission.team_id, [])
        places = [key[-1] for key in mine]
        if submission.pk not in places:
            return None
        before = places.index(submission.pk)
        position = before + 1
        for team_id, line in self._teams.items():
            if team_id != submission.team_id:
                turns = before + 1 if line[0] < mine[0] else before
                position += min(len(line), turns)
        return position


class Expectation:
    """How long runs of one competition take, from those that finished last."""

    def __init__(self, competition_id: int):
        finished = Submission.objects.filter(
            competition=competition_id,
            status__in=(Status.SCORED, Status.FAILED),
            started_at__isnull=False,
        ).order_by("-created_at", "-pk")
        times = list(finished.values_list("started_at", "finished_at")[:RECENT])
        self.duration = _median(end - start for start, end in times)

    def finish(self, submission: Submission, position: int | None) -> datetime | None:
        """When a submission should be done; None when nothing is known of that.

        The workers take what is before it in rounds, each as long as the median run.
        """
        if self.duration is None:
            return None
        now = timezone.now()
        if position is not None:
            return now + self.duration * ceil(position / workers())
        if submission.status == Status.CHECKING:
            return now + self.duration
        if submission.status == Status.RUNNING:
            expected = submission.started_at + self.duration
            return expected if expected > now else None
        return None


def workers() -> int:
    """How many submissions run at once."""
    if settings.DEVICES.startswith("gpu:"):
        return len(settings.DEVICES.split(","))
    return settings.WORKERS or len(os.sched_getaffinity(0))


def _median(durations: Iterable[timedelta]) -> timedelta | None:
    seconds = [duration.total_seconds() for duration in durations]
    return timedelta(seconds=median(seconds)) if seconds else None
