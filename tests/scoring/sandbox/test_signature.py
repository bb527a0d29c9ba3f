import numpy as np
import pytest

from scoring.contract import Contract
from scoring.errors import WrongSignature
from scoring.sandbox import signature
from scoring.sandbox.signature import Feed, Signature, Tensor, bind, fitted_shape

X = {"x": {"columns": ["p", "q", "r", "s"], "dtype": "float32"}}
TEXT = {"text": {"columns": ["t"], "dtype": "string"}}
THREE = {"kind": "probabilities", "classes": ["a", "b", "c"]}
TWO = {"kind": "probabilities", "classes": ["a", "b"]}
SHAPES = {"x": (4,), "text": (1,), "image": (28, 28)}
ANSWER = Tensor("y", "float32", (None, 3))


def contract_of(inputs=X, output=THREE):
    return Contract.from_dict(
        {"inputs": inputs, "output": output, "id": "id", "target": "label"}
    )


def bound(inputs, outputs=(ANSWER,), contract=None):
    return bind(
        contract or contract_of(), SHAPES, Signature(tuple(inputs), tuple(outputs))
    )


class TestFittedShape:
    @pytest.mark.parametrize(
        ("row", "declared", "fitted"),
        [
            ((28, 28), (28, 28), (28, 28)),
            ((28, 28), (28, 28, 1), (28, 28, 1)),
            ((28, 28), (1, 28, 28), (1, 28, 28)),
            ((28, 28, 1), (28, 28), (28, 28)),
            ((28, 28), (None, None, None), (28, 28, 1)),
            ((28, 28), (None, None, 3), None),
            ((28, 28), (784,), None),
            ((28, 28), (28,), None),
            ((4,), (3,), None),
            ((4,), (None,), (4,)),
            ((4,), (), None),
            ((1,), (), ()),
            ((1,), (1, 1), (1, 1)),
            ((1,), (None,), (1,)),
            ((), (1,), (1,)),
            ((3, 1, 2), (3, 2), (3, 2)),
            ((4,), None, (4,)),
        ],
        ids=str,
    )
    def test_lets_only_axes_of_length_one_differ(self, row, declared, fitted):
        assert fitted_shape(row, declared) == fitted


