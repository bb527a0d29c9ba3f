import math
from itertools import product

import numpy as np
import pytest
from sklearn import metrics as sklearn_metrics

from scoring import metrics
from scoring.errors import ContractError
from scoring.metrics.classification import accuracy, macro_f1
from scoring.metrics.ordering import roc_auc
from scoring.metrics.probability import EPSILON, log_loss
from scoring.metrics.regression import mae, rmse, rmsle
from tests.scoring.contracts import (
    classes_contract,
    multilabel_contract,
    values_contract,
)

SEEDS = range(5)
EXACT = {"rel": 1e-12, "abs": 0}


def drawn_classes(seed, n_classes=4, rows=200):
    random = np.random.default_rng(seed)
    return random.integers(0, n_classes, rows), random.integers(0, n_classes, rows)


def drawn_probabilities(seed, n_classes=4, rows=200):
    random = np.random.default_rng(seed)
    prob = random.dirichlet(np.ones(n_classes), rows)
    return random.integers(0, n_classes, rows), prob


class TestAccuracy:
    @pytest.mark.parametrize("seed", SEEDS)
    def test_equals_scikit_learn(self, seed):
        y_true, y_pred = drawn_classes(seed)

        expected = sklearn_metrics.accuracy_score(y_true, y_pred)
        assert accuracy(y_true, y_pred, 4) == pytest.approx(expected, **EXACT)

    def test_counts_by_hand(self):
        assert accuracy([0, 1, 2, 2], [0, 2, 2, 2], 3) == 0.75


class TestMacroF1:
    @pytest.mark.parametrize("seed", SEEDS)
    def test_equals_scikit_learn(self, seed):
        y_true, y_pred = drawn_classes(seed)

        expected = sklearn_metrics.f1_score(
            y_true, y_pred, labels=range(6), average="macro", zero_division=0
        )
        assert macro_f1(y_true, y_pred, 6) == pytest.approx(expected, **EXACT)

    @pytest.mark.parametrize("seed", SEEDS)
    def test_equals_scikit_learn_on_columns(self, seed):
        random = np.random.default_rng(seed)
        y_true, y_pred = random.integers(0, 2, (2, 100, 3))
        y_true[:, 2] = y_pred[:, 2] = 0

        expected = sklearn_metrics.f1_score(
            y_true, y_pred, average="macro", zero_division=0
        )
        assert macro_f1(y_true, y_pred, 3) == pytest.approx(expected, **EXACT)

    def test_counts_by_hand_and_takes_nothing_over_nothing_as_zero(self):
        # Class 0: TP 1, FP 0, FN 1. Class 1: TP 1, FP 1, FN 0. Class 2: never.
        assert macro_f1([0, 0, 1], [0, 1, 1], 3) == pytest.approx((2 / 3 + 2 / 3) / 3)


class TestLogLoss:
    @pytest.mark.parametrize("seed", SEEDS)
    def test_equals_scikit_learn(self, seed):
        y_true, prob = drawn_probabilities(seed)

        expected = sklearn_metrics.log_loss(y_true, prob, labels=range(4))
        assert log_loss(y_true, prob, 4) == pytest.approx(expected, **EXACT)

    @pytest.mark.parametrize("sure", [0.0, 1.0])
    def test_equals_scikit_learn_where_it_clips(self, sure):
        prob = np.array([[sure, 1 - sure], [sure, 1 - sure]])

        expected = sklearn_metrics.log_loss([0, 0], prob, labels=[0, 1])
        assert log_loss([0, 0], prob, 2) == pytest.approx(expected, **EXACT)

    def test_is_the_logarithm_of_float64s_epsilon_at_worst(self):
        assert log_loss([0], [[0.0, 1.0]], 2) == -math.log(EPSILON)
        assert log_loss([0], [[0.25, 0.75]], 2) == pytest.approx(math.log(4))


