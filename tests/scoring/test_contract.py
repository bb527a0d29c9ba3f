import json

import pytest

from scoring.contract import Contract
from scoring.errors import ContractError
from tests.scoring.contracts import classes_contract, multilabel_contract

PENGUINS = {
    "inputs": {
        "measurements": {"columns": ["bill", "depth"], "dtype": "float32"},
        "island": {"columns": ["island"], "dtype": "string"},
    },
    "output": {"kind": "probabilities", "classes": ["Adelie", "Gentoo"], "name": "p"},
    "id": "id",
    "target": "species",
}


def changed(**changes):
    return {**PENGUINS, **changes}


class TestFromDict:
    def test_reads_what_a_competition_says(self):
        contract = Contract.from_dict(PENGUINS)

        assert contract.inputs[0].columns == ("bill", "depth")
        assert contract.output.classes == ("Adelie", "Gentoo")
        assert contract.output.shape == (2,)
        assert contract.target == ("species",)

    @pytest.mark.parametrize(
        "output",
        [
            {"kind": "probabilities", "classes": [0, 1, 2]},
            {"kind": "scores", "classes": ["x", "y"]},
            {"kind": "labels", "classes": ["x", "y"]},
            {"kind": "values"},
            {"kind": "values", "width": 1},
            {"kind": "probabilities", "multilabel": True},
        ],
        ids=lambda output: "-".join(map(str, output.values())),
    )
    def test_survives_json_unchanged(self, output):
        contract = Contract.from_dict(changed(output=output))

        again = Contract.from_dict(json.loads(json.dumps(contract.to_dict())))

        assert again == contract

    def test_takes_whole_numbers_as_classes_by_their_text(self):
        contract = classes_contract(classes=(0, 1, 7))

        assert contract.output.classes == ("0", "1", "7")

    def test_names_multilabel_classes_after_the_target_columns(self):
        contract = multilabel_contract(("c_flares", "m_flares"))

        assert contract.output.classes == ("c_flares", "m_flares")
        assert contract.output.family == "multilabel"

    @pytest.mark.parametrize(
        ("data", "told"),
        [
            (changed(inputs={}), "inputs: must name at least one"),
            (changed(extra=1), "unknown key 'extra'"),
            (changed(id=None), "tables need a key column"),
            (changed(target=["id"]), "is the id column"),
            (changed(target=[]), "target: must name"),
            (changed(target=["a", "b"]), "needs 1"),
            (changed(output={"kind": "answers"}), "output.kind"),
            (changed(output={"kind": "labels"}), "output.classes"),
            (changed(output={"kind": "labels", "classes": ["a", "a"]}), "different"),
            (changed(output={"kind": "labels", "classes": [True, False]}), "quote"),
            (changed(output={"kind": "values", "classes": ["a"]}), "no classes"),
            (changed(output={"kind": "values", "width": 2}), "needs 2"),
            (changed(output={"kind": "values", "shape": [0]}), "above 0"),
            (changed(output={"kind": "values", "shape": [1], "width": 1}), "either"),
            (
                changed(inputs={"x": {"columns": ["a"], "dtype": "float16"}}),
                "inputs.x.dtype",
            ),
            (
                changed(inputs={"x": {"columns": ["a", "a"], "dtype": "bool"}}),
                "different names",
            ),
            (
                changed(
                    inputs={"x": {"columns": ["a"], "array": "b", "dtype": "bool"}}
                ),
                "either columns or array",
            ),
        ],
    )
    def test_says_what_is_wrong(self, data, told):
        with pytest.raises(ContractError, match=told):
            Contract.from_dict(data)

    def test_tells_all_faults_at_once(self):
        with pytest.raises(ContractError) as caught:
            Contract.from_dict(changed(inputs={}, target=[], output={"kind": "x"}))

        assert str(caught.value).count(";") == 2


class TestDescribe:
    def test_writes_shapes_as_people_do(self):
        contract = Contract.from_dict(PENGUINS)

        assert contract.describe() == [
            {"name": "measurements", "dtype": "float32", "shape": "(n, 2)"},
            {"name": "island", "dtype": "string", "shape": "(n, 1)"},
        ]
        assert contract.describe_output()["shape"] == "(n, 2)"

    def test_takes_the_shape_of_arrays_from_the_data(self):
        contract = Contract.from_dict(
            changed(inputs={"image": {"array": "images", "dtype": "float32"}}, id=None)
        )

        assert contract.describe()[0]["shape"] == "(n, …)"
        assert contract.describe({"image": (28, 28)})[0]["shape"] == "(n, 28, 28)"
