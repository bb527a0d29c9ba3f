import json
from math import isclose
from pathlib import Path

import numpy as np
import pytest

from scoring import predictions, tables
from scoring.contract import Contract
from scoring.errors import ContractError
from scoring.labels import Labels
from scoring.metrics import Undefined
from scoring.sandbox.loaders import predictions_file
from scoring.score import check_defined, ranking_metric, score
from tests.scoring.contracts import classes_contract, values_contract

DATA = Path(__file__).parent / "data"
ANY_INPUT = {"x": {"columns": ["x"], "dtype": "float32"}}


def labelled(contract, y, split):
    ids = [str(row) for row in range(len(y))]
    return Labels(np.array(y), np.array(split, dtype=np.uint8), ids, contract)


def of_data_set(name, output, target, key="id"):
    """Labels and normal predictions of one of the data sets, all rows public."""
    inputs = ANY_INPUT if key else {"x": {"array": "x", "dtype": "float32"}}
    contract = Contract.from_dict(
        {"inputs": inputs, "output": output, "id": key, "target": target}
    )
    ending = "csv.gz" if key else "npz"
    table = tables.read_table(DATA / name / f"test_labels.{ending}")
    ids = tables.row_ids(table, contract)
    y = tables.label_values(table, contract, ids)
    labels = Labels(y, np.zeros(len(ids), dtype=np.uint8), ids, contract)
    with open(DATA / name / f"baseline.{ending}", "rb") as file:
        array = predictions_file.read(file, ending, contract, ids, False)
    return labels, predictions.validate(array, contract, len(ids))


CLASSES = {"kind": "probabilities"}
LANGUAGES = sorted(
    set(
        tables.read_table(DATA / "languages" / "test_labels.csv.gz")
        .columns["language"]
        .values.tolist()
    )
)
OF_CLASSES = {
    "accuracy": "accuracy",
    "balanced_accuracy": "balanced_accuracy",
    "cohen_kappa": "cohen_kappa",
    "macro_f1": "f1_macro",
}
OF_PROBABILITIES = {
    **OF_CLASSES,
    "weighted_f1": "f1_weighted",
    "mcc": "matthews_corrcoef",
    "log_loss": "log_loss",
}
OF_VALUES = {
    **{key: key for key in ("mae", "mape", "r2", "rmse", "rmsle")},
    "median_ae": "median_absolute_error",
}
OF_TWO = {
    **{key: key for key in ("average_precision", "brier", "log_loss", "roc_auc")},
    **{key: f"{key}_at_0.5" for key in ("accuracy", "f1", "precision", "recall")},
    "mcc": "matthews_corrcoef_at_0.5",
}
DATA_SETS = [  # name, output, target, our keys and those of scores.json
    (
        "mnist",
        {**CLASSES, "classes": list(range(10))},
        "labels",
        {**OF_PROBABILITIES, "top_k": "top_3_accuracy"},
    ),
    (
        "penguins",
        {**CLASSES, "classes": ["Adelie", "Chinstrap", "Gentoo"]},
        "species",
        OF_PROBABILITIES,
    ),
    ("spambase", {**CLASSES, "classes": [0, 1]}, "spam", OF_TWO),
    (
        "languages",
        {"kind": "labels", "classes": LANGUAGES},
        "language",
        OF_CLASSES,
    ),
    ("diamonds", {"kind": "values"}, "price", OF_VALUES),
    ("bike_hours", {"kind": "values"}, "rentals", OF_VALUES),
]
OF_COLUMNS = {
    "macro_f1": "f1_macro_at_0.5",
    "micro_f1": "f1_micro_at_0.5",
    "hamming": "hamming_loss_at_0.5",
    "mean_column_log_loss": "mean_column_log_loss",
    "mean_column_auc": "mean_column_roc_auc",
}
PARAMETERS = {"top_k": {"k": 3}}


