"""What is reckoned of a whole board: medals, marks, spread, tiers; and hidden names."""

from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from competitions import hidden, leaderboard, services
from competitions.leaderboard import certainty, distribution, marks, medals, upkeep
from competitions.models import (
    Board,
    LeaderboardEntry,
    Predictions,
    RankMark,
    Replicates,
    Score,
)
from podium.common.files import store_path
from scoring import predictions
from scoring.contract import Contract
from scoring.labels import Labels
from scoring.split import PRIVATE, PUBLIC
from tests.factories import make_competition, make_scored, make_team


class TestZones:
    @pytest.mark.parametrize(
        ("teams", "gold", "silver", "bronze"),
        [
            (1, 1, 1, 1),
            (50, 5, 10, 20),
            (99, 9, 19, 39),
            (100, 10, 20, 40),
            (249, 10, 49, 99),
            (250, 10, 50, 100),
            (500, 11, 50, 100),
            (999, 11, 50, 100),
            (1000, 12, 50, 100),
            (5000, 20, 250, 500),
        ],
    )
    def test_are_those_that_kaggle_publishes(self, teams, gold, silver, bronze):
        zones = medals.zones(teams)

        assert zones == {"gold": gold, "silver": silver, "bronze": bronze}

    def test_give_each_rank_the_best_medal_it_reaches(self):
        found = [medals.zone_of(rank, 50) for rank in (1, 5, 6, 10, 11, 20, 21)]

        gold, silver, bronze = ["gold"] * 2, ["silver"] * 2, ["bronze"] * 2
        assert found == [*gold, *silver, *bronze, None]


@pytest.mark.django_db
class TestMarks:
    def test_keep_the_ranks_of_a_day_ago_and_forget_older_ones(self):
        competition = make_competition()
        first = make_team(competition)
        make_scored(first, public=0.9)
        board = leaderboard.board_of(competition, "public")
        now = timezone.now()
        for hours in (40, 30, 20):
            marks.mark(board, now - timedelta(hours=hours))
        make_scored(make_team(competition), public=0.95)

        at = marks.day_ago(board)

        entries = list(leaderboard.entries(competition, "public"))
        assert at == now - timedelta(hours=30)
        assert marks.ranks_at(entries, at) == {first.entries.get(split="public").pk: 1}
        marks.mark(board, now)
        kept = set(RankMark.objects.values_list("at", flat=True))
        assert kept == {now - timedelta(hours=hours) for hours in (30, 20, 0)}

    def test_are_made_when_due_and_only_while_it_is_open(self):
        open_one, over = make_competition(), make_competition()
        for competition in (open_one, over):
            make_scored(make_team(competition))
        over.closes_at = timezone.now()
        over.save()

        counts = [marks.mark_due(), marks.mark_due()]

        assert counts == [1, 0]
        assert RankMark.objects.get().entry.competition == open_one


@pytest.mark.django_db
class TestDistribution:
    def test_counts_every_team_once_and_finds_ones_place(self):
        competition = make_competition()
        for number in range(12):
            make_scored(make_team(competition), public=0.5 + number / 100)
        board = leaderboard.board_of(competition, "public")

        found = distribution.distribution_of(competition, board)

        assert sum(found["counts"]) == 12
        best = leaderboard.entries(competition, "public")[0]
        assert distribution.place_in(found, best.sort_key) == distribution.BINS - 1
        assert distribution.place_in(found, -0.1) == 0

    def test_of_a_large_board_is_made_in_the_background(self, monkeypatch):
        monkeypatch.setattr(distribution, "FEW", 5)
        competition = make_competition()
        for number in range(8):
            make_scored(make_team(competition), public=0.5 + number / 100)

        before = leaderboard.board_of(competition, "public")
        upkeep.catch_up()
        after = leaderboard.board_of(competition, "public")

        assert distribution.distribution_of(competition, before) is None
        assert sum(distribution.distribution_of(competition, after)["counts"]) == 8