class TestRocAuc:
    @pytest.mark.parametrize("seed", SEEDS)
    def test_equals_scikit_learn_with_ties(self, seed):
        random = np.random.default_rng(seed)
        y_true = random.integers(0, 2, 300)
        y_score = np.round(random.random(300), 1)

        expected = sklearn_metrics.roc_auc_score(y_true, y_score)
        assert roc_auc(y_true, y_score) == pytest.approx(expected, **EXACT)

    def test_counts_pairs_by_hand(self):
        y_true, y_score = [0, 1, 0, 1, 1], [0.1, 0.4, 0.4, 0.9, 0.3]
        pairs = [
            (y_score[i] > y_score[j]) + 0.5 * (y_score[i] == y_score[j])
            for i, j in product(range(5), repeat=2)
            if y_true[i] > y_true[j]
        ]

        assert roc_auc(y_true, y_score) == pytest.approx(sum(pairs) / len(pairs))

    @pytest.mark.parametrize("only", [0, 1])
    def test_is_undefined_for_a_single_class(self, only):
        with pytest.raises(metrics.Undefined, match="one class"):
            roc_auc([only, only], [0.1, 0.2])


class TestRegression:
    @pytest.mark.parametrize("seed", SEEDS)
    @pytest.mark.parametrize("shape", [(100, 1), (100, 3)], ids=str)
    @pytest.mark.parametrize(
        ("ours", "theirs"),
        [
            (mae, sklearn_metrics.mean_absolute_error),
            (rmse, sklearn_metrics.root_mean_squared_error),
            (rmsle, sklearn_metrics.root_mean_squared_log_error),
        ],
        ids=["mae", "rmse", "rmsle"],
    )
    def test_equals_scikit_learn(self, ours, theirs, shape, seed):
        y_true, y_pred = np.random.default_rng(seed).gamma(2, 50, (2, *shape))

        assert ours(y_true, y_pred) == pytest.approx(theirs(y_true, y_pred), **EXACT)

    def test_counts_by_hand(self):
        assert mae([1, 2, 4], [2, 2, 1]) == pytest.approx(4 / 3)
        assert rmse([1, 2, 4], [2, 2, 1]) == pytest.approx(math.sqrt(10 / 3))
        assert rmsle([math.e - 1], [0.0]) == pytest.approx(1.0)

    def test_takes_predictions_below_zero_as_zero(self):
        assert rmsle([3.0, 5.0], [-7.0, 5.0]) == rmsle([3.0, 5.0], [0.0, 5.0])


class TestCheck:
    @pytest.mark.parametrize(
        ("contract", "keys"),
        [
            (classes_contract(), "accuracy macro_f1 log_loss"),
            (classes_contract(("n", "y")), "accuracy macro_f1 log_loss roc_auc"),
            (classes_contract(("n", "y"), "scores"), "accuracy macro_f1 roc_auc"),
            (classes_contract(kind="labels"), "accuracy macro_f1"),
            (multilabel_contract(), "macro_f1"),
            (values_contract(), "rmse mae rmsle"),
        ],
        ids=[
            "probabilities",
            "two classes",
            "scores",
            "labels",
            "multilabel",
            "values",
        ],
    )
    def test_takes_only_metrics_of_the_output(self, contract, keys):
        for key in metrics.METRICS:
            if key in keys.split():
                assert metrics.check({"key": key}, contract).key == key
            else:
                with pytest.raises(
                    ContractError, match="what fits: " + keys.split()[0]
                ):
                    metrics.check({"key": key}, contract)

    @pytest.mark.parametrize(
        ("spec", "told"),
        [
            ({"key": "acuracy"}, "unknown; the metrics are accuracy"),
            ({"key": "accuracy", "beta": 2}, "no parameter 'beta'"),
        ],
    )
    def test_says_what_would_be_right(self, spec, told):
        with pytest.raises(ContractError, match=told):
            metrics.check(spec, classes_contract())


class TestTakeClasses:
    def test_wants_every_metric_to(self):
        accuracy, loss = {"key": "accuracy"}, {"key": "log_loss"}

        assert metrics.take_classes([accuracy, {"key": "macro_f1"}])
        assert not metrics.take_classes([accuracy, loss])


class TestRegistry:
    @pytest.mark.parametrize("metric", metrics.METRICS.values(), ids=lambda m: m.key)
    def test_tells_all_that_pages_show(self, metric):
        assert metric.direction in ("maximize", "minimize")
        assert metric.takes in ("probabilities", "classes", "values", "order")
        assert metric.range[0] < metric.range[1]
        assert metric.title and metric.formula and metric.source
        assert metric.function.__doc__.count("\n") > 5
