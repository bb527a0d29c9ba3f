import pytest

from scoring.errors import RefusedContent
from scoring.sandbox.loaders import scan

DENSE = {
    "module": "keras.layers",
    "class_name": "Dense",
    "config": {"name": "dense", "units": 3, "activation": "softmax"},
    "registered_name": None,
}


def model_of(*layers):
    return {
        "module": "keras",
        "class_name": "Sequential",
        "config": {"name": "m", "layers": [DENSE, *layers]},
        "compile_config": None,
    }


class TestCheckKerasConfig:
    def test_lets_keras_own_classes_pass(self):
        lookup = {
            "module": "keras.layers",
            "class_name": "StringLookup",
            "config": {"vocabulary": ["a", "b"]},
        }

        scan.check_keras_config(model_of(lookup))

    def test_lets_keras_look_for_a_function_among_its_own(self):
        swish = {"module": "builtins", "class_name": "function", "config": "silu"}

        scan.check_keras_config(model_of({"config": {"activation": swish}}))

    def test_leaves_out_how_a_model_was_compiled(self):
        loss = {"module": "mine", "class_name": "Loss", "config": {}}

        scan.check_keras_config({**model_of(), "compile_config": {"loss": loss}})

    @pytest.mark.parametrize(
        ("layer", "told"),
        [
            ({"module": "keras.layers", "class_name": "Lambda"}, "Lambda layer"),
            ({"class_name": "__lambda__", "config": {}}, "lambda function"),
            ({"module": "keras.layers", "class_name": "TFSMLayer"}, "SavedModel"),
            ({"module": "os", "class_name": "system"}, "custom class"),
            ({"module": "builtins", "class_name": "function"}, "custom class"),
            ({"module": "kerasx", "class_name": "Dense"}, "custom class"),
            (
                {"class_name": "StringLookup", "config": {"vocabulary": "/etc/passwd"}},
                "vocabulary from a file",
            ),
        ],
        ids=range(7),
    )
    def test_refuses_code_and_files(self, layer, told):
        with pytest.raises(RefusedContent, match=told):
            scan.check_keras_config(model_of({"config": {"inner": [layer]}}))

    def test_refuses_a_configuration_without_end(self):
        nested = DENSE
        for _ in range(300):
            nested = {"config": nested}

        with pytest.raises(RefusedContent, match="nested too deep"):
            scan.check_keras_config(nested)
