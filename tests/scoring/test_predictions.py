import numpy as np
import pytest

from scoring import predictions
from scoring.errors import BadPredictions
from tests.scoring.contracts import (
    classes_contract,
    multilabel_contract,
    values_contract,
)

THREE = classes_contract()
TWO = classes_contract(("no", "yes"))
LABELS = classes_contract(kind="labels")
DIGITS = classes_contract(("0", "1", "2"), kind="labels")


class TestValidate:
    @pytest.mark.parametrize("shape", [(2,), (2, 1), (2, 1, 1)], ids=str)
    def test_completes_the_probability_of_the_last_of_two_classes(self, shape):
        array = np.array([0.25, 1.0], dtype=np.float32).reshape(shape)

        normal = predictions.validate(array, TWO, 2)

        assert normal.tolist() == [[0.75, 0.25], [0.0, 1.0]]
        assert normal.dtype == np.float64

    def test_lets_axes_of_length_one_differ(self):
        array = np.full((4, 1, 3, 1), 1 / 3)

        assert predictions.validate(array, THREE, 4).shape == (4, 3)

    @pytest.mark.parametrize(
        ("contract", "array"),
        [
            (DIGITS, np.array([2, 0])),
            (DIGITS, np.array([[2.0], [0.0]], dtype=np.float32)),
            (LABELS, np.array(["c", "a"], dtype=object)),
            (LABELS, np.array([["c"], ["a"]])),
        ],
        ids=["whole numbers", "whole floats", "texts", "texts in a column"],
    )
    def test_turns_classes_into_indices(self, contract, array):
        assert predictions.validate(array, contract, 2).tolist() == [2, 0]

    @pytest.mark.parametrize(
        ("contract", "array", "shape"),
        [
            (values_contract(), np.array([1, 2]), (2, 1)),
            (values_contract(2, ["u", "v"]), np.ones((2, 2), np.float32), (2, 2)),
            (multilabel_contract(), np.ones((2, 2)), (2, 2)),
            (classes_contract(kind="scores"), np.full((2, 3), -7.0), (2, 3)),
        ],
        ids=["one value", "two values", "multilabel", "scores"],
    )
    def test_gives_each_kind_its_shape(self, contract, array, shape):
        normal = predictions.validate(array, contract, 2)

        assert normal.shape == shape
        assert normal.dtype == np.float64

    @pytest.mark.parametrize(
        ("contract", "array", "message", "detail"),
        [
            (THREE, np.ones((3, 3)) / 3, predictions.WRONG_ROWS, "expected 2, got 3"),
            (THREE, np.float64(1), predictions.WRONG_ROWS, "got 0"),
            (THREE, np.ones((2, 4)) / 4, "The predictions do not have", "(2, 4)"),
            (THREE, np.array([["a", "b", "c"]] * 2), predictions.NOT_NUMBERS, "U1"),
            (
                THREE,
                np.array([[0.5, 0.5, 0], [np.nan, 0.5, 0.5]]),
                predictions.NOT_FINITE,
                "1 row(s), counted from 0: row 1",
            ),
            (
                values_contract(),
                np.array([[np.inf], [1]]),
                predictions.NOT_FINITE,
                "row 0: [inf]",
            ),
            (
                THREE,
                np.array([[1.5, -0.5, 0], [1, 0, 0]]),
                predictions.NOT_PROBABILITIES,
                "row 0",
            ),
            (
                THREE,
                np.array([[0.5, 0.5, 0.002], [1, 0, 0]]),
                predictions.NOT_SUMMING,
                "row 0: 1.002",
            ),
            (TWO, np.array([0.5, 1.1]), predictions.NOT_PROBABILITIES, "row 1: 1.1"),
            (LABELS, np.array(["a", "z"]), predictions.UNKNOWN_CLASS, "row 1: 'z'"),
            (DIGITS, np.array([0.5, 1.0]), predictions.UNKNOWN_CLASS, "row 0: 0.5"),
            (DIGITS, np.array([np.nan, 1.0]), predictions.NOT_FINITE, "row 0"),
        ],
        ids=[
            "rows", "a number", "shape", "texts", "NaN", "infinity", "below 0",
            "sum", "above 1", "class", "half a class", "NaN as a class",
        ],
    )  # fmt: skip
    def test_says_why_predictions_are_none(self, contract, array, message, detail):
        with pytest.raises(BadPredictions) as caught:
            predictions.validate(array, contract, 2)

        assert caught.value.message.startswith(message)
        assert detail in caught.value.detail
        assert not any(digit in caught.value.message for digit in "4567")

    def test_lets_rounded_probabilities_miss_the_sum_by_their_rounding(self):
        array = np.array([[255, 0, 0], [85, 85, 84]]) / 256

        assert predictions.validate(array, THREE, 2, 1 / 256).tolist() == array.tolist()
        with pytest.raises(BadPredictions, match="must sum to 1"):
            predictions.validate(array, THREE, 2)
        with pytest.raises(BadPredictions, match="must sum to 1"):
            predictions.validate(array / 2, THREE, 2, 1.0)

    def test_takes_sums_within_a_thousandth(self):
        array = np.array([[0.5, 0.5, 0.0009], [0.4999, 0.4995, 0.0]])

        assert predictions.validate(array, THREE, 2).shape == (2, 3)


class TestStore:
    @pytest.mark.parametrize(
        "array",
        [np.random.default_rng(1).random((50, 3)), np.arange(9), np.zeros((2, 2, 2))],
        ids=["probabilities", "classes", "masks"],
    )
    def test_keeps_every_bit(self, tmp_path, array):
        digest = predictions.store(tmp_path / "p", array)

        again = predictions.load(tmp_path / "p", digest)

        assert again.dtype == array.dtype
        assert again.tobytes() == array.tobytes()

    def test_gives_equal_predictions_equal_digests(self, tmp_path):
        array = np.random.default_rng(1).random((50, 3))

        first = predictions.store(tmp_path / "p", array)

        assert predictions.store(tmp_path / "q", array.copy()) == first
        assert predictions.store(tmp_path / "q", array + 1) != first

    def test_notices_that_kept_predictions_were_changed(self, tmp_path):
        digest = predictions.store(tmp_path / "p", np.arange(9))
        predictions.store(tmp_path / "p", np.arange(8))

        with pytest.raises(ValueError, match="not those of"):
            predictions.load(tmp_path / "p", digest)
