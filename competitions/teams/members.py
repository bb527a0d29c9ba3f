"""What members change of their own team: its name, its pitch, their part in it."""

from django.db import transaction
from django.db.models import F

from competitions import services
from competitions.errors import BadRequest, WrongState
from competitions.models import Competition, Membership, Team
from competitions.teams import bounds, telling
from podium.accounts.models import User
from podium.common.text import one_line

NAME_LENGTH = 80


@transaction.atomic
def rename(*, competition: Competition, user: User, name: str) -> Team:
    """Call a team otherwise; a name that a merged part of it had is free again."""
    competition = bounds.lock(competition)
    team = services.membership_of(competition, user).team
    name, before = one_line(name), team.name
    if not name:
        raise BadRequest("Type a name for your team.")
    if len(name) > NAME_LENGTH:
        raise BadRequest(f"A team’s name has at most {NAME_LENGTH} characters.")
    if name == before:
        return team
    taken = competition.teams.filter(name__iexact=name).exclude(pk=team.pk).first()
    if taken and taken.merged_into_id == team.pk:
        Team.objects.filter(pk=taken.pk).update(name=f"{name[:60]}, merged {taken.pk}")
    elif taken:
        raise WrongState(f"Another team here is called {taken.name} already.")
    team.name = name
    team.save(update_fields=["name"])
    telling.tell_members(
        team,
        "renamed",
        but=[user],
        before=before,
        by=user.username,
    )
    return team


@transaction.atomic
def seek(
    *, competition: Competition, user: User, is_seeking: bool, pitch: str = ""
) -> Team:
    """Say that a team is open to team up, and with whom; or that it is not."""
    competition = bounds.lock(competition)
    team = services.membership_of(competition, user).team
    if is_seeking:
        bounds.assert_may_change(competition)
        bounds.assert_room(competition, team)
    team.is_seeking = is_seeking
    team.pitch = one_line(pitch)[:300]
    team.save(update_fields=["is_seeking", "pitch"])
    return team


@transaction.atomic
def leave(*, competition: Competition, user: User) -> Team | None:
    """Go from a team that has submitted nothing.

    From a team of several one goes on alone, in a team of one's own, which is
    returned; whoever is alone leaves the competition.
    """
    competition = bounds.lock(competition)
    membership = Membership.objects.filter(competition=competition, user=user).first()
    if membership is None:
        raise WrongState("You take no part in this competition.")
    (team,) = bounds.lock_teams(membership.team)
    if team.submission_count:
        raise WrongState(
            f"{team.name} has submitted already: from then on its members stay."
        )
    if team.memberships.count() == 1:
        membership.delete()
        team.delete()
        Competition.objects.filter(pk=competition.pk).update(
            team_count=F("team_count") - 1
        )
        return None
    bounds.assert_may_change(competition)
    membership.team = Team.objects.create(
        competition=competition, name=services.free_name(competition, user.username)
    )
    membership.save(update_fields=["team"])
    Competition.objects.filter(pk=competition.pk).update(team_count=F("team_count") + 1)
    telling.tell_members(team, "left", by=user.username)
    return membership.team


def seeking(competition: Competition, team: Team):
    """Other teams that are open to team up, the newest first."""
    return (
        competition.teams.filter(is_seeking=True, merged_into=None)
        .exclude(pk=team.pk)
        .prefetch_related("members")
    )
