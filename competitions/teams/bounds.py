"""What a team may still change: until when, how many, how much together."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from competitions import quota
from competitions.errors import WrongState
from competitions.models import Competition, Membership, Team
from podium.accounts.models import User
from podium.common import words
from podium.notices.models import Kind, Notice

WAITING_AT_MOST = 20  # questions of one team that nobody has answered yet
ASKED_AT_MOST = 20  # times that one person is asked within a day


def lock(competition: Competition) -> Competition:
    """The competition's row, held: no team of it changes meanwhile."""
    return Competition.objects.select_for_update(no_key=True).get(pk=competition.pk)


def lock_teams(*teams: Team) -> list[Team]:
    """The teams' rows, held and read afresh, in the order given."""
    found = Team.objects.select_for_update(no_key=True).order_by("pk")
    by_pk = {team.pk: team for team in found.filter(pk__in=[t.pk for t in teams])}
    return [by_pk[team.pk] for team in teams]


def obstacle_to_changes(
    competition: Competition, now: datetime | None = None
) -> str | None:
    """Why no team of a competition can change any more, or yet; None where it can."""
    now = now or timezone.now()
    if competition.team_max_size == 1:
        return "In this competition everybody takes part alone."
    if competition.archived_at or (
        competition.status_at(now) != Competition.Status.OPEN
    ):
        return "The competition is not open, so teams stay as they are."
    deadline = competition.team_deadline
    if deadline and now >= deadline:
        return f"Teams could change until {words.moment_text(deadline)}."
    return None


def assert_may_change(competition: Competition) -> None:
    """Raise WrongState where teams stay as they are."""
    if obstacle := obstacle_to_changes(competition):
        raise WrongState(obstacle)


def assert_room(competition: Competition, team: Team, more: int = 1) -> None:
    """Raise WrongState where a team would grow too large, or was disqualified."""
    if team.disqualified_at:
        raise WrongState(_barred(team))
    size = team.memberships.count()
    if size + more > competition.team_max_size:
        raise WrongState(
            f"A team has at most {words.plural(competition.team_max_size, 'member')} "
            f"here; {team.name} has {size}."
        )


@dataclass(frozen=True)
class Together:
    """What two teams would be as one, and what stands against it."""

    members: int
    submissions: int  # charged and not given back
    most: int | None  # that one team could have made until now
    obstacle: str | None


def together(competition: Competition, one: Team, other: Team) -> Together:
    """Two teams summed up: by their sizes and by their submissions.

    As on Kaggle, the submissions of both may not be more than one team could have
    made until now: the daily quota for each day since the opening, today included,
    and never more than the total.
    """
    teams = (one.pk, other.pk)
    members = Membership.objects.filter(team__in=teams).count()
    used = sum(quota.used_by_team(teams).values())
    most = quota.most_until(competition, timezone.now())
    barred = next((team for team in (one, other) if team.disqualified_at), None)
    obstacle = None
    if barred:
        obstacle = _barred(barred)
    elif members > competition.team_max_size:
        obstacle = (
            f"Together you would be {members}; a team has at most "
            f"{words.plural(competition.team_max_size, 'member')} here."
        )
    elif most is not None and used > most:
        obstacle = (
            f"Together you have made {words.plural(used, 'submission')}; one team "
            f"could have made {words.thousands(most)} until now."
        )
    return Together(members, used, most, obstacle)


def _barred(team: Team) -> str:
    return f"{team.name} was disqualified: its members stay as they are."


def assert_not_pestered(user: User) -> None:
    """Raise WrongState where somebody was asked very often since yesterday.

    Whoever asks, takes it back and asks again would send a mail each time.
    """
    told = Notice.objects.filter(
        user=user,
        kind=Kind.TEAM_INVITATION,
        created_at__gt=timezone.now() - timedelta(days=1),
    )
    if told.count() >= ASKED_AT_MOST:
        raise WrongState(
            f"{user.username} has been asked {ASKED_AT_MOST} times within a day: try "
            "again tomorrow."
        )


def assert_fit(competition: Competition, one: Team, other: Team) -> None:
    """Raise WrongState where two teams cannot become one."""
    if obstacle := together(competition, one, other).obstacle:
        raise WrongState(obstacle)
