import math

import numpy as np
import pytest

from scoring import metrics
from scoring.errors import ContractError
from scoring.metrics import Undefined
from tests.scoring.contracts import (
    classes_contract,
    multilabel_contract,
    values_contract,
)

KEYS = (  # as the fixed points list them
    "accuracy balanced_accuracy top_k precision recall f1 f_beta macro_f1 micro_f1 "
    "weighted_f1 mcc cohen_kappa quadratic_kappa log_loss brier roc_auc roc_auc_ovr "
    "average_precision jaccard hamming mean_column_log_loss mean_column_auc mae mse "
    "rmse rmsle mape smape mase median_ae r2 explained_variance pinball spearman "
    "pearson concordance map_at_k ndcg_at_k mrr dice iou"
)
ALL = pytest.mark.parametrize("metric", metrics.METRICS.values(), ids=lambda m: m.key)

OF_CLASSES = "accuracy balanced_accuracy macro_f1 micro_f1 weighted_f1 mcc cohen_kappa "
OF_CLASSES += "quadratic_kappa hamming "
OF_TWO = "precision recall f1 f_beta jaccard "
OF_ORDER = "top_k roc_auc_ovr map_at_k ndcg_at_k mrr "
OF_VALUES = (
    "mae mse rmse rmsle mape smape mase median_ae r2 explained_variance pinball "
)
OF_VALUES += "spearman pearson dice iou "


def value(key, y_true, y_pred, **known):
    """A metric's value by its registry entry."""
    return metrics.get(key).function(y_true, y_pred, **known)


class TestRegistry:
    def test_has_every_key(self):
        assert set(metrics.METRICS) == set(KEYS.split())

    @ALL
    def test_tells_all_that_pages_show(self, metric):
        assert metric.direction in ("maximize", "minimize")
        assert metric.takes in ("probabilities", "classes", "values", "order")
        assert metric.range[0] < metric.range[1]
        assert metric.title and metric.formula and metric.source
        assert metric.summary.endswith(".") and metric.example.words.endswith(".")
        assert all(each.words for each in metric.parameters.values())

    @ALL
    def test_gives_what_the_worked_example_says(self, metric):
        example = metric.example

        found = metric.function(
            example.y_true,
            example.y_pred,
            n_classes=example.n_classes,
            **example.parameters,
        )

        assert found == pytest.approx(example.score, rel=1e-12)
        assert metric.range[0] <= found <= metric.range[1]

    @ALL
    def test_weighs_rows_equally_where_weights_are_equal(self, metric):
        example = metric.example
        known = {"n_classes": example.n_classes, **example.parameters}

        plain = metric.function(example.y_true, example.y_pred, **known)
        weight = np.full(len(example.y_true), 2.5)
        weighted = metric.function(
            example.y_true, example.y_pred, **known, weight=weight
        )

        assert weighted == pytest.approx(plain, rel=1e-12)

    @ALL
    def test_says_so_where_there_are_no_rows(self, metric):
        with pytest.raises(Undefined, match=f"{metric.key} is undefined: it has no"):
            metric.function(np.zeros((0, 2)), np.zeros((0, 2)))


