"""A host's deeds that others feel: publish, disqualify, reinstate, announce."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from competitions import folders, leaderboard
from competitions.errors import BadRequest, WrongState
from competitions.hosting import reports
from competitions.models import (
    AuditEntry,
    Competition,
    HostNews,
    HostReport,
    Membership,
    Team,
)
from podium.accounts.models import User
from podium.notices import services as notices
from podium.notices.models import Kind


def _audit(user: User, competition: Competition, action: str, target="", **detail):
    AuditEntry.objects.create(
        actor=user,
        competition=competition,
        action=action,
        target=str(target or competition.slug)[:200],
        detail=detail,
    )


def launch_problem(competition: Competition) -> str:
    """What keeps a draft from being published; empty where nothing does."""
    if competition.published_at:
        return "It is published already."
    report = reports.report_of(competition, HostReport.Kind.LAUNCH)
    if report is None:
        return "Run the launch check first: it looks at the data before anybody does."
    if report.status == HostReport.Status.WAITING:
        return "The launch check is still running."
    if report.read_at is None:
        return "Read the report of the launch check first, to its end."
    return ""


@transaction.atomic
def publish(*, competition: Competition, user: User) -> Competition:
    """Publish a draft whose launch check somebody has read."""
    if problem := launch_problem(competition):
        raise WrongState(problem)
    competition = folders.publish(competition)
    _audit(user, competition, "publish_competition")
    return competition


@transaction.atomic
def disqualify(*, team: Team, user: User, reason: str) -> Team:
    """Take a team off every board, for a reason that its members are told."""
    reason = reason.strip()
    if not reason:
        raise BadRequest("Say why: the team reads it.")
    team = _judge(team, at=timezone.now(), reason=reason[:500])
    _audit(user, team.competition, "disqualify_team", team.name, reason=reason[:500])
    return team


@transaction.atomic
def reinstate(*, team: Team, user: User) -> Team:
    """Put a disqualified team back on the boards."""
    team = _judge(team, at=None, reason="")
    _audit(user, team.competition, "reinstate_team", team.name)
    return team


def _judge(team: Team, at, reason: str) -> Team:
    competition = Competition.objects.select_for_update(no_key=True).get(
        pk=team.competition_id
    )
    team = Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    if team.is_baseline:
        raise WrongState("A baseline is nobody's, so it cannot be disqualified.")
    if bool(team.disqualified_at) == bool(at):
        state = "disqualified already" if at else "not disqualified"
        raise WrongState(f"{team.name} is {state}.")
    team.disqualified_at, team.disqualified_for = at, reason
    team.save(update_fields=["disqualified_at", "disqualified_for"])
    leaderboard.update_team(competition, team)
    notices.notify(
        users=team.members.all(),
        kind=Kind.TEAM_JUDGED,
        subject=f"team:{team.pk}:{timezone.now():%Y%m%dT%H%M%S}",
        context={
            "competition": competition.title,
            "team": team.name,
            "reason": reason,
        },
        url=reverse("competitions:leaderboard", args=[competition.slug]),
    )
    team.competition = competition
    return team


@transaction.atomic
def announce(*, competition: Competition, user: User, title: str, text: str):
    """Tell everybody who takes part; it stands on the competition's page as well."""
    if competition.published_at is None:
        raise WrongState("Nobody takes part in a draft: publish it first.")
    news = HostNews.objects.create(
        competition=competition, title=title, text=text, author=user
    )
    members = Membership.objects.filter(competition=competition)
    notices.notify(
        users=User.objects.filter(pk__in=members.values("user")).iterator(),
        kind=Kind.HOST_NEWS,
        subject=f"news:{news.pk}",
        context={
            "competition": competition.title,
            "headline": title,
            "text": text[:400],
        },
        url=reverse("competitions:overview", args=[competition.slug]),
    )
    _audit(user, competition, "announce", title)
    return news