def keep_model(team, right: np.ndarray, folder):
    """A scored submission whose model is right on these rows of all ones."""
    rows = np.where(right, 0.9, 0.1)
    score = float(right[:150].mean())
    submission = make_scored(team, public=score, private=float(right[150:].mean()))
    path = folder / f"p{submission.pk}"
    predictions.store(path, np.stack([1 - rows, rows], axis=1))
    Predictions.objects.create(
        submission=submission,
        hidden_test_set=submission.hidden_test_set,
        stored=store_path(path),
        sha256="",
    )
    return submission


@pytest.mark.django_db
class TestMeasure:
    def test_gives_intervals_and_tiers_that_hold_the_scores(self, tmp_path, settings):
        settings.SCRATCH = tmp_path
        competition = make_competition()
        labels = Labels(
            contract=Contract.from_dict(competition.contract),
            ids=[str(number) for number in range(300)],
            y=np.ones(300, dtype=np.int64),
            split=np.repeat(np.array([PUBLIC, PRIVATE], dtype=np.uint8), 150),
        )
        kept = hidden.keep_rows({"x": np.zeros((300, 1))}, labels)
        test_set = hidden.add_test_set(competition, kept, "a digest")
        competition.hidden_test_set = test_set
        competition.save()
        chance = np.random.default_rng(1)
        for accuracy in (0.97, 0.96, 0.5):
            keep_model(make_team(competition), chance.random(300) < accuracy, tmp_path)
        board = leaderboard.board_of(competition, "public")

        assert certainty.measure(board)

        entries = list(leaderboard.entries(competition, "public"))
        assert [entry.tier for entry in entries] == [1, 1, 2]
        for entry in entries:
            assert entry.interval_low < entry.score < entry.interval_high
        assert Replicates.objects.filter(split="public").count() == 3
        known = Score.objects.filter(split="public", interval_low__isnull=False)
        assert known.count() == 3
        chances = Board.objects.get(pk=board.pk).chances
        assert sum(chances.values()) == pytest.approx(1, abs=0.001)

    def test_leaves_boards_without_kept_predictions_as_they_are(self):
        competition = make_competition()
        make_scored(make_team(competition))

        assert certainty.measure(leaderboard.board_of(competition, "public"))

        entry = LeaderboardEntry.objects.get(competition=competition, split="public")
        assert (entry.tier, entry.interval_low) == (None, None)


@pytest.mark.django_db
class TestNameOf:
    def test_tells_nothing_of_a_team_where_the_host_hides_names(self):
        competition = make_competition(anonymous=True)
        one, two = make_team(competition), make_team(competition)

        names = [
            leaderboard.name_of(competition, t, may_know=False) for t in (one, two)
        ]

        assert names[0] != names[1]
        assert all(team.name not in names for team in (one, two))
        assert leaderboard.name_of(competition, one, may_know=True) == one.name


@pytest.mark.django_db
class TestHistory:
    def test_holds_improvements_alone_and_survives_a_merger_of_orders(self):
        team = make_team(make_competition())
        for public in (0.5, 0.4, 0.6, 0.6, 0.7):
            make_scored(team, public=public)

        entry = LeaderboardEntry.objects.get(team=team, split="public")

        assert entry.history == [[1, 0.5], [3, 0.6], [5, 0.7]]

    def test_is_thinned_to_a_bounded_length(self):
        points = [[number, number / 1000] for number in range(500)]

        kept = leaderboard.thinned(points)

        assert len(kept) <= 40
        assert kept[0] == points[0] and kept[-1] == points[-1]


@pytest.mark.django_db
def test_selection_may_be_taken_back():
    competition = make_competition(finals=1)
    team = make_team(competition)
    make_scored(team, public=0.9, private=0.5)
    chosen = make_scored(team, public=0.8, private=0.7)
    for selected in (True, False):
        services.select(submission=chosen, selected=selected)

    assert team.entries.get(split="private").score == 0.5
