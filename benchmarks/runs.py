"""A whole isolated run, against a fresh process and against the bare warm runtime."""

from benchmarks.workbench import MODELS, medians
from scoring.sandbox import confinement, predict, runner

TIMES = 7
EVERY_LAYER = (
    *("user namespace", "process namespace", "network namespace", "own root"),
    *("ipc namespace", *confinement.REQUIRED, "own user"),
)


def lines(bench):
    """For each model: fork with all layers, fork with none, fresh process, bare."""
    for name in MODELS:
        warm = bench.job(name)
        fresh = bench.job(name, runner="fresh")
        open_wide = bench.job(name, sandbox="unsafe")
        predict(warm)
        without_layers(open_wide)
        taken = medians(
            {
                "fork_ms": lambda job=warm: predict(job),
                "fork_without_layers_ms": lambda job=open_wide: without_layers(job),
            },
            TIMES,
        )
        taken |= medians({"fresh_ms": lambda job=fresh: predict(job)}, 3)
        (bare,) = bench.script("bare", bench.folder, name, 3)
        yield {
            "model": name,
            "rows": warm.rows,
            **taken,
            "bare_load_and_predict_ms": round(bare["load"] + bare["first"], 1),
            "our_call_warm_ms": round(bare["again"], 1),
            "keras_predict_warm_ms": round(bare["predict"], 1),
            "fresh_to_fork": round(taken["fresh_ms"] / taken["fork_ms"], 1),
            "fork_to_open_fork": round(
                taken["fork_ms"] / taken["fork_without_layers_ms"], 2
            ),
        }


def without_layers(job):
    """The same fork with every layer left out."""
    runner.WITHOUT = EVERY_LAYER
    try:
        return predict(job)
    finally:
        runner.WITHOUT = ()
