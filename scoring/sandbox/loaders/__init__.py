"""One file per format; each has `load`, or `read` for files of predictions.

They import the heavy libraries, so a child imports the one it needs, and no one else
imports any.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from scoring.sandbox.signature import Signature

MODULES = {
    "keras": "scoring.sandbox.loaders.keras_file",
    "savedmodel": "scoring.sandbox.loaders.saved_model",
    "h5": "scoring.sandbox.loaders.hdf5_file",
    "tflite": "scoring.sandbox.loaders.tflite_file",
    "onnx": "scoring.sandbox.loaders.onnx_file",
    "csv": "scoring.sandbox.loaders.predictions_file",
    "csv.gz": "scoring.sandbox.loaders.predictions_file",
    "parquet": "scoring.sandbox.loaders.predictions_file",
    "npz": "scoring.sandbox.loaders.predictions_file",
}
LATE = ("onnx",)  # their libraries start threads, so a parent cannot have them
WARM_MODULES = {  # by what a fork server is for
    "models": (
        "scoring.sandbox.loaders.keras_file",
        "scoring.sandbox.loaders.saved_model",
        "scoring.sandbox.loaders.hdf5_file",
    ),
    # Without TensorFlow a parent is a tenth of the size, and forks as much quicker.
    "light": ("scoring.sandbox.loaders.tflite_file",),
    "tables": ("scoring.sandbox.loaders.predictions_file",),
}


def group_of(format: str) -> str:
    """The fork server that runs a format."""
    if format in ("tflite", "onnx"):
        return "light"
    return "models" if format in ("keras", "savedmodel", "h5") else "tables"


def device_for(format: str, device: str) -> str:
    """Where a worker of some device runs a format: TensorFlow alone uses its GPU."""
    return device if group_of(format) == "models" else "cpu"


@dataclass(frozen=True)
class Model:
    """A loaded model: what it declares, and a way to run one of its outputs.

    `runner(output)` gives a function of the model's inputs by name to that output.
    `steps` tells how finely the outputs of a quantised model are graded.
    """

    signature: Signature
    runner: Callable[[str], Callable[[Mapping[str, np.ndarray]], np.ndarray]]
    steps: Mapping[str, float] = field(default_factory=dict)
