"""People come to a team: invited by name or by a link, accepted, declined."""

from secrets import token_urlsafe

from django.db import transaction
from django.utils import timezone

from competitions import services
from competitions.errors import BadRequest, NotAllowed, WrongState
from competitions.models import Asked, Competition, Membership, Team, TeamInvitation
from competitions.teams import bounds, telling
from competitions.teams.merging import merge
from podium.accounts.models import User


@transaction.atomic
def invite(*, competition: Competition, user: User, username: str) -> TeamInvitation:
    """Ask somebody by name to come; asking twice is asking once."""
    competition = bounds.lock(competition)
    bounds.assert_may_change(competition)
    team = services.membership_of(competition, user).team
    invited = _somebody(competition, user, username)
    theirs = _membership(competition, invited)
    _assert_can_come(competition, team, invited, theirs)
    waiting = TeamInvitation.objects.filter(team=team, state=Asked.WAITING)
    if found := waiting.filter(user=invited).first():
        return found
    if waiting.count() >= bounds.WAITING_AT_MOST:
        raise WrongState("Your team has many open invitations: take one back first.")
    bounds.assert_not_pestered(invited)
    invitation = TeamInvitation.objects.create(team=team, user=invited, invited_by=user)
    made = theirs.team.submission_count if theirs else 0
    telling.tell_invited(invitation, made)
    return invitation


@transaction.atomic
def accept(
    *, invitation: TeamInvitation, user: User, accept_rules: bool = False
) -> Team:
    """Come to the team that asked; what the user made alone comes along."""
    competition = bounds.lock(invitation.team.competition)
    invitation = _waiting(invitation)
    team = _come(competition, invitation.team, user, accept_rules)
    invitation.state, invitation.answered_at = Asked.ACCEPTED, timezone.now()
    invitation.save(update_fields=["state", "answered_at"])
    return team


@transaction.atomic
def decline(*, invitation: TeamInvitation, user: User) -> None:
    """Say no to a team."""
    bounds.lock(invitation.team.competition)
    invitation = _waiting(invitation)
    invitation.state, invitation.answered_at = Asked.DECLINED, timezone.now()
    invitation.save(update_fields=["state", "answered_at"])
    telling.tell_members(invitation.team, "declined", by=user.username)


@transaction.atomic
def withdraw(*, invitation: TeamInvitation) -> None:
    """Take an invitation back that nobody has answered."""
    bounds.lock(invitation.team.competition)
    invitation = _waiting(invitation)
    invitation.state, invitation.answered_at = Asked.WITHDRAWN, timezone.now()
    invitation.save(update_fields=["state", "answered_at"])


@transaction.atomic
def set_link(*, competition: Competition, user: User, wanted: bool) -> Team:
    """Make a new link by which anybody may come, or have none; the old one is void."""
    competition = bounds.lock(competition)
    team = services.membership_of(competition, user).team
    if wanted:
        bounds.assert_may_change(competition)
    team.link = token_urlsafe(32) if wanted else ""
    team.save(update_fields=["link"])
    return team


def team_of_link(competition: Competition, link: str) -> Team | None:
    """The team that a link leads to; None if it is none, or one no more."""
    if not link:
        return None
    return competition.teams.filter(link=link, merged_into=None).first()


@transaction.atomic
def come_by_link(
    *, competition: Competition, link: str, user: User, accept_rules: bool = False
) -> Team:
    """Become a member by a team's link."""
    competition = bounds.lock(competition)
    team = team_of_link(competition, link)
    if team is None:
        raise WrongState("This link is not valid any more: ask the team for a new one.")
    return _come(competition, team, user, accept_rules)


def _come(competition: Competition, team: Team, user: User, accept_rules: bool) -> Team:
    bounds.assert_may_change(competition)
    if competition.host_id == user.pk:
        raise NotAllowed("You host this competition, so you cannot take part in it.")
    theirs = _membership(competition, user)
    _assert_can_come(competition, team, user, theirs, to_self=True)
    if theirs:
        team = merge(competition, into=team, other=theirs.team, by=user)
        return team
    if not accept_rules:
        raise NotAllowed("Read the rules and accept them to take part.")
    Membership.objects.create(
        competition=competition,
        team=team,
        user=user,
        rules_version=services.current_rules(competition),
    )
    TeamInvitation.objects.filter(
        user=user, team__competition=competition, state=Asked.WAITING
    ).update(state=Asked.WITHDRAWN, answered_at=timezone.now())
    telling.tell_members(team, "joined", but=[user], by=user.username)
    return team


def _assert_can_come(competition, team, user, theirs, to_self=False) -> None:
    """Raise where somebody cannot become a member; `to_self`: they read it."""
    name = "You are" if to_self else f"{user.username} is"
    if theirs is None:
        services.assert_joinable(competition)
        bounds.assert_room(competition, team)
        return
    if theirs.team_id == team.pk:
        raise WrongState(f"{name} in this team already.")
    if theirs.team.memberships.count() > 1:
        deed = "leave it first, or propose" if to_self else "propose"
        raise WrongState(
            f"{name} in the team {theirs.team.name}: {deed} to merge the two."
        )
    bounds.assert_fit(competition, team, theirs.team)


def _somebody(competition: Competition, user: User, username: str) -> User:
    """Who is meant by a name, if they can take part at all."""
    name = username.strip().removeprefix("@")
    found = User.objects.filter(username__iexact=name, is_active=True).first()
    if found is None:
        raise BadRequest(f"Nobody here has the user name “{name[:40]}”.")
    if found.pk == user.pk:
        raise BadRequest("That is yourself: name somebody else.")
    if found.pk == competition.host_id:
        raise BadRequest(f"{found.username} hosts this competition and takes no part.")
    if not Competition.objects.visible_to(found).filter(pk=competition.pk).exists():
        raise WrongState(
            f"{found.username} cannot see this competition: its host must let them in."
        )
    return found


def _membership(competition: Competition, user: User) -> Membership | None:
    found = Membership.objects.select_related("team")
    return found.filter(competition=competition, user=user).first()


def _waiting(invitation: TeamInvitation) -> TeamInvitation:
    found = TeamInvitation.objects.select_related("team__competition").get(
        pk=invitation.pk
    )
    if found.state != Asked.WAITING:
        raise WrongState(f"This invitation is {found.state} already.")
    return found
