import numpy as np
import pytest

from scoring import metrics
from scoring.metrics.applied import apply
from scoring.statistics.intervals import interval
from scoring.statistics.resampling import CHUNK_CELLS, Resamples, replicates, seed_of


def drawn(units, count=50, seed=7):
    return np.concatenate(list(Resamples(seed, units, count).chunks()))


class TestResamples:
    @pytest.mark.parametrize("units", [1, 2, 7, 1000])
    def test_draw_as_many_units_as_there_are(self, units):
        weights = drawn(units)

        assert weights.shape == (50, units)
        assert (weights.sum(axis=1) == units).all() and (weights >= 0).all()

    def test_are_the_same_for_ever(self):
        assert drawn(5, 2).tolist() == FIXED

    def test_do_not_depend_on_how_they_are_chunked(self, monkeypatch):
        whole = drawn(101, 30)

        monkeypatch.setattr("scoring.statistics.resampling.CHUNK_CELLS", 300)
        assert (drawn(101, 30) == whole).all()

    def test_hold_few_cells_at_once(self):
        chunks = Resamples(1, 3000, 1000).chunks()

        assert all(chunk.size <= CHUNK_CELLS for chunk in chunks)

    def test_are_as_often_of_each_unit(self):
        counts = drawn(20, 5000)

        assert counts.mean(axis=0) == pytest.approx(np.ones(20), abs=0.06)
        assert counts.var() == pytest.approx(1 - 1 / 20, rel=0.05)

    def test_have_a_seed_of_their_own_for_each_split(self):
        seeds = {
            seed_of("ab", "public"),
            seed_of("ab", "private"),
            seed_of("ac", "all"),
        }

        assert len(seeds) == 3
        assert seed_of("ab", "public") == seed_of("ab", "public")


FIXED = [[0, 0, 1, 2, 2], [1, 3, 0, 0, 1]]


class TestReplicates:
    def test_are_the_scores_of_the_rows_that_were_drawn(self):
        random = np.random.default_rng(3)
        y_true, y_pred = random.normal(size=(2, 40, 1))
        rmse = metrics.get("rmse")

        found = replicates(apply(rmse, y_true, y_pred, {}), Resamples(7, 40, 20))

        for weights, value in zip(drawn(40, 20), found, strict=True):
            rows = np.repeat(np.arange(40), weights.astype(int))
            assert value == pytest.approx(rmse.function(y_true[rows], y_pred[rows]))

    def test_have_no_value_where_a_class_is_missing_for_every_submission_alike(self):
        y_true = np.array([0, 0, 0, 1])
        scores = np.random.default_rng(1).random((2, 4))
        auc = metrics.get("roc_auc")

        both = [
            replicates(apply(auc, y_true, each, {"n_classes": 2}), Resamples(1, 4, 200))
            for each in scores
        ]

        lacking = np.isnan(both)
        assert lacking[0].any() and (lacking[0] == lacking[1]).all()
        assert interval(both[0]) is None

    def test_refuse_rows_of_another_number(self):
        applied = apply(metrics.get("mae"), np.zeros((3, 1)), np.ones((3, 1)), {})

        with pytest.raises(ValueError, match="4 units for 3"):
            replicates(applied, Resamples(1, 4))


class TestInterval:
    def test_is_near_the_normal_one_of_a_mean(self):
        random = np.random.default_rng(2)
        y_true, y_pred = random.normal(size=(2, 2000, 1))
        applied = apply(metrics.get("mse"), y_true, y_pred, {})

        low, high = interval(replicates(applied, Resamples(3, 2000)))

        error = applied.rows().std() / np.sqrt(2000)
        assert low == pytest.approx(applied.score - 1.96 * error, abs=0.2 * error)
        assert high == pytest.approx(applied.score + 1.96 * error, abs=0.2 * error)

    def test_leaves_out_a_few_resamples_without_a_value(self):
        values = np.concatenate([np.linspace(0, 1, 1001), [np.nan]])

        assert interval(values) == pytest.approx((0.025, 0.975))
