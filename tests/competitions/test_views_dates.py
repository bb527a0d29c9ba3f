"""Dates on the overview: by two clocks, and how long until the next one."""

from datetime import UTC, datetime

import pytest
import time_machine

from tests.factories import make_competition, make_user
from tests.pages import browser_of, words_of

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)


def overview(user=None, **values):
    values = {
        "opens_at": datetime(2026, 6, 1, tzinfo=UTC),
        "entry_deadline": datetime(2026, 6, 11, 12, 30, tzinfo=UTC),
        "closes_at": datetime(2026, 6, 30, 22, tzinfo=UTC),
        "time_zone": "Asia/Tokyo",
        **values,
    }
    competition = make_competition(**values)
    with time_machine.travel(NOW, tick=False):
        page = browser_of(user).get(f"/competitions/{competition.slug}/")
        return words_of(page).partition("Dates ")[2]


def test_are_told_by_the_readers_and_by_the_hosts_clock():
    words = overview(make_user(time_zone="Europe/Lisbon"))

    assert "Closes 30 Jun 2026, 23:00 WEST 1 Jul 2026, 07:00 JST for the host" in words


def test_are_told_once_where_both_clocks_agree():
    words = overview(make_user(time_zone="Asia/Tokyo"))

    assert "Closes 1 Jul 2026, 07:00 JST Contract" in words


def test_count_down_to_the_next_one_alone():
    words = overview(time_zone="UTC")

    assert "Join until in 24 h 30 min 11 Jun 2026, 12:30 UTC Closes" in words
    assert words.count(" in 24 h 30 min") == 1


def test_leave_out_the_team_deadline_where_everybody_is_alone():
    deadline = datetime(2026, 6, 20, tzinfo=UTC)

    assert "Change teams" not in overview(team_deadline=deadline)
    assert "Change teams until 20 Jun" in overview(
        team_deadline=deadline, team_max_size=2
    )
