"""Whole models in HDF5 (.h5, .hdf5), as Keras 1 to 3 wrote them; never compiled.

Keras 3 reads most; what it no longer understands, tf_keras does, which is Keras 2 kept
alive. It is imported only then, for it takes a second. Keras 1 is told in its words.
"""

from __future__ import annotations

import importlib
import json
import shutil
from pathlib import Path
from typing import BinaryIO

import h5py

from scoring.errors import RefusedContent, UnreadableFile
from scoring.sandbox.loaders import (
    Model,
    hdf5_scan,
    keras_1,
    keras_file,
    legacy_keras,
    scan,
)
from scoring.sandbox.loaders.libraries import keras, start_runtime

ONLY_WEIGHTS = (
    "The file holds weights without a model; save the whole model with model.save."
)
DAMAGED = "The file is damaged or is not HDF5 that can be read."
UNLOADABLE = "Neither Keras 3 nor Keras 2 can load this model."


def load(file: BinaryIO, scratch: Path, max_bytes: int, seal) -> Model:
    """Load a model with nothing but Keras's own classes; no code of the file runs."""
    path = scratch / "model.h5"
    with open(path, "xb") as copy:
        shutil.copyfileobj(file, copy, 2**20)
    is_first = _inspect(path, max_bytes) == "1"
    seal()
    start_runtime()
    if is_first:
        return _load_legacy(path, "a file of Keras 1")
    try:
        model = keras.saving.load_model(path, compile=False, safe_mode=True)
        return keras_file.wrapped(model)
    except MemoryError:
        raise
    except Exception as error:
        return _load_legacy(path, error)


def _load_legacy(path: Path, first: Exception | str) -> Model:
    tf_keras = importlib.import_module("tf_keras")
    try:
        model = tf_keras.models.load_model(path, compile=False)
    except MemoryError:
        raise
    except Exception as error:
        told = f"Keras 3: {first}\nKeras 2: {error}"
        if keras_file.asks_for_code(first) or keras_file.asks_for_code(error):
            raise RefusedContent(scan.CUSTOM, told) from error
        raise UnreadableFile(UNLOADABLE, told) from error
    return legacy_keras.wrapped(model)


def _inspect(path: Path, max_bytes: int) -> str:
    """Check the file's structure and its configuration before Keras sees either.

    Returns the major version of the Keras that wrote it. Our copy of a file of Keras 1
    gets a configuration that Keras 2 reads.
    """
    try:
        with h5py.File(path, "r") as content:
            hdf5_scan.check_structure(content, max_bytes)
            config = content.attrs.get("model_config")
            version = _major(content)
    except (OSError, RuntimeError, KeyError, ValueError, RecursionError) as error:
        raise UnreadableFile(DAMAGED, str(error)) from error
    if config is None:
        raise UnreadableFile(ONLY_WEIGHTS)
    if len(config) > keras_file.CONFIG_BYTES:
        raise UnreadableFile("The model's configuration is larger than 16 MiB.")
    try:
        parsed = json.loads(config)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile("The model's configuration is no JSON.") from error
    scan.check_keras_config(parsed)
    if version == "1":
        try:
            now = json.dumps(keras_1.translated(parsed))
        except (AttributeError, KeyError, TypeError) as error:
            raise UnreadableFile("The model's configuration is none.") from error
        with h5py.File(path, "r+") as content:
            content.attrs["model_config"] = now
    return version


def _major(content: h5py.File) -> str:
    """The Keras version of a file; only the first ones did not write it down."""
    weights = content.get("model_weights", content)
    told = weights.attrs.get("keras_version", content.attrs.get("keras_version", b"1"))
    return (told if isinstance(told, str) else bytes(told).decode()).split(".")[0]
