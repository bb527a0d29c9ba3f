"""ONNX files, run by onnxruntime, which has threads from its import on.

So a fork server never imports it; each child does, behind its walls.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import BinaryIO

import onnxruntime

from scoring.errors import UnreadableFile
from scoring.sandbox.loaders import Model
from scoring.sandbox.signature import Signature, Tensor

ERRORS_ONLY = 3
TYPES = {
    "tensor(float)": "float32",
    "tensor(double)": "float64",
    "tensor(float16)": "float16",
    "tensor(bfloat16)": "bfloat16",
    "tensor(bool)": "bool",
    "tensor(string)": "string",
    **{f"tensor({sign}int{bits})": f"{sign}int{bits}" for sign in ("", "u")
       for bits in (8, 16, 32, 64)},
}  # fmt: skip
DAMAGED = (
    "The file is damaged, is of a version that cannot be read, or is not an ONNX model "
    "that onnxruntime {} can run."
)
NEWER = (  # what onnxruntime says of versions beyond its own, theirs and ours
    (r"Unsupported model IR version: (\d+), max supported IR version: (\d+)", "IR"),
    (r"Opset (\d+) is [^$]* till opset (\d+)", "opset"),
)
TOO_NEW = "The model is of ONNX {} version {}; onnxruntime {} reads up to {}."
EXTERNAL = "The model keeps its weights in other files; save it as a single file."


def load(file: BinaryIO, scratch: Path, max_bytes: int, seal) -> Model:
    """Load an ONNX model; files beside it and operators of others are not there."""
    content = file.read()
    seal()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = len(os.sched_getaffinity(0))
    options.inter_op_num_threads = 1
    options.log_severity_level = ERRORS_ONLY
    try:
        session = onnxruntime.InferenceSession(
            content, options, providers=["CPUExecutionProvider"]
        )
    except MemoryError:
        raise
    except Exception as error:
        told = str(error)
        if "external" in told.lower():
            raise UnreadableFile(EXTERNAL, told) from error
        raise UnreadableFile(_why_not(told), told) from error
    signature = Signature(
        tuple(_input(each) for each in session.get_inputs()),
        tuple(_tensor(each) for each in session.get_outputs()),
    )

    def runner(output):
        return lambda batch: session.run([output], dict(batch))[0]

    return Model(signature, runner)


def _why_not(told: str) -> str:
    """What to say of a file: the version that is too new, where that is the fault."""
    for pattern, name in NEWER:
        if found := re.search(pattern, told):
            theirs, ours = sorted(map(int, found.groups()), reverse=True)
            return TOO_NEW.format(name, theirs, onnxruntime.__version__, ours)
    return DAMAGED.format(onnxruntime.__version__)


def _input(declared) -> Tensor:
    """One input; NumPy has no bfloat16, so onnxruntime cannot be fed any."""
    if declared.type == "tensor(bfloat16)":
        return Tensor(declared.name, declared.type, None)
    return _tensor(declared)


def _tensor(declared) -> Tensor:
    """One input or output; a size that is a name, or none, is any size.

    onnxruntime tells a single value and an unknown number of axes alike.
    """
    if declared.type not in TYPES:
        return Tensor(declared.name, declared.type, None)
    sizes = declared.shape
    shape = tuple(size if isinstance(size, int) else None for size in sizes)
    return Tensor(declared.name, TYPES[declared.type], shape or None)
