"""Keras 3 files (.keras): a zip of a configuration and weights."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from pathlib import Path
from typing import BinaryIO

from scoring.archive import DAMAGED, OTHER_COMPRESSION, check_zip
from scoring.artifact import COMPRESSED_OTHERWISE, ZIP_FAULTS
from scoring.errors import RefusedContent, UnreadableFile
from scoring.sandbox.loaders import Model, scan
from scoring.sandbox.loaders.libraries import keras, start_runtime, tf
from scoring.sandbox.signature import Signature, Tensor

CONFIG_BYTES = 16 * 2**20
UNKNOWN_CLASS = (
    "Could not locate class",
    "Could not locate function",
    "is a custom class, please register it",
    "Unknown layer",
    "Unknown object",
)


def load(file: BinaryIO, scratch: Path, max_bytes: int, seal) -> Model:
    """Load a model with nothing but Keras's own classes; no code of the file runs.

    `seal` is left alone: Keras unpacks assets while it builds layers, and by then the
    runtime has threads that sealing would not reach.
    """
    version = _inspect(file, max_bytes)
    path = scratch / "model.keras"
    file.seek(0)
    with open(path, "xb") as copy:
        shutil.copyfileobj(file, copy, 2**20)
    start_runtime()
    try:
        model = keras.saving.load_model(path, compile=False, safe_mode=True)
    except MemoryError:
        raise
    except Exception as error:
        told = f"{type(error).__name__}: {error}"
        if asks_for_code(error):
            raise RefusedContent(scan.CUSTOM, told) from error
        raise UnreadableFile(_why_not(version), told) from error
    if not isinstance(model, keras.Model):
        raise UnreadableFile("The file holds a layer, not a model.")
    return wrapped(model)


def asks_for_code(error: Exception) -> bool:
    """Whether Keras failed for a class or function that it does not have."""
    return any(told in str(error) for told in UNKNOWN_CLASS)


def _inspect(file: BinaryIO, max_bytes: int) -> str:
    """Check the archive and its configuration; return the Keras version it names."""
    check_zip(file, max_bytes)
    try:
        with zipfile.ZipFile(file) as archive:
            if archive.getinfo("config.json").file_size > CONFIG_BYTES:
                raise UnreadableFile("The model's configuration is larger than 16 MiB.")
            config = json.loads(archive.read("config.json"))
            names = archive.namelist()
            known = archive.read("metadata.json") if "metadata.json" in names else "{}"
            version = json.loads(known).get("keras_version", "")
    except COMPRESSED_OTHERWISE as error:
        raise UnreadableFile(OTHER_COMPRESSION) from error
    except (*ZIP_FAULTS, AttributeError) as error:
        raise UnreadableFile(DAMAGED) from error
    except RecursionError as error:
        raise UnreadableFile("The model's configuration is nested too deep.") from error
    scan.check_keras_config(config)
    return version if re.fullmatch(r"[0-9][0-9.]{0,15}", str(version)) else ""


def _why_not(version: str) -> str:
    ours = keras.__version__
    if version and _numbers(version) > _numbers(ours):
        return (
            f"The model was saved by Keras {version}; what can be read here is Keras "
            f"up to {ours}."
        )
    return "The file is damaged or is not a model that Keras can load."


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".")[:2] if part]


def wrapped(model) -> Model:
    """What a Keras 3 model declares, and a compiled way to run it."""
    inputs, pack = _inputs(model)
    outputs = _outputs(model)
    signature = Signature(
        tuple(_tensor(name, each) for name, each in inputs.items()),
        tuple(_tensor(name, each) for name, each in outputs.items()),
    )
    specs = {
        name: tf.TensorSpec(each.shape, each.dtype, name=f"input_{position}")
        for position, (name, each) in enumerate(inputs.items())
    }

    def runner(output):
        position = list(outputs).index(output)

        def forward(fed):
            answer = model(pack(fed), training=False)
            if _is_flat_dict(answer):
                return answer[output]
            return keras.tree.flatten(answer)[position]

        traced = tf.function(forward, autograph=False).get_concrete_function(specs)

        def run(batch):
            fed = {
                name: tf.convert_to_tensor(batch[name], dtype=spec.dtype)
                for name, spec in specs.items()
            }
            return traced(fed).numpy()

        return run

    return Model(signature, runner)


def _inputs(model):
    """The inputs by name, and how the model wants them packed."""
    struct = model.input if hasattr(model, "_inputs_struct") else model.inputs
    if struct is None or not keras.tree.flatten(struct):
        return {}, dict
    if _is_flat_dict(struct):
        return dict(struct), lambda fed: {name: fed[name] for name in struct}
    flat = keras.tree.flatten(struct)
    if len(flat) == 1:
        only = flat[0].name
        return {only: flat[0]}, lambda fed: fed[only]
    named = {each.name: each for each in flat}
    return named, lambda fed: keras.tree.pack_sequence_as(
        struct, [fed[n] for n in named]
    )


def _outputs(model):
    """The outputs by name: a dict's keys, or the names of the layers they come from."""
    struct = getattr(model, "_outputs_struct", None)
    if _is_flat_dict(struct):
        return dict(struct)
    flat = list(model.outputs or [])
    names = getattr(model, "output_names", None) or ["output"]
    if len(set(names)) < len(flat):
        names = [f"output_{position}" for position in range(len(flat))]
    return dict(zip(names, flat, strict=False))


def _is_flat_dict(struct) -> bool:
    """Whether a dict's keys name its tensors; deeper ones are told by their own."""
    if not isinstance(struct, dict):
        return False
    return not any(isinstance(each, dict | list | tuple) for each in struct.values())


def _tensor(name: str, symbolic) -> Tensor:
    dtype = keras.backend.standardize_dtype(symbolic.dtype)
    return Tensor(name, dtype, tuple(symbolic.shape))