class TestCheck:
    @pytest.mark.parametrize(
        ("contract", "keys"),
        [
            (classes_contract(), OF_CLASSES + OF_ORDER + "log_loss brier"),
            (
                classes_contract(("n", "y")),
                OF_CLASSES
                + OF_TWO
                + OF_ORDER.replace("top_k", "")
                + "log_loss brier roc_auc average_precision",
            ),
            (
                classes_contract(("n", "y"), "scores"),
                OF_CLASSES
                + OF_TWO
                + OF_ORDER.replace("top_k", "")
                + "roc_auc average_precision",
            ),
            (classes_contract(kind="labels"), OF_CLASSES),
            (
                multilabel_contract(),
                "macro_f1 micro_f1 weighted_f1 hamming mean_column_log_loss "
                "mean_column_auc map_at_k ndcg_at_k mrr",
            ),
            (values_contract(), OF_VALUES + "concordance"),
            (values_contract(2, ["a", "b"]), OF_VALUES + "map_at_k ndcg_at_k mrr"),
        ],
        ids=[
            "probabilities",
            "two classes",
            "scores",
            "labels",
            "multilabel",
            "values",
            "two values",
        ],
    )
    def test_takes_only_metrics_of_the_output(self, contract, keys):
        taken = set(keys.split())
        for key in metrics.METRICS:
            if key in taken:
                assert metrics.check({"key": key}, contract).key == key
            else:
                with pytest.raises(ContractError) as refused:
                    metrics.check({"key": key}, contract)
                told = str(refused.value).rpartition("what fits: ")[2]
                assert set(told.split(", ")) == taken

    @pytest.mark.parametrize(
        ("spec", "told"),
        [
            ({"key": "acuracy"}, "unknown; the metrics are accuracy"),
            ({"key": "accuracy", "beta": 2}, "no parameter 'beta'"),
            ({"key": "top_k", "k": 3}, "k: 3 must be below the number of classes"),
            ({"key": "top_k", "k": 0}, "k must be at least 1, not 0"),
            ({"key": "top_k", "k": 1.5}, "k must be a whole number, not 1.5"),
            ({"key": "top_k", "k": True}, "k must be a number, not True"),
            ({"key": "f_beta", "beta": 0}, "beta must be above 0, not 0"),
            ({"key": "f1"}, "with these classes it needs average: macro, micro or"),
            ({"key": "f1", "average": "mean"}, "average must be one of binary, macro"),
            ({"key": "rmse"}, "rmse does not fit output kind probabilities"),
            ({"key": "roc_auc"}, "it takes two classes"),
            ({"key": "accuracy", "group": 3}, "group must name a column of the labels"),
        ],
    )
    def test_says_what_would_be_right(self, spec, told):
        with pytest.raises(ContractError, match=told):
            metrics.check(spec, classes_contract())

    def test_takes_f1_of_many_classes_where_the_average_is_named(self):
        spec = {"key": "f1", "average": "macro"}

        assert metrics.check(spec, classes_contract()).key == "f1"

    def test_takes_lists_of_single_values_where_a_group_makes_lists(self):
        spec = {"key": "mrr", "group": "query"}

        assert metrics.check(spec, values_contract()).key == "mrr"
        with pytest.raises(ContractError, match="name group"):
            metrics.check({"key": "mrr"}, values_contract())


class TestTakeClasses:
    def test_wants_every_metric_to(self):
        accuracy, loss = {"key": "accuracy"}, {"key": "log_loss"}

        assert metrics.take_classes([accuracy, {"key": "macro_f1"}])
        assert not metrics.take_classes([accuracy, loss])


class TestUndefined:
    @pytest.mark.parametrize(
        ("key", "y_true", "told"),
        [
            ("roc_auc", [1, 1], "all rows are of one class"),
            ("average_precision", [0, 0], "all rows are of one class"),
            ("mcc", [2, 2], "all rows are of one class"),
            ("cohen_kappa", [0], "all rows are of one class"),
            ("quadratic_kappa", [1], "all rows are of one class"),
            ("roc_auc_ovr", [0, 2, 0], "class number 2 of 3 has no rows"),
            ("mean_column_auc", [[0, 1], [0, 0]], "target number 1 holds only 0"),
            ("r2", [[4.0], [4.0]], "the target is the same in every row"),
            ("explained_variance", [[4.0]], "it has a single row"),
            ("spearman", [[1.0, 2.0], [3.0, 2.0]], "target number 2 is the same"),
            ("pearson", [[1.0]], "it has a single row"),
            ("concordance", [[1.0], [1.0]], "the target is the same in every row"),
            ("mape", [[0.0], [1.0]], r"1 label\(s\) are 0"),
            ("mase", [[1.0]], r"it has 1 row\(s\)"),
            ("mase", [[1.0], [1.0]], "repeat without change"),
            ("ndcg_at_k", [[1.0, -1.0]], r"1 relevance\(s\) are below 0"),
        ],
    )
    def test_says_why_in_a_sentence(self, key, y_true, told):
        with pytest.raises(Undefined, match=f"{key} is undefined: .*{told}"):
            value(key, y_true, np.ones((len(y_true), 3)), n_classes=3)

    def test_looks_only_at_rows_that_weigh_something(self):
        with pytest.raises(Undefined, match="one class"):
            value("mcc", [0, 1], [0, 1], n_classes=2, weight=[1.0, 0.0])
        with pytest.raises(Undefined, match="all weights are 0"):
            value("mae", [0.0], [1.0], weight=[0.0])

    @pytest.mark.parametrize("key", ["spearman", "pearson", "mcc"])
    def test_takes_constant_predictions_as_no_correlation(self, key):
        assert value(key, [0, 1, 1], [1, 1, 1], n_classes=2) == 0.0

    def test_takes_constant_predictions_as_even_pairs(self):
        assert value("concordance", [1.0, 2.0, 3.0], [1.0, 1.0, 1.0]) == 0.5
        assert not math.isnan(value("r2", [1.0, 2.0], [9.0, 9.0]))
