"""Two teams become one: proposed, accepted or declined, and done in one transaction."""

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from competitions import leaderboard, services
from competitions.errors import BadRequest, WrongState
from competitions.models import (
    Asked,
    Check,
    Competition,
    Membership,
    MergeProposal,
    QuotaEntry,
    Submission,
    Team,
    TeamInvitation,
)
from competitions.teams import bounds, telling
from podium.accounts.models import User


@transaction.atomic
def propose(*, competition: Competition, user: User, other: Team) -> MergeProposal:
    """Ask another team to become one with the user's; asking twice is asking once."""
    competition = bounds.lock(competition)
    bounds.assert_may_change(competition)
    team = services.membership_of(competition, user).team
    if other.pk == team.pk:
        raise BadRequest("That is your own team: choose another one.")
    if other.competition_id != competition.pk or other.is_baseline:
        raise BadRequest("That is no team of this competition.")
    if other.merged_into_id:
        raise WrongState(f"{other.name} is part of another team now.")
    bounds.assert_fit(competition, team, other)
    waiting = MergeProposal.objects.filter(state=Asked.WAITING)
    if waiting.filter(from_team=other, to_team=team).exists():
        raise WrongState(f"{other.name} has asked your team already: accept that.")
    if found := waiting.filter(from_team=team, to_team=other).first():
        return found
    if waiting.filter(from_team=team).count() >= bounds.WAITING_AT_MOST:
        raise WrongState("Your team has many open proposals: take one back first.")
    for member in other.members.all():
        bounds.assert_not_pestered(member)
    proposal = MergeProposal.objects.create(
        from_team=team, to_team=other, proposed_by=user
    )
    telling.tell_proposed(proposal)
    return proposal


@transaction.atomic
def accept(*, proposal: MergeProposal, user: User) -> Team:
    """Become one with the team that asked; nobody can take that back."""
    competition = bounds.lock(proposal.from_team.competition)
    proposal = _waiting(proposal)
    services.membership_of(competition, user)
    bounds.assert_may_change(competition)
    _settle(proposal, Asked.ACCEPTED)
    return merge(competition, into=proposal.from_team, other=proposal.to_team, by=user)


@transaction.atomic
def decline(*, proposal: MergeProposal, user: User) -> None:
    """Say no for a team that was asked."""
    bounds.lock(proposal.from_team.competition)
    proposal = _waiting(proposal)
    _settle(proposal, Asked.DECLINED)
    telling.tell_members(
        proposal.from_team,
        "merge_declined",
        before=proposal.to_team.name,
        by=user.username,
    )


@transaction.atomic
def withdraw(*, proposal: MergeProposal) -> None:
    """Take a proposal back that nobody has answered."""
    bounds.lock(proposal.from_team.competition)
    _settle(_waiting(proposal), Asked.WITHDRAWN)


def merge(competition: Competition, *, into: Team, other: Team, by: User) -> Team:
    """Make two teams one under the name of the first; the caller holds the competition.

    Members, submissions and the ledger move; submissions of the second keep their
    order and get the numbers after those of the first. A team that has submitted keeps
    its row, which says where it went; one that has not goes.
    """
    _hold_submissions(into, other)
    into, other = bounds.lock_teams(into, other)
    bounds.assert_fit(competition, into, other)
    before, had_submitted = other.name, other.submission_count > 0
    coming = list(other.members.all())
    Membership.objects.filter(team=other).update(team=into)
    _move_history(competition, into, other)
    _end_questions(into, other)
    if had_submitted:
        Team.objects.filter(merged_into=other).update(merged_into=into)
        Team.objects.filter(pk=other.pk).update(
            merged_into=into, submission_count=0, link="", is_seeking=False
        )
    else:
        other.delete()
    Competition.objects.filter(pk=competition.pk).update(team_count=F("team_count") - 1)
    telling.tell_members(
        into,
        "merged" if had_submitted or len(coming) > 1 else "joined",
        but=[by],
        by=coming[0].username,
        before=before,
        members=into.memberships.count(),
        submissions=into.submission_count,
    )
    return into


def _hold_submissions(*teams: Team) -> None:
    """Hold what both teams have made: a cancelling meanwhile would refund the wrong."""
    held = Submission.objects.select_for_update(no_key=True).filter(team__in=teams)
    list(held.order_by("pk").values_list("pk", flat=True))


def _move_history(competition: Competition, into: Team, other: Team) -> None:
    Submission.objects.filter(team=other).update(
        team=into, number=F("number") + into.submission_count
    )
    # After the submissions: whoever refunds one holds it, and is waited for above.
    QuotaEntry.objects.filter(team=other).update(team=into)
    Check.objects.filter(team=other).update(team=into)
    into.submission_count += other.submission_count
    served = [team.served_at for team in (into, other) if team.served_at]
    into.served_at = max(served, default=None)
    if into.memberships.count() >= competition.team_max_size:
        into.is_seeking = False
    into.save(update_fields=["submission_count", "served_at", "is_seeking"])
    _keep_the_best_choices(competition, into)
    leaderboard.update_team(competition, other)  # without submissions: off the board
    leaderboard.update_team(competition, into)


def _keep_the_best_choices(competition: Competition, team: Team) -> None:
    """Of what both had chosen for the end, the best public ones, as many as may be."""
    chosen = Submission.objects.filter(team=team, selected=True)
    best = chosen.order_by("public_key", "created_at", "pk")
    kept = list(best.values_list("pk", flat=True)[: competition.finals])
    chosen.exclude(pk__in=kept).update(selected=False)


def _end_questions(into: Team, other: Team) -> None:
    """What one of the two had asked, or was asked, and can be no more."""
    gone = {"state": Asked.WITHDRAWN, "answered_at": timezone.now()}
    members = into.memberships.values("user")
    TeamInvitation.objects.filter(
        Q(team=other) | Q(user__in=members, team__competition=into.competition_id),
        state=Asked.WAITING,
    ).update(**gone)
    MergeProposal.objects.filter(
        Q(from_team=other) | Q(to_team=other), state=Asked.WAITING
    ).update(**gone)


def _waiting(proposal: MergeProposal) -> MergeProposal:
    found = MergeProposal.objects.select_related(
        "from_team__competition", "to_team"
    ).get(pk=proposal.pk)
    if found.state != Asked.WAITING:
        raise WrongState(f"This proposal is {found.state} already.")
    return found


def _settle(proposal: MergeProposal, state: str) -> None:
    proposal.state, proposal.answered_at = state, timezone.now()
    proposal.save(update_fields=["state", "answered_at"])
