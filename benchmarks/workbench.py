"""Models, rows and jobs for the benchmarks, and how times are taken."""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from scoring.artifact import identify
from scoring.contract import Contract
from scoring.sandbox import Job, Limits
from scoring.sandbox.confinement import ENVIRONMENT, ROOT
from scoring.tensors import open_tensors, write_tensors

ROWS = 10_000
IMAGES = {"digits.keras": (28, 28, 1), "larger.keras": (32, 32, 3)}
COLD = {  # the libraries by which a fresh process can run a model
    "dense.keras": ("keras",),
    "dense.zip": ("savedmodel",),
    "dense.tflite": ("litert", "tensorflow-lite"),
    **dict.fromkeys(IMAGES, ("keras",)),
}
MODELS = tuple(COLD)


class Workbench:
    """A folder with built models and rows that fit them."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._built = False

    def build(self) -> None:
        """Build all models once, in a process that imports TensorFlow."""
        if not self._built:
            self.script("build", self.folder)
            self._built = True

    def script(self, name: str, *arguments) -> list[dict]:
        """Run a script that imports TensorFlow; its output is JSON lines."""
        done = subprocess.run(
            [sys.executable, "-m", f"benchmarks.{name}", *map(str, arguments)],
            env={**ENVIRONMENT, "HOME": str(self.folder), "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=True,
        )
        lines = done.stdout.decode().splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def plain_rows(self, name: str) -> Path:
        """A model's rows as a plain NumPy file."""
        path = self.folder / f"{name}.npy"
        if not path.exists():
            np.save(path, open_tensors(self.job(name).inputs)["x"])
        return path

    def job(self, name: str, **changes) -> Job:
        """A job for one of the models, on 10,000 rows."""
        self.build()
        shape = IMAGES.get(name, (20,))
        rows = self.folder / f"{name}.rows"
        if not rows.exists():
            random = np.random.default_rng(1).random((ROWS, *shape), dtype=np.float32)
            write_tensors(rows, {"x": random})
        settings = {
            "artifact": self.folder / name,
            "format": identify(self.folder / name),
            "contract": CONTRACT,
            "inputs": rows,
            "rows": ROWS,
            "limits": Limits(600, 4096, 256),
            "scratch": self.folder / "scratch",
            **changes,
        }
        return Job(**settings)


CONTRACT = Contract.from_dict(
    {
        "inputs": {"x": {"array": "x", "dtype": "float32"}},
        "output": {
            "kind": "probabilities",
            "classes": [str(digit) for digit in range(10)],
        },
        "target": "y",
    }
)


def milliseconds(deed) -> float:
    began = time.perf_counter()
    deed()
    return 1000 * (time.perf_counter() - began)


def medians(deeds: dict, times: int) -> dict[str, float]:
    """The median of each deed's milliseconds, taken in turn so that noise is shared."""
    taken = {name: [] for name in deeds}
    for _ in range(times):
        for name, deed in deeds.items():
            taken[name].append(milliseconds(deed))
    return {name: round(statistics.median(each), 1) for name, each in taken.items()}


def taken(deeds: dict, rounds: int) -> tuple[dict, dict]:
    """Medians and minima of milliseconds; a deed is a function and how often a round.

    Deeds take turns, so that what else the machine does falls on all of them.
    """
    times = {name: [] for name in deeds}
    for _ in range(rounds):
        for turn in range(max(often for _, often in deeds.values())):
            for name, (deed, often) in deeds.items():
                if turn < often:
                    times[name].append(milliseconds(deed))
    medians = {name: round(statistics.median(ms), 1) for name, ms in times.items()}
    return medians, {name: round(min(ms), 1) for name, ms in times.items()}
