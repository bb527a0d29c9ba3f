"""ONNX files, run by onnxruntime, which has threads from its import on.

So a fork server never imports it; each child does, behind its walls.
"""

from __future__ import annotations

import os
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
        version = onnxruntime.__version__
        raise UnreadableFile(DAMAGED.format(version), told) from error
    signature = Signature(
        tuple(_tensor(each) for each in session.get_inputs()),
        tuple(_tensor(each) for each in session.get_outputs()),
    )

    def runner(output):
        return lambda batch: session.run([output], dict(batch))[0]

    return Model(signature, runner)


def _tensor(declared) -> Tensor:
    """One input or output; a size that is a name, or none, is any size."""
    if declared.type not in TYPES:
        return Tensor(declared.name, declared.type, None)
    sizes = declared.shape
    shape = tuple(size if isinstance(size, int) else None for size in sizes)
    return Tensor(declared.name, TYPES[declared.type], shape)
