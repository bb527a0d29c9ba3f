"""A small world for credentials: people, and a competition at its end."""

from datetime import timedelta

from django.utils import timezone

from competitions.models import Competition
from podium.credentials import services
from tests.factories import make_competition, make_scored, make_team, make_user


def make_final(**values) -> Competition:
    """A competition whose results its host has confirmed."""
    now = timezone.now()
    values.setdefault("closes_at", now - timedelta(hours=2))
    return make_competition(finalised_at=now - timedelta(hours=1), **values)


def make_holder(competition=None, private=0.75, **values):
    """Somebody whose team stands on the board of a finished competition."""
    holder = make_user(**values)
    competition = competition or make_final()
    # Made while it was open
    times = (competition.finalised_at, competition.closes_at)
    Competition.objects.filter(pk=competition.pk).update(
        finalised_at=None, closes_at=None
    )
    competition.refresh_from_db()
    make_scored(make_team(competition, holder), public=0.5, private=private)
    competition.finalised_at, competition.closes_at = times
    competition.save(update_fields=["finalised_at", "closes_at"])
    return holder, competition


def make_credential(competition=None, **values):
    """A final result of somebody, signed."""
    holder, competition = make_holder(competition, **values)
    credential, _ = services.issue(competition=competition, user=holder)
    return credential
