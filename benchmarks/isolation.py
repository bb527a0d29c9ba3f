"""What each layer of isolation costs a run: the smallest job, with and without it."""

from benchmarks.runs import EVERY_LAYER
from benchmarks.workbench import medians
from scoring.sandbox import predict, runner

TIMES = 41


def lines(bench):
    """Milliseconds of a run of the smallest model without one layer, and with all."""
    job = bench.job("dense.tflite", sandbox="unsafe")
    deeds = {"all layers": lambda: left_out(job, ())}
    deeds["no layer"] = lambda: left_out(job, EVERY_LAYER)
    for layer in ("own root", "user namespace", "landlock", "seccomp", "own user"):
        deeds[f"without {layer}"] = lambda layer=layer: left_out(job, (layer,))
    for deed in deeds.values():
        deed()
    taken = medians(deeds, TIMES)
    cost = round(taken["all layers"] - taken["no layer"], 1)
    yield {"ms": taken, "all_layers_cost_ms": cost}


def left_out(job, layers):
    runner.WITHOUT = layers
    try:
        return predict(job)
    finally:
        runner.WITHOUT = ()
