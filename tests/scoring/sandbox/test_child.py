import numpy as np
import pytest

from scoring.errors import BadPredictions, WrongSignature
from scoring.predictions import WRONG_ROWS
from scoring.sandbox.child import BATCH_ROWS, predict
from scoring.sandbox.signature import Binding, Feed
from tests.scoring.contracts import classes_contract

ROWS = BATCH_ROWS * 2 + 10
INPUTS = {"x": np.arange(ROWS * 4, dtype=np.float32).reshape(ROWS, 4)}
FEED = Feed("x", "model_x", "float32", (4,))


def run_on(function, batch=None, feed=FEED):
    """Predict with a plain function in a model's place, and see what it was fed."""
    fed = []

    def run(rows):
        fed.append(rows["model_x"])
        return function(rows["model_x"])

    binding = Binding((feed,), "y", batch)
    return predict(run, binding, INPUTS, ROWS, classes_contract()), fed


def first_three(x):
    return x[:, :3]


class TestPredict:
    def test_feeds_all_rows_in_order_and_in_batches_of_one_size(self):
        result, fed = run_on(first_three)

        assert np.array_equal(result, INPUTS["x"][:, :3])
        assert [len(batch) for batch in fed] == [BATCH_ROWS, BATCH_ROWS, 10]

    def test_fills_up_the_last_batch_of_a_model_of_fixed_size(self):
        result, fed = run_on(first_three, batch=100)

        assert np.array_equal(result, INPUTS["x"][:, :3])
        assert {len(batch) for batch in fed} == {100}

    def test_gives_rows_the_shape_that_the_model_takes(self):
        feed = Feed("x", "model_x", "int32", (1, 4, 1))

        _, fed = run_on(lambda x: x[:, 0, :3, 0].astype(np.float32), feed=feed)

        assert fed[0].shape == (BATCH_ROWS, 1, 4, 1)
        assert fed[0].dtype == np.int32

    @pytest.mark.parametrize(
        "function",
        [lambda x: x[:1, :3], lambda x: x[0, 0], lambda x: np.repeat(x[:, :3], 2, 0)],
        ids=["one row", "a number", "twice the rows"],
    )
    def test_notices_wrong_rows_at_the_first_batch(self, function):
        with pytest.raises(BadPredictions) as caught:
            run_on(function)

        assert caught.value.message == WRONG_ROWS
        assert f"A batch of {BATCH_ROWS} rows" in caught.value.detail

    def test_notices_a_huge_row_at_the_first_batch(self):
        with pytest.raises(BadPredictions, match="do not have the shape"):
            run_on(lambda x: np.zeros((len(x), 100_000), np.float32))

    def test_notices_a_shape_that_changes(self):
        with pytest.raises(BadPredictions, match="do not have the shape"):
            run_on(lambda x: x[:, :3] if len(x) > 10 else x[:, :3, None])

    def test_refuses_to_cut_fractions(self):
        feed = Feed("x", "model_x", "bool", (4,))

        with pytest.raises(WrongSignature):
            run_on(first_three, feed=feed)
