"""A small version of `python -m benchmarks.coverage`, with bounds."""

import pytest

from benchmarks.coverage import ACCURACY, POPULATIONS, RMSE, coverage, false_splits

EACH = pytest.mark.parametrize("population", POPULATIONS, ids=lambda each: each.key)


@EACH
def test_intervals_hold_the_truth_in_about_95_of_100_data_sets(population):
    share = coverage(population, rows=300, data_sets=200)

    assert 0.90 <= share <= 0.99  # 0.95, and three standard errors


@pytest.mark.parametrize(
    ("population", "worse"),
    [(ACCURACY, 0.0), (RMSE, 0.3)],
    ids=["all equal", "half worse"],
)
def test_tiers_split_equal_teams_on_at_most_5_of_100_boards(population, worse):
    share = false_splits(population, boards=100, teams=6, worse=worse, rows=200)

    assert share <= 0.11  # 0.05, and three standard errors
