"""The ledger: charge, refund, what is left."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from competitions.errors import QuotaSpent
from competitions.models import Competition, QuotaEntry, Submission, Team

CAUSES = {
    "submitted": "submitted",
    "cancelled": "cancelled before it ran",
    "platform_fault": "a fault of ours",
    "check": "failed in the check",
}


@dataclass(frozen=True)
class Left:
    """What a team may still submit; None where there is no end."""

    today: int | None
    total: int | None
    renews_at: datetime  # when the day's quota is whole again

    @property
    def is_spent(self) -> bool:
        return self.today == 0 or self.total == 0


def left(team: Team, competition: Competition, now: datetime | None = None) -> Left:
    """What is left of a team's quota, from its rows alone."""
    return left_by_team([team.pk], competition, now)[team.pk]


def left_by_team(
    team_ids: Collection[int], competition: Competition, now: datetime | None = None
) -> dict[int, Left]:
    """What is left of the quotas of several teams, read at once."""
    today = _day(competition, now or timezone.now())
    renews_at = _start_of(competition, today + timedelta(days=1))
    used = {
        row["team"]: row
        for row in QuotaEntry.objects.filter(team__in=team_ids)
        .values("team")
        .annotate(total=Sum("amount"), today=Sum("amount", filter=Q(day=today)))
    }
    nothing: dict = {}
    return {
        team_id: Left(
            today=_remaining(
                competition.quota_per_day, used.get(team_id, nothing).get("today")
            ),
            total=_remaining(
                competition.quota_total, used.get(team_id, nothing).get("total")
            ),
            renews_at=renews_at,
        )
        for team_id in team_ids
    }


def used_by_team(team_ids: Collection[int]) -> dict[int, int]:
    """What each team has used in all: its charges without those given back."""
    sums = (
        QuotaEntry.objects.filter(team__in=team_ids)
        .values("team")
        .annotate(used=Sum("amount"))
    )
    return {row["team"]: row["used"] for row in sums}


def most_until(competition: Competition, now: datetime) -> int | None:
    """The most submissions one team could have made by now; None if there is no end.

    The daily quota for each day since the opening, today included, in the
    competition's time zone, and never more than the total.
    """
    bounds = []
    if competition.quota_per_day is not None:
        days = _day(competition, now) - _day(competition, competition.opens_at)
        bounds.append(competition.quota_per_day * (max(0, days.days) + 1))
    if competition.quota_total is not None:
        bounds.append(competition.quota_total)
    return min(bounds, default=None)


def entries(team: Team) -> QuerySet[QuotaEntry]:
    """A team's ledger, the newest row first."""
    return (
        QuotaEntry.objects.filter(team=team)
        .select_related("submission__submitted_by")
        .order_by("-created_at", "-pk")
    )


def cause_words(cause: str) -> str:
    """Why a row was written, as people read it."""
    return CAUSES.get(cause, cause.replace("_", " "))


def assert_left(team: Team, competition: Competition, now: datetime) -> None:
    """Refuse where a team has used its quota."""
    remaining = left(team, competition, now)
    if remaining.total == 0:
        raise QuotaSpent(
            f"Your team has used all {competition.quota_total} submissions of this "
            "competition."
        )
    if remaining.today == 0:
        raise QuotaSpent(
            f"Your team has used its {competition.quota_per_day} submissions of today; "
            f"the next one is possible at {remaining.renews_at:%H:%M} "
            f"({competition.time_zone}).",
            retry_at=remaining.renews_at,
        )


def charge(submission: Submission) -> None:
    """Charge one submission; the caller holds the team's row, so none is overdrawn."""
    competition = submission.competition
    assert_left(submission.team, competition, submission.created_at)
    QuotaEntry.objects.create(
        team=submission.team,
        submission=submission,
        kind=QuotaEntry.Kind.CHARGE,
        amount=1,
        day=_day(competition, submission.created_at),
        cause="submitted",
    )
    submission.charged = True
    submission.save(update_fields=["charged"])


def refund(submission: Submission, cause: str) -> None:
    """Give a charge back, for the day it was made; without a charge, nothing."""
    charged = QuotaEntry.objects.filter(
        submission=submission, kind=QuotaEntry.Kind.CHARGE
    ).first()
    if charged is None:
        return
    QuotaEntry.objects.get_or_create(
        submission=submission,
        kind=QuotaEntry.Kind.REFUND,
        defaults={
            "team": charged.team,
            "amount": -1,
            "day": charged.day,
            "cause": cause,
        },
    )
    submission.charged = False
    submission.save(update_fields=["charged"])


def _remaining(allowed: int | None, used: int | None) -> int | None:
    return None if allowed is None else max(0, allowed - (used or 0))


def _day(competition: Competition, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(competition.time_zone)).date()


def _start_of(competition: Competition, day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(competition.time_zone))
