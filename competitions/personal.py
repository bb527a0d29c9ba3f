"""What competitions keep of a person, to take along or to forget."""

from pathlib import PurePosixPath

from django.db.models import Count

from competitions import checks, leaderboard
from competitions.models import (
    Admission,
    AllowedAddress,
    Check,
    Competition,
    Membership,
    Submission,
    Team,
    TeamInvitation,
)
from podium.accounts.models import User
from podium.accounts.personal import Keeper

NOBODY = "Deleted participant"


def _export(user: User) -> dict:
    memberships = Membership.objects.filter(user=user).select_related(
        "competition", "team", "rules_version"
    )
    submissions = Submission.objects.filter(submitted_by=user).select_related(
        "competition", "team"
    )
    hosted = Competition.objects.filter(host=user).order_by("pk")
    return {
        "competitions.json": [_membership(one) for one in memberships.order_by("pk")],
        "submissions.json": [_submission(one) for one in submissions.order_by("pk")],
        "team_invitations.json": [
            {
                "competition": one.team.competition.slug,
                "team": one.team.name,
                "state": one.state,
                "created_at": one.created_at,
            }
            for one in user.team_invitations.select_related("team__competition")
        ],
        "admissions.json": [
            {
                "competition": one.competition.slug,
                "state": one.state,
                "message": one.message,
                "created_at": one.created_at,
            }
            for one in user.admissions.select_related("competition")
        ],
        "hosted_competitions.json": list(
            hosted.values("slug", "title", "created_at", "published_at")
        ),
    }


def _membership(membership: Membership) -> dict:
    return {
        "competition": membership.competition.slug,
        "team": membership.team.name,
        "joined_at": membership.joined_at,
        "rules_version": membership.rules_version.number,
    }


def _submission(submission: Submission) -> dict:
    """As its team reads it: never a private score, never what hidden rows told."""
    fields = (
        *("id", "number", "file_name", "format", "description", "status", "reason"),
        *("message", "charged", "selected", "is_late", "created_at", "finished_at"),
    )
    return {name: getattr(submission, name) for name in fields} | {
        "competition": submission.competition.slug,
        "team": submission.team.name,
        "artifact_sha256": submission.artifact.sha256,
        "public_score": leaderboard.shown_score(
            submission.competition, submission.public_score
        ),
    }


def _obstacles(user: User) -> list[str]:
    """A competition that runs needs its host."""
    live = (Competition.Status.OPEN, Competition.Status.SCHEDULED)
    return [
        f"You host “{competition.title}”, which is {competition.status}: wait for its "
        "end, or ask staff to give it to another host."
        for competition in Competition.objects.filter(host=user)
        if competition.status in live
    ]


def _forget(user: User) -> None:
    TeamInvitation.objects.filter(user=user).delete()
    Admission.objects.filter(user=user).delete()
    if user.email:
        AllowedAddress.objects.filter(pattern=user.email.lower()).delete()
    mine = Team.objects.filter(memberships__user=user)
    alone = Team.objects.annotate(size=Count("memberships")).filter(
        size=1, pk__in=mine.values("pk")
    )
    for team in alone:
        Team.objects.filter(pk=team.pk).update(name=_free_name(team))
    checks.forget(Check.objects.filter(asked_by=user))
    for submission in Submission.objects.filter(submitted_by=user).only("file_name"):
        # Endings say what kind of file it is; the rest may say whose.
        ending = "".join(PurePosixPath(submission.file_name).suffixes[-2:])
        Submission.objects.filter(pk=submission.pk).update(
            description="", file_name=f"submission{ending}"[-200:]
        )


def _free_name(team: Team) -> str:
    taken = {
        name.lower()
        for name in Team.objects.filter(
            competition=team.competition_id, name__istartswith=NOBODY
        ).values_list("name", flat=True)
    }
    name, number = NOBODY, 2
    while name.lower() in taken:
        name, number = f"{NOBODY} {number}", number + 1
    return name


keeper = Keeper(export=_export, obstacles=_obstacles, forget=_forget)
