"""Inputs of every type by name, and outputs in every container, as real files."""

import numpy as np
import pytest

from scoring.contract import Contract
from scoring.sandbox import predict
from tests.scoring.sandbox.model_rows import X

pytestmark = pytest.mark.needs("sandbox")

TYPED = {
    "x": {"columns": ["p", "q", "r", "s"], "dtype": "float32"},
    "flag": {"columns": ["flag"], "dtype": "bool"},
    "count": {"columns": ["count"], "dtype": "int64"},
}
WITH_TEXT = {**TYPED, "island": {"columns": ["island"], "dtype": "string"}}
FLOATS = {"x": TYPED["x"]}


def contract_of(inputs, name):
    return Contract.from_dict(
        {
            "inputs": inputs,
            "output": {
                "kind": "probabilities",
                "classes": ["a", "b", "c"],
                "name": name,
            },
            "id": "id",
            "target": "label",
        }
    )


class TestInputs:
    @pytest.mark.parametrize("name", ["types.keras", "types.zip"])
    def test_are_floats_booleans_whole_numbers_and_text(self, make_job, expected, name):
        run = predict(make_job(name, contract_of(WITH_TEXT, "species")))

        assert np.allclose(run.predictions, expected["types"], atol=1e-6)

    @pytest.mark.parametrize("name", ["typed.tflite", "typed.onnx"])
    def test_are_so_in_other_formats_for_any_batch(self, make_job, expected, name):
        run = predict(make_job(name, contract_of(TYPED, "species")))

        assert np.allclose(run.predictions, expected["typed"], atol=1e-6)


class TestOutputs:
    @pytest.mark.parametrize("name", ["list", "tuple"])
    def test_are_found_by_their_layer_in_lists_and_tuples(self, make_job, models, name):
        run = predict(make_job(f"{name}.keras", contract_of(FLOATS, "two")))

        assert np.allclose(run.predictions, np.load(models / f"{name}.npy"), atol=1e-6)

    def test_of_a_saved_model_for_one_batch_come_for_all_rows(self, make_job):
        run = predict(make_job("fixed_two.zip", contract_of(FLOATS, "two")))

        raised = np.exp(X[:, :3])
        wanted = raised / raised.sum(axis=1, keepdims=True)
        assert np.allclose(run.predictions, wanted, atol=1e-6)
