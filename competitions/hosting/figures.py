"""What a host's dashboard shows, in a number of queries that does not grow."""

from collections import Counter
from datetime import timedelta

from django.db.models import Count, Max, Min, Q, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from competitions import leaderboard
from competitions.models import (
    Competition,
    LeaderboardEntry,
    Predictions,
    SourceFile,
    Split,
    Submission,
)
from podium.common.models import StoredFile

DAYS = 28
SHOWN = 8  # of the queue
Status = Submission.Status


def counts(competition: Competition) -> dict:
    """Submissions by where they stand, and how many came today and yesterday."""
    today = timezone.localdate()
    return Submission.objects.filter(competition=competition).aggregate(
        waiting=Count("pk", filter=Q(status__in=(Status.CHECKING, Status.QUEUED))),
        running=Count("pk", filter=Q(status=Status.RUNNING)),
        scored=Count("pk", filter=Q(status=Status.SCORED)),
        failed=Count("pk", filter=Q(status=Status.FAILED)),
        today=Count("pk", filter=Q(created_at__date=today)),
        yesterday=Count("pk", filter=Q(created_at__date=today - timedelta(days=1))),
    )


def queue(competition: Competition):
    """What runs and what waits, the oldest first."""
    return (
        Submission.objects.filter(
            competition=competition,
            status__in=(Status.CHECKING, Status.QUEUED, Status.RUNNING),
        )
        .select_related("team")
        .order_by("created_at", "pk")[:SHOWN]
    )


def per_day(competition: Competition) -> list[dict]:
    """The last days: how many were scored, failed, and came otherwise."""
    first = timezone.localdate() - timedelta(days=DAYS - 1)
    found = (
        Submission.objects.filter(competition=competition, created_at__date__gte=first)
        .annotate(day=TruncDate("created_at"))
        .values("day", "status")
        .annotate(count=Count("pk"))
        .order_by("day")
    )
    by_day: dict = {}
    for row in found:
        by_day.setdefault(row["day"], Counter())[row["status"]] += row["count"]
    days = [first + timedelta(days=number) for number in range(DAYS)]
    return [
        {
            "day": day,
            "scored": by_day.get(day, {}).get(Status.SCORED, 0),
            "failed": by_day.get(day, {}).get(Status.FAILED, 0),
            "all": sum(by_day.get(day, {}).values()),
        }
        for day in days
    ]


def failures(competition: Competition) -> list[dict]:
    """Why submissions failed, how often, of how many teams, with the last example."""
    found = list(
        Submission.objects.filter(competition=competition, status=Status.FAILED)
        .order_by()  # the model's own order would part the groups
        .values("reason")
        .annotate(count=Count("pk"), teams=Count("team", distinct=True), last=Max("pk"))
        .order_by("-count", "reason")
    )
    examples = Submission.objects.select_related("team").in_bulk(
        [row["last"] for row in found]
    )
    total = sum(row["count"] for row in found) or 1
    return [
        {**row, "share": 100 * row["count"] / total, "example": examples[row["last"]]}
        for row in found
    ]


def teams(competition: Competition) -> dict:
    """How many teams there are, stand on the board, and stand above a baseline."""
    entries = LeaderboardEntry.objects.filter(
        competition=competition, split=Split.PUBLIC
    )
    best = entries.filter(is_baseline=True).aggregate(key=Min("sort_key"))["key"]
    own = entries.filter(is_baseline=False)
    above = own.filter(sort_key__lt=best) if best is not None else own.none()
    return {
        "all": competition.team_count,
        "ranked": own.count(),
        "above": above.count() if best is not None else None,
        "disqualified": competition.teams.exclude(disqualified_at=None).count(),
    }


def progress(competition: Competition) -> list[tuple]:
    """The best public score up to each day on which one was made, as (day, score)."""
    found = (
        Submission.objects.filter(
            competition=competition,
            status=Status.SCORED,
            is_late=False,
            team__is_baseline=False,
            team__disqualified_at=None,
        )
        .annotate(day=TruncDate("created_at"))
        .order_by()
        .values("day")
        .annotate(key=Min("public_key"))
        .order_by("day")
    )
    best, steps = None, []
    sign = -1 if competition.direction == Competition.Direction.MAXIMIZE else 1
    for row in found:
        if best is None or row["key"] < best:
            best = row["key"]
            steps.append((row["day"], sign * best))
    return steps


def storage(competition: Competition) -> dict:
    """Bytes that this competition keeps, each file counted once."""
    own = Submission.objects.filter(competition=competition)
    parts = {
        "models": own.values("artifact"),
        "predictions": Predictions.objects.filter(submission__in=own).values("stored"),
        "files": SourceFile.objects.filter(competition=competition).values("stored"),
    }
    sizes = {
        name: StoredFile.objects.filter(pk__in=stored).aggregate(sum=Sum("size"))["sum"]
        or 0
        for name, stored in parts.items()
    }
    return {**sizes, "all": sum(sizes.values())}


def metric_name(competition: Competition) -> str:
    """The ranking metric as scores are filed under it."""
    return leaderboard.metric_name(competition.metrics[0])
