"""What runs confined: load the artifact, predict, hand back an array.

The order is the promise: libraries first, then the walls, then the artifact, and the
hidden rows last, when what the model declares has been told already.
"""

from __future__ import annotations

import errno
import gc
import importlib
import os
import socket
import tempfile
import traceback
from collections.abc import Sequence
from dataclasses import asdict
from math import prod
from pathlib import Path

import ml_dtypes
import numpy as np

from scoring.artifact import is_predictions
from scoring.contract import Contract
from scoring.errors import BadPredictions, FileLimit, MemoryLimit, SubmissionError
from scoring.predictions import WRONG_ROWS, WRONG_SHAPE, row_shapes, without_ones
from scoring.sandbox import confinement, gpu, landlock, probed, protocol, signature
from scoring.sandbox.job import NO_DEVICE, SCRATCH_FULL, Layer
from scoring.sandbox.loaders import MODULES
from scoring.tensors import open_strings, open_tensors

BATCH_ROWS, MOST_BATCH_ROWS, BATCH_CELLS = 256, 4096, 65_536
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
NEW_OBJECTS = 100_000  # between two collections, which copy the pages they look at
OUT_OF_MEMORY = (  # as TensorFlow says it, of a large constant too, and onnxruntime
    "ResourceExhausted",
    "Cannot parse tensor from proto",
    "Failed to allocate memory",
)
PROBE = "probe"  # a job without an artifact, that only tries the walls


def main(
    control: int, artifact: int, ids: int, stands: Sequence[Layer] = (), parent: int = 0
) -> None:
    """Serve one job over a socket. The worker kills this process when it is done.

    `stands` are the layers that the fork server has put up around itself.
    """
    gc.set_threshold(NEW_OBJECTS, 50, 50)
    channel = socket.socket(fileno=control)
    job = protocol.read_frame(control)
    walls = confinement.Walls(**job["walls"], parent=parent)
    layers = confinement.confine(walls, stands)
    gpu.show_only(walls.device)
    gpu.most_bytes = walls.memory_bytes
    os.environ["HOME"] = os.environ["TMPDIR"] = tempfile.tempdir = os.getcwd()
    if job["format"] == PROBE:
        layers = probed.tried(layers)
    else:  # imported by the fork server, or here, behind the walls, if it has threads
        loader = importlib.import_module(MODULES[job["format"]])
    told = [asdict(layer) for layer in layers]
    protocol.write_all(control, protocol.frame("ready", layers=told))
    if protocol.read_frame(control)["kind"] != "go":
        return
    try:
        with open(artifact, "rb") as file:
            if is_predictions(job["format"]):
                answer, facts = _read_predictions(loader, file, ids, job, control), {}
            else:
                answer, facts = _run_model(loader, file, job, channel)
        answer = answer.reshape(len(answer), *without_ones(answer.shape[1:]))
        header, body = protocol.pack_array(answer)
        protocol.write_all(control, protocol.frame("result", **facts, **header))
        protocol.write_all(control, body)
    except BaseException as error:  # the border: whatever it is, it is told as a frame
        protocol.write_all(control, protocol.frame("error", **_told(error)))
    os.read(control, 1)  # wait to be killed, so that our peak memory can be read


def _run_model(loader, file, job: dict, channel: socket.socket):
    """Load a model, bind it, ask for the rows, and predict on them.

    Returns the predictions and what is to be known of them: the rows of a batch, and
    the size of a step where they are quantised.
    """
    control = channel.fileno()
    protocol.write_all(control, protocol.frame("stage", stage="load"))
    contract = Contract.from_dict(job["contract"])
    # Relative, since the folders above may be closed to this user.
    model = loader.load(file, Path(), job["unpacked_bytes"], lambda: _seal(job))
    binding = signature.bind(contract, job["row_shapes"], model.signature)
    run = model.runner(binding.output)
    protocol.write_all(control, protocol.frame("fed"))
    _, descriptors, _, _ = socket.recv_fds(channel, 1, 1)
    rows = open_tensors(descriptors[0])
    protocol.write_all(control, protocol.frame("stage", stage="predict"))
    batch = binding.batch or batch_rows(job["row_shapes"])
    answer = predict(run, binding, rows, job["rows"], contract, batch)
    if job["public_rows_of"]:
        protocol.write_all(control, protocol.frame("stage", stage="repeat"))
        _repeat(run, binding, rows, contract, min(batch, job["public_rows_of"]))
    step = model.steps.get(binding.output, 0.0) or half_step(answer)
    return answer, {"step": step, "batch": batch}


