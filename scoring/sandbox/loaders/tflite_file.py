"""TFLite files: flatbuffers, run by LiteRT; integers carry a scale and a zero point."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import BinaryIO

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from scoring.errors import UnreadableFile
from scoring.sandbox.loaders import Model
from scoring.sandbox.signature import Signature, Tensor

SIGNATURE = "serving_default"
DAMAGED = "The file is damaged or is not a TFLite model that can be run here."
FOREIGN_OPERATION = (
    "The model uses the operation {}, which TFLite itself does not have; convert it "
    "with TFLITE_BUILTINS alone."
)
TOO_NEW = "The model uses {} in version {}, which LiteRT does not have."
FOREIGN = r"unresolved custom op: (\w+)|\((Flex\w+)\) failed to prepare"
NEWER = r"opcode '(\w+)' version '(\d+)'"
DTYPES = {"str": "string", "bytes": "string", "object": "string", "bool_": "bool"}


def load(file: BinaryIO, scratch: Path, max_bytes: int, seal) -> Model:
    """Load a TFLite model; operations beyond TFLite's own are not there to be run."""
    content = file.read()
    seal()
    cores = len(os.sched_getaffinity(0))
    try:
        interpreter = Interpreter(model_content=content, num_threads=cores)
        inputs, outputs, runner = _callable(interpreter)
    except MemoryError:
        raise
    except (ValueError, RuntimeError) as error:
        raise UnreadableFile(_why_not(str(error)), str(error)) from error
    signature = Signature(
        tuple(_tensor(name, each) for name, each in inputs.items()),
        tuple(_tensor(name, each) for name, each in outputs.items()),
    )
    steps = {name: _scale(each) for name, each in outputs.items()}
    return Model(signature, runner, steps)


def _why_not(told: str) -> str:
    """What to say of a file: the operation that is not there, where that is it."""
    if found := re.search(FOREIGN, told):
        return FOREIGN_OPERATION.format(found[1] or found[2])
    if found := re.search(NEWER, told):
        return TOO_NEW.format(*found.groups())
    return DAMAGED


def _check_operations(interpreter: Interpreter) -> None:
    """Look for operations that are not there; all else shows when the model is run."""
    try:
        interpreter.allocate_tensors()
    except (ValueError, RuntimeError) as error:
        if _why_not(str(error)) != DAMAGED:
            raise


def _callable(interpreter: Interpreter):
    """Inputs and outputs by name, and a way to run: a signature, or the bare graph."""
    signatures = interpreter.get_signature_list()
    if not signatures:
        return _bare_graph(interpreter)
    _check_operations(interpreter)
    key = SIGNATURE if SIGNATURE in signatures else next(iter(signatures))
    function = interpreter.get_signature_runner(key)
    inputs, outputs = function.get_input_details(), function.get_output_details()

    def runner(output):
        def run(batch):
            fed = {name: quantised(batch[name], inputs[name]) for name in inputs}
            return dequantised(function(**fed)[output], outputs[output])

        return run

    return inputs, outputs, runner


def _bare_graph(interpreter: Interpreter):
    """A file without signatures: its tensors' own names."""
    inputs = {each["name"]: each for each in interpreter.get_input_details()}
    outputs = {each["name"]: each for each in interpreter.get_output_details()}
    sized = {name: () for name in inputs}

    def runner(output):
        def run(batch):
            for name, part in batch.items():
                if sized[name] != part.shape:
                    interpreter.resize_tensor_input(inputs[name]["index"], part.shape)
                    sized[name] = part.shape
                    interpreter.allocate_tensors()
            for name, part in batch.items():
                data = quantised(part, inputs[name])
                interpreter.set_tensor(inputs[name]["index"], data)
            interpreter.invoke()
            answer = interpreter.get_tensor(outputs[output]["index"])
            return dequantised(answer, outputs[output])

        return run

    interpreter.allocate_tensors()
    return inputs, outputs, runner


def quantised(numbers: np.ndarray, details: dict) -> np.ndarray:
    """Numbers as an integer input holds them: the nearest step, within its range."""
    scale = _scale(details)
    if not scale:
        return numbers
    span = np.iinfo(details["dtype"])
    steps = np.rint(numbers / np.float32(scale)) + details["quantization"][1]
    return np.clip(steps, span.min, span.max).astype(details["dtype"])


def dequantised(answer: np.ndarray, details: dict) -> np.ndarray:
    """The numbers that an integer output stands for."""
    scale, zero = _scale(details), details["quantization"][1]
    if not scale:
        return answer
    return (answer.astype(np.float32) - np.float32(zero)) * np.float32(scale)


def _scale(details: dict) -> float:
    """The size of one step of a quantised tensor; 0 for a plain one."""
    is_whole = np.dtype(details["dtype"]).kind in "iu"
    return float(details["quantization"][0]) if is_whole else 0.0


def _tensor(name: str, details: dict) -> Tensor:
    kind = np.dtype(details["dtype"])
    dtype = "float32" if _scale(details) else DTYPES.get(kind.type.__name__, kind.name)
    dtype = "string" if kind.kind in "SUO" else dtype
    sizes = details.get("shape_signature")
    if sizes is None or not len(sizes):
        sizes = details["shape"]
    shape = tuple(None if size < 0 else int(size) for size in sizes)
    return Tensor(name, dtype, shape)