class TestScore:
    @pytest.mark.parametrize(
        ("name", "output", "target", "keys"),
        DATA_SETS,
        ids=[each[0] for each in DATA_SETS],
    )
    def test_equals_what_a_plain_script_found(self, name, output, target, keys):
        labels, normal = of_data_set(
            name, output, target, None if name == "mnist" else "id"
        )
        expected = json.loads((DATA / name / "scores.json").read_text())

        specs = [{"key": key, **PARAMETERS.get(key, {})} for key in keys]
        scores = score(normal, labels, specs)

        for ours, theirs in keys.items():
            assert isclose(scores["all"][ours], expected[theirs], rel_tol=1e-12)

    def test_equals_a_plain_script_on_several_columns(self):
        flares = DATA / "solar_flares"
        given = tables.read_table(flares / "baseline.csv.gz")
        truth = tables.read_table(flares / "test_labels.csv.gz")
        names = ["c_flares", "m_flares", "x_flares"]
        contract = Contract.from_dict(
            {
                "inputs": ANY_INPUT,
                "output": {"kind": "probabilities", "multilabel": True},
                "id": "id",
                "target": names,
            }
        )
        prob = [given.columns[f"{name}_any"].values for name in names]
        y = [truth.columns[name].values.astype(np.int64) > 0 for name in names]
        labels = labelled(contract, np.stack(y, axis=1).astype(int), [0] * truth.rows)
        normal = predictions.validate(
            np.stack(prob, axis=1).astype(np.float64), contract, truth.rows
        )

        scores = score(normal, labels, [{"key": key} for key in OF_COLUMNS])

        expected = json.loads((flares / "scores.json").read_text())
        for ours, theirs in OF_COLUMNS.items():
            assert isclose(scores["all"][ours], expected[theirs], rel_tol=1e-12)

    def test_scores_each_split_and_leaves_ignored_rows_out(self):
        labels = labelled(values_contract(), [[0.0]] * 5, [0, 0, 1, 2, 1])
        normal = np.array([[1.0], [3.0], [5.0], [1000.0], [7.0]])

        scores = score(normal, labels, [{"key": "mae"}, {"key": "rmse"}])

        assert scores["public"]["mae"] == 2.0
        assert scores["private"]["mae"] == 6.0
        assert scores["all"]["mae"] == 4.0
        assert list(scores["all"]) == ["mae", "rmse"]

    def test_has_no_private_score_where_no_row_is_private(self):
        labels = labelled(values_contract(), [[0.0]] * 2, [0, 0])

        scores = score(np.ones((2, 1)), labels, [{"key": "mae"}])

        assert set(scores) == {"public", "all"}

    def test_predicts_the_first_of_the_largest(self):
        labels = labelled(classes_contract(), [0, 1], [0, 0])
        normal = np.array([[0.4, 0.4, 0.2], [0.2, 0.4, 0.4]])

        assert score(normal, labels, [{"key": "accuracy"}])["all"]["accuracy"] == 1.0

    def test_divides_probabilities_by_their_sum(self):
        labels = labelled(classes_contract(), [0], [0])
        normal = np.array([[0.5005, 0.25, 0.25]])

        value = score(normal, labels, [{"key": "log_loss"}])["all"]["log_loss"]

        assert value == pytest.approx(-np.log(0.5005 / 1.0005), rel=1e-12)

    def test_takes_the_last_class_as_the_positive_one(self):
        labels = labelled(classes_contract(("no", "yes")), [0, 1], [0, 0])
        normal = np.array([[0.9, 0.1], [0.2, 0.8]])

        assert score(normal, labels, [{"key": "roc_auc"}])["all"]["roc_auc"] == 1.0

    def test_does_not_rank_by_a_metric_that_is_undefined(self):
        labels = labelled(classes_contract(("no", "yes")), [0, 1, 1], [0, 0, 1])
        normal = np.array([[0.9, 0.1], [0.2, 0.8], [0.2, 0.8]])

        with pytest.raises(
            Undefined, match="roc_auc is undefined on the private split"
        ):
            score(normal, labels, [{"key": "roc_auc"}])

    def test_leaves_out_a_further_metric_that_is_undefined(self):
        labels = labelled(classes_contract(("no", "yes")), [0, 1, 1], [0, 0, 1])
        normal = np.array([[0.9, 0.1], [0.2, 0.8], [0.2, 0.8]])

        scores = score(normal, labels, [{"key": "accuracy"}, {"key": "roc_auc"}])

        assert set(scores["private"]) == {"accuracy"}
        assert set(scores["public"]) == {"accuracy", "roc_auc"}

    def test_is_the_same_from_kept_predictions(self, tmp_path):
        random = np.random.default_rng(5)
        normal = random.dirichlet(np.ones(3), 500)
        split = random.integers(0, 2, 500)
        labels = labelled(classes_contract(), random.integers(0, 3, 500), split)
        specs = [{"key": "log_loss"}, {"key": "macro_f1"}]
        digest = predictions.store(tmp_path / "p", normal)

        again = score(predictions.load(tmp_path / "p", digest), labels, specs)

        assert again == score(normal, labels, specs)

    def test_refuses_a_metric_listed_twice(self):
        labels = labelled(values_contract(), [[0.0]], [0])

        with pytest.raises(ContractError, match="twice"):
            score(np.ones((1, 1)), labels, [{"key": "mae"}, {"key": "mae"}])


class TestCheckDefined:
    def test_finds_a_split_that_the_ranking_metric_cannot_score(self):
        contract = classes_contract(("no", "yes"))
        spec = [{"key": "roc_auc"}]

        check_defined(labelled(contract, [0, 1, 0, 1], [0, 0, 1, 1]), spec)
        with pytest.raises(Undefined, match="private split: all rows are of one class"):
            check_defined(labelled(contract, [0, 1, 1, 1], [0, 0, 1, 1]), spec)

    def test_finds_an_empty_public_split(self):
        labels = labelled(values_contract(), [[1.0], [2.0]], [1, 1])

        with pytest.raises(Undefined, match="public split: it has no rows"):
            check_defined(labels, [{"key": "mae"}])


class TestRankingMetric:
    def test_gives_the_splits_score_and_its_values_on_resamples(self):
        labels = labelled(values_contract(), [[0.0]] * 5, [0, 0, 1, 2, 1])
        normal = np.array([[1.0], [3.0], [5.0], [1000.0], [7.0]])

        applied = ranking_metric(normal, labels, {"key": "mae"}, "public")

        assert (applied.units, applied.score) == (2, 2.0)
        assert applied.weighted(np.array([[2.0, 0.0], [1.0, 1.0]])).tolist() == [1, 2]
        assert applied.rows().tolist() == [1.0, 3.0]

    def test_draws_groups_where_they_are_named(self):
        labels = labelled(values_contract(), [[0.0]] * 4, [0, 0, 0, 1])
        labels.columns["group site"] = np.array(["a", "a", "b", "b"], dtype=object)
        normal = np.array([[1.0], [3.0], [8.0], [9.0]])
        spec = {"key": "mae", "group": "site"}

        applied = ranking_metric(normal, labels, spec, "public")

        assert (applied.units, applied.score) == (2, 5.0)
        assert score(normal, labels, [spec])["public"]["mae"] == 5.0
