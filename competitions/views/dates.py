"""The dates of a competition, as its reader's and as its host's clock have them."""

from zoneinfo import ZoneInfo

from django.utils import timezone

from competitions.models import Competition
from podium.common import words


def dates_of(competition: Competition) -> list[dict]:
    """Each date with its name; `there` is the host's clock where it differs.

    The host's time zone is the competition's, in which its days begin as well. The
    next date is told with how long it is until then.
    """
    now = timezone.now()
    teams = competition.team_deadline if competition.team_max_size > 1 else None
    named = [
        ("Opens", "Opened", competition.opens_at),
        ("Join until", "Joining ended", competition.entry_deadline),
        ("Change teams until", "Teams stand since", teams),
        ("Closes", "Closed", competition.closes_at),
    ]
    coming = [moment for _, _, moment in named if moment and moment > now]
    return [
        {
            "name": before if moment > now else after,
            "at": moment,
            "there": _there(competition, moment),
            "is_next": moment == min(coming, default=None),
        }
        for before, after, moment in named
        if moment
    ]


def _there(competition: Competition, moment) -> str:
    zone = ZoneInfo(competition.time_zone)
    if moment.astimezone(zone).utcoffset() == timezone.localtime(moment).utcoffset():
        return ""
    with timezone.override(zone):
        return words.moment_text(moment)
