"""Does this model fit the contract? Binds a model's tensors to the contract's by name.

Where both have one input (or one output), position binds them whatever the names. Axes
of length one may differ; numbers are cast to the model's dtype where that changes none
of them; nothing else is reshaped, rescaled or reordered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ml_dtypes
import numpy as np

from scoring.contract import Contract, Input, written_shape
from scoring.errors import WrongSignature
from scoring.predictions import row_shapes, without_ones

FLOATS = ("float16", "bfloat16", "float32", "float64")
WHOLE = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
NUMBERS = (*FLOATS, *WHOLE, "bool")
CANNOT_CAST = (
    "An input holds numbers that the model's declared type cannot take unchanged."
)
SHOWN_TENSORS, SHOWN_NAME = 16, 60


@dataclass(frozen=True)
class Tensor:
    """One input or output as a model declares it; None stands for any size."""

    name: str
    dtype: str
    shape: tuple[int | None, ...] | None  # with the batch axis first


@dataclass(frozen=True)
class Signature:
    """What a model says it takes and answers."""

    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]


@dataclass(frozen=True)
class Feed:
    """How one input of the contract becomes one of the model's."""

    source: str
    target: str
    dtype: str
    row_shape: tuple[int, ...]


@dataclass(frozen=True)
class Binding:
    """How a model is run under a contract."""

    feeds: tuple[Feed, ...]
    output: str
    batch: int | None  # where the model was saved for one size of batch only


def bind(
    contract: Contract, shapes: Mapping[str, tuple[int, ...]], signature: Signature
) -> Binding:
    """Bind a model to a contract whose inputs have rows of these shapes.

    Raises
    ------
    WrongSignature
        With what does not fit, and contract and model side by side.
    """
    misfits: list[str] = []
    feeds = _noted(misfits, _bound_inputs, contract, shapes, signature.inputs)
    output = _noted(misfits, _bound_output, contract, signature.outputs)
    batch = _noted(misfits, _bound_batch, signature.inputs)
    if misfits:
        told = side_by_side(contract, shapes, signature)
        listed = "; ".join(misfits)
        raise WrongSignature(f"The model does not fit the contract: {listed}. {told}")
    return Binding(feeds, output, batch)


def cast(array: np.ndarray, feed: Feed) -> np.ndarray:
    """Some rows of an input, as the model takes them.

    Raises
    ------
    WrongSignature
        If the cast would cut fractions or wrap numbers around.
    """
    array = array.reshape(len(array), *feed.row_shape)
    if feed.dtype == "string":
        return array
    dtype = np.dtype(getattr(ml_dtypes, feed.dtype, feed.dtype))
    if dtype == array.dtype:
        return array
    with np.errstate(invalid="ignore"):
        result = array.astype(dtype)
    if dtype.kind in "iub" and not np.array_equal(result, array):
        raise WrongSignature(CANNOT_CAST)
    return result


def fitted_shape(row: tuple, declared: tuple | None) -> tuple[int, ...] | None:
    """The shape of a row that a declared one takes, or None where it takes none.

    A declared None takes any size; an axis of length one may stand on either side only.
    """
    if declared is None:
        return row
    if not declared:
        return () if all(size == 1 for size in row) else None
    size, rest = declared[0], declared[1:]
    if row and size in (None, row[0]):
        fitted = fitted_shape(row[1:], rest)
        if fitted is not None:
            return (row[0], *fitted)
    if size in (None, 1):
        fitted = fitted_shape(row, rest)
        if fitted is not None:
            return (1, *fitted)
    return fitted_shape(row[1:], declared) if row and row[0] == 1 else None


def side_by_side(contract: Contract, shapes, signature: Signature) -> str:
    """Contract and model in one line each, as a participant compares them."""
    wanted = ", ".join(
        f"{each['name']} {each['dtype']} {each['shape']}"
        for each in contract.describe(shapes)
    )
    answer = contract.describe_output()
    return (
        f"Contract: takes {wanted}; answers {contract.output.kind} {answer['shape']}. "
        f"Model: takes {_listed(signature.inputs)}; "
        f"answers {_listed(signature.outputs)}."
    )


