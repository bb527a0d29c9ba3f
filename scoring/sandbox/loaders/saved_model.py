"""SavedModels, packed as .zip or .tar.gz: a graph, run through serving_default."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from google.protobuf.message import DecodeError

from scoring.archive import unpack
from scoring.errors import UnreadableFile, WrongSignature
from scoring.sandbox.loaders import Model, graph_model, scan
from scoring.sandbox.loaders.libraries import SavedModel, start_runtime, tf
from scoring.sandbox.signature import Signature, Tensor

SIGNATURE = "serving_default"
NO_SIGNATURE = (
    f"The SavedModel has no signature {SIGNATURE}; export it with one, as "
    "model.export does."
)
UNLOADABLE = "The file is damaged or is not a SavedModel that TensorFlow {} can load."


def load(file: BinaryIO, scratch: Path, max_bytes: int, seal) -> Model:
    """Unpack and load a SavedModel. Its graph is a program: only the walls hold it."""
    folder = unpack(file, scratch / "model", max_bytes)
    seal()
    scan.check_graph(_parsed(folder / "saved_model.pb"))
    start_runtime()
    try:
        loaded = tf.saved_model.load(str(folder))
        signatures = dict(loaded.signatures)
    except (MemoryError, tf.errors.ResourceExhaustedError):
        raise
    except Exception as error:
        return _bare_graph(folder, error)
    if SIGNATURE not in signatures:
        raise WrongSignature(NO_SIGNATURE)
    return _wrapped(loaded, signatures[SIGNATURE])


def _bare_graph(folder: Path, first: Exception) -> Model:
    """Objects that no longer restore, such as an old optimiser's, are not needed."""
    try:
        model = graph_model.load(folder, SIGNATURE)
    except (MemoryError, tf.errors.ResourceExhaustedError):
        raise
    except Exception as error:
        told = f"{type(first).__name__}: {first}\nAs a graph: {error}"
        raise UnreadableFile(UNLOADABLE.format(tf.__version__), told) from error
    if model is None:
        raise WrongSignature(NO_SIGNATURE)
    return model


def _parsed(path: Path) -> SavedModel:
    try:
        return SavedModel.FromString(path.read_bytes())
    except DecodeError as error:
        raise UnreadableFile("The SavedModel's saved_model.pb is damaged.") from error


def _wrapped(loaded, function) -> Model:
    inputs = function.structured_input_signature[1]
    outputs = function.structured_outputs
    signature = Signature(
        tuple(_tensor(name, spec) for name, spec in inputs.items()),
        tuple(_tensor(name, spec) for name, spec in outputs.items()),
    )

    def runner(output):
        def run(batch, owner=loaded):  # the function holds its owner's variables weakly
            fed = {
                name: tf.convert_to_tensor(batch[name], dtype=spec.dtype)
                for name, spec in inputs.items()
            }
            return function(**fed)[output].numpy()

        return run

    return Model(signature, runner)


def _tensor(name: str, spec) -> Tensor:
    shape = None if spec.shape.rank is None else tuple(spec.shape.as_list())
    return Tensor(name, spec.dtype.name, shape)
