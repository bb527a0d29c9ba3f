"""What members and those who are asked read of it, on the site and by mail."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone

from competitions.models import MergeProposal, Team, TeamInvitation
from podium.accounts.models import User
from podium.notices import services as notices
from podium.notices.models import Kind


def tell_invited(invitation: TeamInvitation, submissions: int) -> None:
    """Tell somebody that a team wants them."""
    notices.notify(
        users=[invitation.user],
        kind=Kind.TEAM_INVITATION,
        subject=f"invitation:{invitation.pk}",
        context={
            "event": "invited",
            "by": invitation.invited_by.username,
            "team": invitation.team.name,
            "competition": invitation.team.competition.title,
            "submissions": submissions,
        },
        url=_page(invitation.team),
    )


def tell_proposed(proposal: MergeProposal) -> None:
    """Tell a team that another one wants to merge with it."""
    notices.notify(
        users=proposal.to_team.members.all(),
        kind=Kind.TEAM_INVITATION,
        subject=f"proposal:{proposal.pk}",
        context={
            "event": "proposed",
            "by": proposal.proposed_by.username,
            "team": proposal.from_team.name,
            "yours": proposal.to_team.name,
            "competition": proposal.from_team.competition.title,
        },
        url=_page(proposal.from_team),
    )


def tell_members(
    team: Team, event: str, *, but: Iterable[User] = (), **context
) -> None:
    """Tell the members of a team what has just happened in it."""
    skipped = {user.pk for user in but}
    notices.notify(
        users=[user for user in team.members.all() if user.pk not in skipped],
        kind=Kind.TEAM_CHANGED,
        subject=f"team:{team.pk}:{event}:{timezone.now():%Y%m%dT%H%M%S%f}",
        context={
            "event": event,
            "team": team.name,
            "competition": team.competition.title,
            **context,
        },
        url=_page(team),
    )


def _page(team: Team) -> str:
    return reverse("competitions:team", args=[team.competition.slug])
