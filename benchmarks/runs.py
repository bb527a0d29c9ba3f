"""A whole isolated run, against the best fresh process and the bare warm runtime."""

import os
import subprocess
import sys

import numpy as np

from benchmarks.workbench import COLD, IMAGES, MODELS, taken
from scoring.sandbox import confinement, predict, runner
from scoring.sandbox.confinement import ENVIRONMENT, ROOT

ROUNDS, EACH = 5, 4
IMAGE_ROUNDS = 3  # they take seconds
EVERY_LAYER = (
    *("user namespace", "process namespace", "network namespace", "own root"),
    *("ipc namespace", "cgroup", *confinement.REQUIRED, "own user"),
)


def lines(bench):
    """For each model: fork with all layers, fork with none, fresh process, bare.

    A ratio is that of medians; `_of_fastest` is that of the fastest of each, which a
    busy machine touches least.
    """
    for name in MODELS:
        warm = bench.job(name)
        each = 1 if name in IMAGES else EACH
        open_wide = bench.job(name, sandbox="unsafe")
        deeds = {
            "fork": (lambda job=warm: predict(job), each),
            "fork_without_layers": (lambda job=open_wide: without_layers(job), each),
        }
        for library in COLD[name]:
            deed = (lambda name=name, by=library: fresh(bench, name, by), 1)
            deeds[f"fresh_{library}"] = deed
        for deed, _ in deeds.values():
            deed()
        medians, fastest = taken(deeds, IMAGE_ROUNDS if name in IMAGES else ROUNDS)
        (bare,) = bench.script("bare", bench.folder, name, 3)
        yield {
            "model": name,
            "rows": warm.rows,
            "ms": medians,
            "fastest_ms": fastest,
            "bare_load_and_predict_ms": round(bare["load"] + bare["first"], 1),
            "our_call_warm_ms": round(bare["again"], 1),
            "keras_predict_warm_ms": round(bare["predict"], 1),
            **ratios(medians, ""),
            **ratios(fastest, "_of_fastest"),
            "difference": difference(bench, name, warm),
        }


def ratios(ms, suffix):
    """How many times faster a fork is than each fresh process, and what walls cost."""
    fork, bare_fork = ms["fork"], ms["fork_without_layers"]
    found = {
        f"{name}_to_fork{suffix}": round(each / fork, 1)
        for name, each in ms.items()
        if name.startswith("fresh")
    }
    return {**found, f"fork_to_open_fork{suffix}": round(fork / bare_fork, 2)}


def fresh(bench, name, library):
    """One run of the plain script, from the interpreter's start to its answer."""
    model = bench.folder / ("dense" if name == "dense.zip" else name)
    rows, answer = bench.plain_rows(name), bench.folder / "answer.npy"
    subprocess.run(
        [sys.executable, "-m", "benchmarks.cold", library, model, rows, answer],
        env={**os.environ, **ENVIRONMENT, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.DEVNULL,
        check=True,
    )
    return np.load(answer)


def difference(bench, name, job):
    """The largest difference between our predictions and the plain script's."""
    plain = fresh(bench, name, COLD[name][0])
    return float(np.abs(predict(job).predictions - plain).max())


def without_layers(job):
    """The same fork with every layer left out."""
    runner.WITHOUT = EVERY_LAYER
    try:
        return predict(job)
    finally:
        runner.WITHOUT = ()
