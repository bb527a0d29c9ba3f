"""Runs untrusted artifacts: each in a process of its own, behind walls, within limits.

`predict` runs on hidden rows and tells little; `check` on public ones and tells all.
"""

from scoring.sandbox.check import CheckReport, Estimate, check
from scoring.sandbox.confinement import REQUIRED
from scoring.sandbox.fork_servers import close, warm
from scoring.sandbox.job import (
    Interrupted,
    Job,
    Layer,
    Limits,
    Run,
    SandboxFault,
    SandboxUnavailable,
    Usage,
)
from scoring.sandbox.probe import assert_isolated, layers
from scoring.sandbox.runner import predict

__all__ = [
    "REQUIRED",
    "CheckReport",
    "Estimate",
    "Interrupted",
    "Job",
    "Layer",
    "Limits",
    "Run",
    "SandboxFault",
    "SandboxUnavailable",
    "Usage",
    "assert_isolated",
    "check",
    "close",
    "layers",
    "predict",
    "warm",
]
