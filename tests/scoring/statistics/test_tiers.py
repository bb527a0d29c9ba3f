from functools import cache

import numpy as np
import pytest

from scoring.statistics.resampling import Resamples
from scoring.statistics.tiers import (
    MOST_COMPARED,
    chance_of_first,
    critical_value,
    deviations,
    difference_error,
    tiers,
)

TEAMS = 12


def board(truth, rows=400, seed=1):
    """Scores and replicates of teams whose rows share their difficulty."""
    random = np.random.default_rng(seed)
    difficulty = random.normal(size=rows)
    own = random.normal(size=(len(truth), rows))
    values = np.asarray(truth)[:, None] + difficulty + 0.3 * own
    return values.mean(axis=1), values @ weights_of(rows).T / rows


@cache
def weights_of(rows):
    return np.concatenate(list(Resamples(1, rows).chunks()))


class TestTiers:
    def test_part_teams_that_differ_and_no_others(self):
        scores, replicates = board([3.0, 1.0, 3.0, 1.0, 1.0])

        assert tiers(scores, replicates, "maximize", 400).tolist() == [1, 2, 1, 2, 2]
        assert tiers(scores, replicates, "minimize", 400).tolist() == [2, 1, 2, 1, 1]

    def test_see_a_difference_that_intervals_of_single_scores_hide(self):
        scores, replicates = board([0.0, -0.08])

        low, high = np.quantile(replicates[0], [0.025, 0.975])
        assert low < scores[1] < high
        assert tiers(scores, replicates, "maximize", 400).tolist() == [1, 2]

    def test_split_equal_teams_on_few_boards(self):
        boards = [board(np.zeros(TEAMS), 200, seed) for seed in range(100)]

        false = [tiers(*each, "maximize", 200).max() > 1 for each in boards]
        assert np.mean(false) <= 0.11  # 5 %, and three standard errors of 100 boards

    def test_begin_anew_at_each_leader(self):
        scores, replicates = board(np.linspace(0, -1, 200))

        found = tiers(scores, replicates, "maximize", 400)

        order = np.argsort(-scores)
        assert (np.diff(found[order]) >= 0).all() and found.max() > 3

    def test_keep_the_same_submission_sent_twice_together(self):
        scores, replicates = board([1.0, 0.0])
        twice = np.concatenate([replicates, replicates])

        found = tiers(np.concatenate([scores, scores]), twice, "maximize", 400)

        assert found.tolist() == [1, 2, 1, 2]

    def test_of_a_single_team_and_of_none(self):
        assert tiers(
            np.array([0.5]), np.full((1, 10), 0.5), "maximize", 400
        ).tolist() == [1]
        assert tiers(np.empty(0), np.empty((0, 10)), "maximize", 1).tolist() == []

    def test_leave_out_resamples_without_a_value(self):
        scores, replicates = board([3.0, 1.0])
        holed = replicates.copy()
        holed[:, 5] = np.nan

        assert tiers(scores, holed, "maximize", 400).tolist() == [1, 2]
        assert deviations(holed).shape == (2, 999)


class TestCriticalValue:
    def test_of_two_teams_is_near_the_normal_one(self):
        _, replicates = board([0.0, 0.0])

        assert critical_value(deviations(replicates)) == pytest.approx(2.17, abs=0.25)

    def test_grows_with_the_board_and_is_below_bonferroni(self):
        _, replicates = board(np.zeros(40))

        few = critical_value(deviations(replicates[:5]))
        many = critical_value(deviations(replicates))

        assert 2.3 < few < many < 4.12  # which for 40 teams is 4.12

    def test_of_very_many_teams_is_bonferronis(self):
        teams = MOST_COMPARED + 1

        found = critical_value(np.zeros((teams, 3)))

        assert found == pytest.approx(5.42, abs=0.01)


class TestChanceOfFirst:
    def test_is_shared_by_equal_teams_and_sums_to_one(self):
        replicates = np.array([[3.0, 1.0, 2.0, np.nan], [1.0, 2.0, 2.0, 0.0]])

        assert chance_of_first(replicates, "maximize").tolist() == [0.5, 0.5]
        assert chance_of_first(replicates[:, :2], "minimize").tolist() == [0.5, 0.5]

    def test_is_nearly_sure_far_ahead(self):
        _, replicates = board([2.0, 0.0, 0.0])

        chances = chance_of_first(replicates, "maximize")

        assert chances[0] > 0.99 and chances.sum() == pytest.approx(1)


def test_the_error_of_a_difference_is_that_of_paired_rows():
    scores, replicates = board([0.0, 0.0], rows=1000)

    found = difference_error(replicates[0], replicates[1])

    assert found == pytest.approx(0.3 * np.sqrt(2 / 1000), rel=0.1)