class _Misfit(Exception):
    """What does not fit, in half a sentence."""


def _noted(misfits: list[str], bound, *given):
    """Bind one part, and go on where it does not fit: all is told at once."""
    try:
        return bound(*given)
    except _Misfit as misfit:
        misfits.append(str(misfit))
        return None


def _bound_batch(tensors) -> int | None:
    batches = {tensor.shape[0] for tensor in tensors if tensor.shape}
    batches.discard(None)
    if len(batches) > 1:
        raise _Misfit("the inputs declare different numbers of rows")
    return batches.pop() if batches else None


def _bound_inputs(contract: Contract, shapes, tensors) -> tuple[Feed, ...]:
    if not tensors:
        raise _Misfit("it declares no input")
    if len(tensors) == 1 and len(contract.inputs) == 1:
        return (_feed(contract.inputs[0], shapes, tensors[0]),)
    by_name = {part.name: part for part in contract.inputs}
    for tensor in tensors:
        if tensor.name not in by_name:
            raise _Misfit(
                f"it takes {_shown(tensor)}, which the contract does not name"
            )
    return tuple(_feed(by_name[tensor.name], shapes, tensor) for tensor in tensors)


def _feed(part: Input, shapes, tensor: Tensor) -> Feed:
    if (part.dtype == "string") != (tensor.dtype == "string"):
        raise _Misfit(f"{part.name} is {part.dtype}, the model takes {_shown(tensor)}")
    if tensor.dtype not in (*NUMBERS, "string"):
        raise _Misfit(f"it takes {_shown(tensor)}, and {tensor.dtype} is never fed")
    row = tuple(shapes[part.name])
    if tensor.shape == ():
        raise _Misfit(f"it takes {_shown(tensor)}, a single value instead of rows")
    fitted = fitted_shape(row, tensor.shape and tensor.shape[1:])
    if fitted is None:
        raise _Misfit(
            f"{part.name} is {written_shape(row)}, the model takes {_shown(tensor)}"
        )
    return Feed(part.name, tensor.name, tensor.dtype, fitted)


def _bound_output(contract: Contract, tensors) -> str:
    output = contract.output
    if not tensors:
        raise _Misfit("it declares no output")
    if len(tensors) == 1:
        chosen = tensors[0]
    else:
        named = [tensor for tensor in tensors if tensor.name == output.name]
        if not named:
            wanted = "the contract names none" if output.name is None else output.name
            raise _Misfit(
                f"it has {len(tensors)} outputs and none is the contract's ({wanted})"
            )
        chosen = named[0]
    allowed = (*NUMBERS, "string") if output.kind == "labels" else NUMBERS
    if chosen.dtype not in allowed:
        raise _Misfit(f"it answers {_shown(chosen)}, which is not {output.kind}")
    if chosen.shape is not None and not _may_answer(chosen.shape, output):
        wanted = written_shape(output.shape)
        raise _Misfit(f"it answers {_shown(chosen)} where {wanted} is due")
    return chosen.name


def _may_answer(shape: tuple, output) -> bool:
    """Whether a declared output can turn out to have a shape the contract allows."""
    if not shape:
        return False
    found = without_ones(shape[1:])
    return any(
        fitted_shape(allowed, found) is not None for allowed in row_shapes(output)
    )


def _listed(tensors) -> str:
    shown = [_shown(tensor) for tensor in tensors[:SHOWN_TENSORS]]
    if len(tensors) > SHOWN_TENSORS:
        shown.append(f"and {len(tensors) - SHOWN_TENSORS} more")
    return ", ".join(shown) or "nothing"


def _shown(tensor: Tensor) -> str:
    name = "".join(each if each.isprintable() else "?" for each in tensor.name)
    if tensor.shape is None:
        return f"{name[:SHOWN_NAME]} {tensor.dtype} of any shape"
    if not tensor.shape:
        return f"{name[:SHOWN_NAME]} {tensor.dtype} ()"
    rows = "n" if tensor.shape[0] is None else str(tensor.shape[0])
    shape = written_shape(tensor.shape[1:]).replace("n", rows, 1)
    return f"{name[:SHOWN_NAME]} {tensor.dtype} {shape}"
