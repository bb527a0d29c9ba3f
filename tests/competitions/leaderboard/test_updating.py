"""Ranks with ties, kept right while scores come in any order."""

import random

import pytest

from competitions import leaderboard, services
from competitions.models import Competition, LeaderboardEntry
from tests.factories import make_competition, make_scored, make_team

pytestmark = [pytest.mark.django_db, pytest.mark.services]


def board(competition, split="public"):
    return [
        (entry.rank, entry.team.name, entry.score)
        for entry in leaderboard.entries(competition, split).with_rank()
    ]


class TestUpdateTeam:
    def test_shares_a_rank_among_equal_scores(self):
        competition = make_competition()
        for name, score in (("a", 0.9), ("b", 0.8), ("c", 0.8), ("d", 0.7)):
            make_scored(make_team(competition, name=name), public=score)

        assert board(competition) == [
            (1, "a", 0.9),
            (2, "b", 0.8),
            (2, "c", 0.8),
            (4, "d", 0.7),
        ]

    def test_calls_scores_equal_at_12_significant_digits(self):
        competition = make_competition()
        make_scored(make_team(competition, name="a"), public=0.1 + 0.2)
        make_scored(make_team(competition, name="b"), public=0.3)
        make_scored(make_team(competition, name="c"), public=0.30000000001)

        assert [rank for rank, *_ in board(competition)] == [1, 2, 2]

    def test_puts_small_first_where_less_is_better(self):
        competition = make_competition(metrics=[{"key": "rmse"}], direction="minimize")
        make_scored(make_team(competition, name="a"), public=3.0)
        make_scored(make_team(competition, name="b"), public=2.0)

        assert [name for _, name, _ in board(competition)] == ["b", "a"]

    def test_keeps_the_earlier_of_two_equal_submissions(self):
        team = make_team(make_competition())
        first = make_scored(team, public=0.5)
        make_scored(team, public=0.5)

        entry = LeaderboardEntry.objects.get(team=team, split="public")

        assert entry.submission == first
        assert entry.submission_count == 2

    def test_gives_baselines_no_rank_and_lets_them_take_none(self):
        competition = make_competition()
        make_scored(make_team(competition, name="base", is_baseline=True), public=0.9)
        make_scored(make_team(competition, name="a"), public=0.8)

        assert board(competition) == [(None, "base", 0.9), (1, "a", 0.8)]

    def test_keeps_late_submissions_off(self):
        team = make_team(make_competition())
        make_scored(team, public=0.9, is_late=True)

        assert board(team.competition) == []

    @pytest.mark.parametrize("seed", range(5))
    def test_keeps_the_ranks_that_a_count_would_give(self, seed):
        chance = random.Random(seed)
        competition = make_competition(finals=1)
        teams = [make_team(competition, name=f"t{i}") for i in range(8)]

        for _ in range(30):
            make_scored(
                chance.choice(teams),
                public=chance.randint(0, 6) / 10,
                private=chance.randint(0, 6) / 10,
            )

        for split in ("public", "private", "all"):
            rows = board(competition, split)
            for rank, _, score in rows:
                assert rank == 1 + sum(other > score for *_, other in rows)


class TestSelection:
    def test_decides_what_stands_on_the_private_board(self):
        competition = make_competition(finals=1)
        team = make_team(competition, name="a")
        make_scored(team, public=0.9, private=0.5)
        chosen = make_scored(team, public=0.8, private=0.7)

        before = board(competition, "private")
        services.select(submission=chosen, selected=True)

        assert before == [(1, "a", 0.5)]
        assert board(competition, "private") == [(1, "a", 0.7)]


class TestShownScore:
    def test_rounds_to_the_hosts_significant_digits(self):
        competition = Competition(feedback_digits=3)

        assert leaderboard.shown_score(competition, 0.123456) == 0.123
        assert leaderboard.shown_score(Competition(), 0.123456) == 0.123456
