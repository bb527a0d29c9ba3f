"""Who is told what: submissions that ended, competitions that open and close."""

from datetime import timedelta

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from competitions import leaderboard
from competitions.models import (
    Admission,
    Asked,
    Competition,
    LeaderboardEntry,
    Membership,
    Split,
    Submission,
    TeamInvitation,
)
from podium.accounts.models import User
from podium.common import words
from podium.notices import services as notices
from podium.notices.models import Kind, Watch

SOON = timedelta(days=1)
# Told late rather than never where the scheduler was away, but not as if it were new.
LATE = timedelta(days=2)


def tell_scored(competition: Competition, submission: Submission) -> None:
    """Tell a team what came of its submission, and where that puts it."""
    team = submission.team
    if team.is_baseline:
        return
    submission.refresh_from_db(fields=["public_score"])
    entries = LeaderboardEntry.objects.filter(team=team, split=Split.PUBLIC)
    entry = entries.with_rank().first()
    context = {
        "number": submission.number,
        "competition": competition.title,
        "team": team.name,
        "score": _score(competition, submission.public_score),
        "is_late": submission.is_late or entry is None,
        "is_best": entry is not None and entry.submission_id == submission.pk,
        "best": _score(competition, entry.score) if entry else "",
        "rank": words.thousands(entry.rank) if entry else "",
        "teams": words.thousands(competition.team_count),
    }
    _tell_team(submission, Kind.SUBMISSION_SCORED, context)


def tell_failed(submission: Submission) -> None:
    """Tell a team why its submission ended; of a fault of ours, the host as well."""
    submission.refresh_from_db(fields=["message", "reason", "charged", "team"])
    context = {
        "number": submission.number,
        "competition": submission.competition.title,
        "team": submission.team.name,
        "message": submission.message,
        "charged": submission.charged,
    }
    if not submission.team.is_baseline:
        _tell_team(submission, Kind.SUBMISSION_FAILED, context)
    if submission.reason == Submission.Reason.PLATFORM_FAULT:
        notices.notify(
            users=[submission.competition.host],
            kind=Kind.SUBMISSION_FAILED,
            subject=_subject(submission),
            context=context | {"for_host": True},
            url=_page(submission),
        )


def _tell_team(submission: Submission, kind: str, context: dict) -> None:
    notices.notify(
        users=submission.team.members.all(),
        kind=kind,
        subject=_subject(submission),
        context=context,
        url=_page(submission),
    )


def _subject(submission: Submission) -> str:
    return f"submission:{submission.pk}"


def _page(submission: Submission) -> str:
    return reverse("submission", args=[submission.pk])


def _score(competition: Competition, value: float) -> str:
    shown = leaderboard.shown_score(competition, value)
    return words.score_text(shown, competition.feedback_digits)


def announce(now=None) -> None:
    """Tell of what time alone brings about; called again and again, tells it once."""
    now = now or timezone.now()
    published = Competition.objects.filter(published_at__isnull=False)
    running = published.filter(finalised_at=None).select_related("host")
    # One that was published after its opening opens for nobody.
    for competition in running.filter(
        opens_at__gt=now - LATE, opens_at__lte=now, published_at__lt=F("opens_at")
    ):
        _announce(competition, Kind.COMPETITION_OPENS, competition.opens_at)
    for competition in running.filter(
        closes_at__gt=now, closes_at__lte=now + SOON, opens_at__lte=now
    ):
        if competition.closes_at - competition.opens_at > SOON:
            _announce(competition, Kind.COMPETITION_CLOSES_SOON, competition.closes_at)
    for competition in published.filter(closes_at__gt=now - LATE, closes_at__lte=now):
        _announce(competition, Kind.COMPETITION_CLOSED, competition.closes_at)
    _announce_deadlines(running.filter(archived_at=None, opens_at__lte=now), now)


def _announce_deadlines(running: QuerySet[Competition], now) -> None:
    """Tell of the last day to join, and of the last one to change teams.

    Not where that is the close itself, which is told, or was near from the start.
    """
    for which in ("entry", "team"):
        field = f"{which}_deadline"
        near = running.filter(
            Q(closes_at=None) | Q(**{f"{field}__lt": F("closes_at")}),
            **{f"{field}__gt": now, f"{field}__lte": now + SOON},
        )
        if which == "team":
            near = near.filter(team_max_size__gt=1)
        for competition in near:
            deadline = getattr(competition, field)
            if deadline - competition.opens_at > SOON:
                _announce_deadline(competition, which, deadline)


def _announce_deadline(competition: Competition, which: str, deadline) -> None:
    pages = {"entry": "competitions:rules", "team": "competitions:team"}
    notices.announce(
        users=_concerned_by_deadline(competition, which).iterator(),
        kind=Kind.DEADLINE_SOON,
        subject=f"{watched(competition)}:{which}:{deadline:%Y%m%dT%H%M%S}",
        context={
            "which": which,
            "competition": competition.title,
            "until": words.moment_text(deadline),
        },
        url=reverse(pages[which], args=[competition.slug]),
    )


def _concerned_by_deadline(competition: Competition, which: str) -> QuerySet[User]:
    """Of changing teams all participants; of joining, those who may still want to.

    These are who waited for the opening, was let in, or is invited to a team.
    """
    members = Membership.objects.filter(competition=competition).values("user")
    if which == "team":
        return User.objects.filter(pk__in=members)
    watching = Watch.objects.filter(subject=watched(competition))
    if competition.visibility != Competition.Visibility.PUBLIC:
        watching = watching.none()
    admitted = Admission.objects.filter(competition=competition, state="approved")
    invited = TeamInvitation.objects.filter(
        team__competition=competition, state=Asked.WAITING
    )
    return User.objects.filter(
        Q(pk__in=watching.values("user"))
        | Q(pk__in=admitted.values("user"))
        | Q(pk__in=invited.values("user"))
    ).exclude(pk__in=members)


_PAGES = {
    Kind.COMPETITION_OPENS: "competitions:overview",
    Kind.COMPETITION_CLOSES_SOON: "competitions:submissions",
    Kind.COMPETITION_CLOSED: "competitions:leaderboard",
}


def _announce(competition: Competition, kind: Kind, moment) -> None:
    hidden = competition.hidden_test_set
    notices.announce(
        users=_concerned(competition, kind).iterator(),
        kind=kind,
        # The moment too: a competition that is prolonged closes soon once more.
        subject=f"{watched(competition)}:{moment:%Y%m%dT%H%M%S}",
        context={
            "competition": competition.title,
            "closes_at": words.moment_text(competition.closes_at)
            if competition.closes_at
            else "",
            "finals": competition.finals if hidden and hidden.private_rows else 0,
            "has_private": bool(hidden and hidden.private_rows),
        },
        url=reverse(_PAGES[kind], args=[competition.slug]),
    )


def _concerned(competition: Competition, kind: Kind) -> QuerySet[User]:
    """The host, and participants; of an opening, before which none is, who waits."""
    if kind == Kind.COMPETITION_OPENS:
        others = Watch.objects.filter(subject=watched(competition))
        if competition.visibility != Competition.Visibility.PUBLIC:
            others = others.none()  # it was public when they began to wait
    else:
        others = Membership.objects.filter(competition=competition)
    return User.objects.filter(
        Q(pk=competition.host_id) | Q(pk__in=others.values("user"))
    )


def watched(competition: Competition) -> str:
    """What somebody waits for who asks to be told when a competition opens."""
    return f"competition:{competition.pk}"


def is_waited_for(competition: Competition) -> bool:
    """Whether asking to be told of the opening makes sense."""
    return competition.status == Competition.Status.SCHEDULED
