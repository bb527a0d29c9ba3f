import numpy as np
import pytest
from scipy import stats

from scoring import metrics
from scoring.metrics.applied import apply
from scoring.metrics.regression import METRICS as REGRESSION
from tests.scoring.metrics.references import CASES, UNWEIGHTED, classes_of, data

SEEDS = range(6)
NEAR = {"rel": 1e-9, "abs": 1e-12}


def name(case):
    key, known, shape, _ = case
    words = [key, getattr(shape, "__name__", shape), *map(str, known.values())]
    return " ".join(words)


EACH = pytest.mark.parametrize(
    ("key", "known", "shape", "reference"), CASES, ids=map(name, CASES)
)


@EACH
class TestFunction:
    def test_equals_the_reference(self, key, known, shape, reference):
        for seed in SEEDS:
            y_true, y_pred = data(shape, 20 + 37 * seed, seed)

            ours = metrics.get(key).function(
                y_true, y_pred, n_classes=classes_of(shape), **known
            )

            assert ours == pytest.approx(reference(y_true, y_pred), **NEAR)

    def test_equals_the_reference_under_weights(self, key, known, shape, reference):
        if key in UNWEIGHTED:
            pytest.skip("SciPy takes no weights")
        for seed in SEEDS:
            y_true, y_pred = data(shape, 20 + 37 * seed, seed)
            weight = np.random.default_rng(seed).random(len(y_true)) + 0.01

            ours = metrics.get(key).function(
                y_true, y_pred, n_classes=classes_of(shape), weight=weight, **known
            )

            assert ours == pytest.approx(reference(y_true, y_pred, weight), **NEAR)

    def test_counts_a_row_drawn_twice_as_two_rows(self, key, known, shape, reference):
        if key == "concordance":
            pytest.skip("to first order only: see TestConcordance")
        known = {"n_classes": classes_of(shape), **known}
        if key == "mase":
            known["scale"] = 2.0  # else it is that of the rows as they stand
        y_true, y_pred = data(shape, 60, 3)
        times = np.random.default_rng(3).integers(0, 3, (4, 60))
        times[:, :4] = 1  # rows that hold every class

        values = apply(metrics.get(key), y_true, y_pred, known).weighted(times)

        for drawn, value in zip(times, values, strict=True):
            rows = np.repeat(np.arange(60), drawn)
            function = metrics.get(key).function
            assert value == pytest.approx(
                function(y_true[rows], y_pred[rows], **known), **NEAR
            )


class TestConcordance:
    def test_is_near_the_value_of_repeated_rows(self):
        random = np.random.default_rng(1)
        y_true = random.normal(size=(500, 1))
        y_pred = y_true + random.normal(size=(500, 1))
        times = random.multinomial(500, np.full(500, 1 / 500), 200)
        applied = apply(metrics.get("concordance"), y_true, y_pred, {})

        near = applied.weighted(times)

        function = metrics.get("concordance").function
        exact = [
            function(np.repeat(y_true, drawn, 0), np.repeat(y_pred, drawn, 0))
            for drawn in times
        ]
        assert applied.weighted(np.ones((1, 500)))[0] == pytest.approx(applied.score)
        assert np.std(near) == pytest.approx(np.std(exact), rel=0.05)
        assert stats.pearsonr(near, exact).statistic > 0.99

    def test_counts_pairs_with_ties_by_hand(self):
        random = np.random.default_rng(2)
        y_true, y_pred = random.integers(0, 4, (2, 30, 1)).astype(float)
        y, p = y_true[:, 0], y_pred[:, 0]
        above = (y[:, None] > y).astype(float)
        even = (p[:, None] > p) + 0.5 * (p[:, None] == p)

        found = metrics.get("concordance").function(y_true, y_pred)

        assert found == pytest.approx((above * even).sum() / above.sum(), **NEAR)


class TestDecomposition:
    @pytest.mark.parametrize(
        "key",
        [each.key for each in metrics.METRICS.values() if each.decomposes],
    )
    def test_has_the_score_as_its_mean(self, key):
        _, known, shape, _ = next(case for case in CASES if case[0] == key)
        y_true, y_pred = data(shape, 80, 1)
        known = {"n_classes": classes_of(shape), **known}
        weight = np.random.default_rng(1).random(80)

        plain = apply(metrics.get(key), y_true, y_pred, known)
        weighted = apply(metrics.get(key), y_true, y_pred, known, weight=weight)

        assert plain.rows().shape == (80,)
        assert plain.rows().mean() == pytest.approx(plain.score, rel=1e-12)
        assert weighted.rows().mean() == pytest.approx(weighted.score, rel=1e-12)

    def test_exists_for_each_mean(self):
        keys = {each.key for each in metrics.METRICS.values() if each.decomposes}

        assert {"accuracy", "log_loss", "brier", "mae", "mse", "dice", "mrr"} <= keys
        assert not keys & {"rmse", "macro_f1", "roc_auc", "r2", "spearman"}


class TestGroups:
    def test_have_the_score_as_the_mean_of_their_own(self):
        random = np.random.default_rng(4)
        y_true, y_pred = random.normal(size=(2, 90, 1))
        group = np.array(["a", "b", "c"], dtype=object)[random.integers(0, 3, 90)]
        rmse = metrics.get("rmse")

        applied = apply(rmse, y_true, y_pred, {}, group)

        own = [rmse.function(y_true[group == g], y_pred[group == g]) for g in "abc"]
        assert applied.units == 3
        assert applied.score == pytest.approx(np.mean(own), rel=1e-12)
        drawn = applied.weighted(np.array([[2, 1, 0]]))
        assert drawn[0] == pytest.approx((2 * own[0] + own[1]) / 3, rel=1e-12)

    def test_weigh_rows_within(self):
        y_true, y_pred = np.zeros((4, 1)), np.array([[1.0], [3.0], [5.0], [5.0]])
        group, weight = np.array(list("aabb")), np.array([3.0, 1.0, 1.0, 1.0])

        applied = apply(metrics.get("mae"), y_true, y_pred, {}, group, weight)

        assert applied.score == pytest.approx((1.5 + 5.0) / 2)

    def test_are_lists_to_a_metric_of_lists(self):
        y_true = np.array([[1.0], [0.0], [0.0], [1.0]])
        y_pred = np.array([[0.9], [0.1], [0.9], [0.1]])

        applied = apply(metrics.get("mrr"), y_true, y_pred, {}, np.array(list("aabb")))

        assert applied.score == pytest.approx((1 + 1 / 2) / 2)

    def test_are_named_where_one_has_no_value(self):
        y_true, order = np.array([0, 1, 1, 1]), np.array([0.1, 0.2, 0.3, 0.4])
        group = np.array(["north", "north", "south", "south"])

        with pytest.raises(metrics.Undefined, match="in group 'south' all rows are of"):
            apply(metrics.get("roc_auc"), y_true, order, {"n_classes": 2}, group)


def test_large_values_stay_exact():
    y_true = np.array([[1e9], [1e9 + 1], [1e9 + 2]])
    for metric in REGRESSION:
        if metric.key in ("r2", "explained_variance"):
            assert metric.function(y_true, y_true + [[0], [0], [1]]) > 0
    assert metrics.get("pearson").function(y_true, y_true * 1e200) == pytest.approx(1)