def half_step(answer: np.ndarray) -> float:
    """How finely an answer of half precision is graded; 0 for all others.

    A softmax of such numbers sums to one within four of its steps, over all classes.
    """
    if str(answer.dtype) not in ("float16", "bfloat16"):
        return 0.0
    most = 4 * float(ml_dtypes.finfo(answer.dtype).eps)
    return most / (prod(answer.shape[1:]) / 2 + 1)


def batch_rows(shapes: dict) -> int:
    """Rows of a batch: many where a row is small, some hundreds where it is an image.

    It depends on the shapes alone, so that a second run gives the same bits.
    """
    cells = sum(prod(shape) for shape in shapes.values())
    return min(MOST_BATCH_ROWS, max(BATCH_ROWS, BATCH_CELLS // max(1, cells)))


def _repeat(run, binding, inputs, contract: Contract, rows: int) -> None:
    """Run one whole batch of the sample's rows once more, to see what it takes."""
    tiled = {
        name: np.resize(part, (rows, *part.shape[1:])) for name, part in inputs.items()
    }
    predict(run, binding, tiled, rows, contract, rows)


def predict(
    run, binding, inputs, rows: int, contract: Contract, batch: int = BATCH_ROWS
) -> np.ndarray:
    """Run a model over all rows in batches of one size, always in the same order."""
    size = binding.batch or batch
    result = None
    for start in range(0, rows, size):
        count = min(size, rows - start)
        batch = {
            feed.target: signature.cast(inputs[feed.source][start : start + size], feed)
            for feed in binding.feeds
        }
        if binding.batch and count < size:
            batch = {name: _padded(part, size) for name, part in batch.items()}
        answer = run(batch)
        _check_answer(answer, size if binding.batch else count, contract)
        if result is None:
            result = np.empty((rows, *answer.shape[1:]), dtype=answer.dtype)
        if answer.shape[1:] != result.shape[1:]:
            raise _wrong_shape(answer, contract)
        result[start : start + count] = answer[:count]
    return result


def _check_answer(answer: np.ndarray, rows: int, contract: Contract) -> None:
    """Refuse an answer at the first batch, before all of it is gathered."""
    if answer.ndim == 0 or len(answer) != rows:
        told = f"A batch of {rows} rows gave an output of shape {answer.shape}."
        raise BadPredictions(WRONG_ROWS, told)
    if without_ones(answer.shape[1:]) not in row_shapes(contract.output):
        raise _wrong_shape(answer, contract)


def _wrong_shape(answer: np.ndarray, contract: Contract) -> BadPredictions:
    wanted = signature.written_shape(contract.output.shape)
    told = f"A batch gave an output of shape {answer.shape}."
    return BadPredictions(WRONG_SHAPE.format(shape=wanted), told)


def _padded(part: np.ndarray, size: int) -> np.ndarray:
    """Fill up the last batch of a model that takes one size only."""
    return np.concatenate([part, np.repeat(part[-1:], size - len(part), axis=0)])


def _read_predictions(loader, file, ids: int, job: dict, control: int) -> np.ndarray:
    """Parse a file of predictions, which may name only ids that are public."""
    protocol.write_all(control, protocol.frame("stage", stage="load"))
    contract = Contract.from_dict(job["contract"])
    answer = loader.read_quickly(
        file, job["format"], contract, open_strings(ids, "ids")
    )
    if answer is None:
        known = open_tensors(ids)["ids"].tolist()
        file.seek(0)
        answer = loader.read(
            file, job["format"], contract, known, job["classes_suffice"]
        )
    if len(answer) != job["rows"]:
        told = f"Expected {job['rows']} rows, got {len(answer)}."
        raise BadPredictions(WRONG_ROWS, told)
    if without_ones(answer.shape[1:]) not in row_shapes(contract.output):
        raise _wrong_shape(answer, contract)
    return answer


def _seal(job: dict) -> None:
    if "landlock" not in job["walls"]["without"] and landlock.abi():
        confinement.seal(job["walls"]["device"])


def _told(error: BaseException) -> dict:
    """An error as the worker hears it; it decides which of it to believe."""
    if isinstance(error, SubmissionError):
        return {
            "reason": error.reason,
            "message": error.message,
            "detail": error.detail,
        }
    if isinstance(error, gpu.NoDevice):
        return {"reason": NO_DEVICE, "message": "", "detail": str(error)}
    if isinstance(error, OSError) and error.errno in FULL:
        return {"reason": FileLimit.reason, "message": SCRATCH_FULL, "detail": ""}
    last = traceback.format_exception_only(error)[-1].strip()
    is_memory = isinstance(error, MemoryError) or any(
        told in last[:1000] for told in OUT_OF_MEMORY
    )
    reason = MemoryLimit.reason if is_memory else "crashed"
    return {"reason": reason, "message": "", "detail": last[:4_000]}