class TestBind:
    def test_binds_one_input_and_one_output_by_position(self):
        binding = bound([Tensor("whatever", "float64", (None, 4))])

        assert binding.feeds == (Feed("x", "whatever", "float64", (4,)),)
        assert binding.output == "y"
        assert binding.batch is None

    def test_binds_several_by_name(self):
        tensors = [Tensor("text", "string", (None,)), Tensor("x", "float32", (None, 4))]

        binding = bound(tensors, contract=contract_of({**X, **TEXT}))

        assert [(feed.source, feed.row_shape) for feed in binding.feeds] == [
            ("text", ()),
            ("x", (4,)),
        ]

    def test_lets_a_model_do_without_an_input(self):
        binding = bound(
            [Tensor("x", "float32", (None, 4))], contract=contract_of({**X, **TEXT})
        )

        assert [feed.source for feed in binding.feeds] == ["x"]

    def test_takes_the_output_that_the_contract_names(self):
        outputs = [Tensor("z", "float32", (None, 9)), ANSWER]

        binding = bound(
            [Tensor("x", "float32", (None, 4))],
            outputs,
            contract_of(output={**THREE, "name": "y"}),
        )

        assert binding.output == "y"

    def test_takes_the_size_of_batch_that_a_model_was_saved_for(self):
        assert bound([Tensor("x", "float32", (32, 4))]).batch == 32

    @pytest.mark.parametrize(
        "answer",
        [(None,), (None, 1), (None, 2), (None, None), None, (None, 1, 2)],
        ids=str,
    )
    def test_takes_one_number_or_two_for_two_classes(self, answer):
        tensor = Tensor("y", "float32", answer)

        binding = bound(
            [Tensor("x", "float32", (None, 4))], [tensor], contract_of(output=TWO)
        )

        assert binding.output == "y"

    @pytest.mark.parametrize(
        ("inputs", "outputs", "told"),
        [
            ([Tensor("x", "float32", (None, 3))], [ANSWER], "x is (n, 4), the model"),
            ([Tensor("x", "string", (None, 4))], [ANSWER], "x is float32, the model"),
            ([Tensor("x", "complex64", (None, 4))], [ANSWER], "complex64 is never fed"),
            ([Tensor("x", "float32", ())], [ANSWER], "a single value instead of rows"),
            ([], [ANSWER], "it declares no input"),
            (
                [Tensor("x", "float32", (8, 4)), Tensor("x", "float32", (9, 4))],
                [ANSWER],
                "different numbers of rows",
            ),
            (
                [Tensor("x", "float32", (None, 4)), Tensor("u", "float32", (None, 4))],
                [ANSWER],
                "it takes u float32 (n, 4), which the contract does not name",
            ),
            ([Tensor("x", "float32", (None, 4))], [], "it declares no output"),
            (
                [Tensor("x", "float32", (None, 4))],
                [ANSWER, Tensor("z", "float32", (None, 3))],
                "it has 2 outputs and none is the contract's (the contract names none)",
            ),
            (
                [Tensor("x", "float32", (None, 4))],
                [Tensor("y", "float32", (None, 4))],
                "it answers y float32 (n, 4) where (n, 3) is due",
            ),
            (
                [Tensor("x", "float32", (None, 4))],
                [Tensor("y", "string", (None, 3))],
                "which is not probabilities",
            ),
            (
                [Tensor("x", "float32", (None, 4))],
                [Tensor("y", "float32", ())],
                "where (n, 3) is due",
            ),
        ],
        ids=range(12),
    )
    def test_says_what_does_not_fit_and_lists_both(self, inputs, outputs, told):
        with pytest.raises(WrongSignature) as caught:
            bound(inputs, outputs)

        assert told in caught.value.message
        assert "Contract: takes x float32 (n, 4); answers" in caught.value.message
        assert "Model: takes " in caught.value.message

    def test_lists_a_model_of_a_thousand_inputs_in_short(self):
        many = [Tensor("ü\n" * 500, "float32", (None, 4)) for _ in range(1000)]

        with pytest.raises(WrongSignature) as caught:
            bound(many)

        assert "and 984 more" in caught.value.message
        assert len(caught.value.message) < 3000
        assert "\n" not in caught.value.message


class TestCast:
    def rows(self, values, dtype, target):
        array = np.array(values, dtype=dtype)
        return signature.cast(array, Feed("x", "x", target, array.shape[1:]))

    @pytest.mark.parametrize(
        ("values", "dtype", "target"),
        [
            ([1.5, 2.5], "float32", "float64"),
            ([1.5, np.nan], "float64", "float32"),
            ([1.0, -2.0], "float32", "int32"),
            ([0, 255], "int64", "uint8"),
            ([True, False], "bool", "float32"),
            ([1, 0], "int32", "bool"),
            ([1, 2], "int32", "bfloat16"),
        ],
        ids=str,
    )
    def test_changes_the_type_and_not_the_numbers(self, values, dtype, target):
        result = self.rows(values, dtype, target)

        assert str(result.dtype) == target
        assert np.array_equal(result.astype(float), values, equal_nan=True)

    @pytest.mark.parametrize(
        ("values", "dtype", "target"),
        [
            ([1.5], "float32", "int32"),
            ([np.nan], "float32", "int32"),
            ([256], "int32", "uint8"),
            ([-1], "int64", "uint8"),
            ([2**40], "int64", "int32"),
            ([2], "int32", "bool"),
        ],
        ids=str,
    )
    def test_neither_cuts_fractions_nor_wraps(self, values, dtype, target):
        with pytest.raises(WrongSignature) as caught:
            self.rows(values, dtype, target)

        assert caught.value.message == signature.CANNOT_CAST
