"""Every format of model, through the sandbox, against its own runtime."""

import numpy as np
import pytest

from scoring import errors
from scoring.contract import Contract
from scoring.sandbox import predict
from tests.scoring.contracts import classes_contract

pytestmark = pytest.mark.needs("sandbox")

THREE = classes_contract()


def named_contract(output=None, dtype="float32"):
    return Contract.from_dict(
        {
            "inputs": {"x": {"columns": ["p", "q", "r", "s"], "dtype": dtype}},
            "output": {
                "kind": "probabilities",
                "classes": ["a", "b", "c"],
                **({"name": output} if output else {}),
            },
            "id": "id",
            "target": "label",
        }
    )


class TestPredictions:
    @pytest.mark.parametrize(
        ("name", "format"),
        [
            ("keras3.h5", "h5"),
            ("float.tflite", "tflite"),
            ("single.tflite", "tflite"),
            ("fixed.keras", "keras"),
        ],
    )
    def test_are_those_of_keras(self, make_job, expected, name, format):
        job = make_job(name, THREE)

        run = predict(job)

        assert job.format == format
        assert np.allclose(run.predictions, expected["formats"], atol=1e-6)

    def test_of_onnx_are_the_same_and_its_outputs_are_named(self, make_job, expected):
        run = predict(make_job("dense.onnx", named_contract("species")))

        assert np.allclose(run.predictions, expected["formats"], atol=1e-6)

    def test_of_onnx_need_no_declared_shapes(self, make_job, expected):
        run = predict(make_job("unranked.onnx", THREE))

        assert np.allclose(run.predictions, expected["formats"], atol=1e-6)

    def test_need_neither_the_loss_nor_full_precision(self, make_job, expected):
        run = predict(make_job("odd.keras", THREE))

        assert np.abs(run.predictions.sum(axis=1) - 1).max() > 0.001
        assert np.allclose(run.predictions, expected["odd"], atol=1e-6)

    def test_of_whole_numbers_stand_for_their_scale(self, make_job, expected):
        run = predict(make_job("int8.tflite", THREE))

        assert np.abs(run.predictions - expected["formats"]).max() < 0.05
        steps = run.predictions * 256
        assert np.array_equal(steps, np.rint(steps))

    def test_of_keras_2_need_neither_its_layers_in_keras_3(self, make_job, expected):
        run = predict(make_job("keras2.h5", THREE))

        assert np.allclose(run.predictions, expected["keras2"], atol=1e-6)

    def test_of_keras_1_are_those_of_its_weights(self, make_job, expected):
        run = predict(make_job("keras1.h5", THREE))

        assert np.allclose(run.predictions, expected["keras1"], atol=1e-6)

    def test_of_a_saved_model_need_no_optimiser(self, make_job, expected):
        run = predict(make_job("keras2.zip", THREE))

        assert np.allclose(run.predictions, expected["keras2"], atol=1e-6)


class TestRefusals:
    def refused(self, job):
        with pytest.raises(errors.SubmissionError) as caught:
            predict(job)
        return caught.value

    @pytest.mark.parametrize(
        ("name", "told"),
        [
            ("keras3.h5", "damaged or is not HDF5"),
            ("float.tflite", "damaged or is not a TFLite"),
            ("dense.onnx", "damaged, is of a version"),
        ],
    )
    def test_of_a_cut_file_say_so(self, models, tmp_path, make_job, name, told):
        whole = (models / name).read_bytes()
        cut = tmp_path / name
        cut.write_bytes(whole[: len(whole) // 2])

        error = self.refused(make_job(cut, THREE))

        assert isinstance(error, errors.UnreadableFile)
        assert told in error.message

    @pytest.mark.parametrize(
        ("name", "told"),
        [
            ("flex.tflite", "operation Flex"),
            ("custom.tflite", "operation MatrixDeterminant, which TFLite"),
            ("newer.onnx", "ONNX opset version 99; onnxruntime"),
        ],
    )
    def test_of_what_is_not_there_name_it(self, make_job, name, told):
        error = self.refused(make_job(name, THREE))

        assert isinstance(error, errors.UnreadableFile)
        assert told in error.message

    def test_of_bare_weights_say_what_to_save(self, make_job):
        error = self.refused(make_job("only.weights.h5", THREE))

        assert "holds weights without a model" in error.message

    def test_of_an_unnamed_output_list_what_there_is(self, make_job):
        error = self.refused(make_job("dense.onnx", THREE))

        assert isinstance(error, errors.WrongSignature)
        assert "hidden float32 (rows, 6)".replace("rows", "n") in error.message
