"""What a sandbox is asked to do, within which limits, and what it hands back."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil
from pathlib import Path

import numpy as np

from scoring.contract import Contract

MB = 1_000_000
SHOWN_MEMORY_STEP = 256
SCRATCH_FULL = "The model wrote more files than a model needs and was stopped."
NO_DEVICE = "no_device"  # a child's word for a fault of ours, never a reason
RUNNERS = ("warm", "fresh")


@dataclass(frozen=True)
class Limits:
    """What one run may use, counted from after the libraries' import."""

    seconds: float
    memory_mb: int
    file_mb: int


@dataclass(frozen=True)
class Usage:
    """What one run used: wall-clock seconds, and memory beyond the bare libraries."""

    seconds: float
    peak_mb: float
    stages: dict[str, float] = field(default_factory=dict)
    device: str = "cpu"

    def as_shown(self) -> dict[str, int]:
        """The same, rounded up as far as participants may read it.

        Finer figures would let a model tell its author about hidden rows by the time
        and the memory it takes over them.
        """
        steps = ceil(self.peak_mb / SHOWN_MEMORY_STEP)
        return {"seconds": ceil(self.seconds), "peak_mb": steps * SHOWN_MEMORY_STEP}


@dataclass(frozen=True)
class Job:
    """One artifact to run on one set of rows. It holds no label and no credential."""

    artifact: Path
    format: str
    contract: Contract
    inputs: Path  # of `tensors.write_tensors`: one tensor for each input
    rows: int
    limits: Limits
    device: str = "cpu"
    ids: Path | None = None  # predictions files only: one string tensor named `ids`
    classes_suffice: bool = False  # every metric takes classes: a file may hold them
    scratch: Path | None = None  # where private folders are made; default: temp
    sandbox: str = "strict"  # or unsafe: run even where a required layer is missing
    public_rows_of: int = 0  # a check: the rows are public, a sample of so many
    runner: str = "warm"  # or fresh: imports for this run alone, to compare and debug

    def __post_init__(self):
        if self.runner not in RUNNERS:
            raise ValueError(f"a runner is warm or fresh, not {self.runner!r}")


@dataclass(frozen=True)
class Answer:
    """What a child handed back, unchecked, and what it used and printed."""

    array: np.ndarray
    step: float  # of a quantised model's output
    batch: int
    usage: Usage
    printed: str


@dataclass(frozen=True)
class Run:
    """What a run gave: normal predictions, what it used, and what it printed."""

    predictions: np.ndarray
    usage: Usage
    printed: str


@dataclass(frozen=True)
class Layer:
    """One wall of the sandbox: whether it stands here, and whether it has to."""

    name: str
    active: bool
    required: bool
    note: str


class SandboxUnavailable(RuntimeError):
    """A required layer is missing here, so nothing is run."""


class SandboxFault(RuntimeError):
    """The sandbox itself failed; not the submission's fault."""


class Interrupted(Exception):
    """The run was stopped because the caller asked for it."""
