"""Many runs in a row by one worker's engine, a tenth of them hostile: what grows?

`python -m benchmarks.endurance [RUNS]` prints a JSON line at every tenth of the way,
with what this process and its fork servers hold. Honest files of every format take
turns, and so do the hostile ones of `tests/scoring/corpus`.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from itertools import cycle
from pathlib import Path

from scoring import sandbox
from scoring.artifact import identify
from scoring.errors import SubmissionError
from scoring.sandbox import fork_servers, watch
from scoring.sandbox.confinement import ENVIRONMENT, ROOT
from tests.scoring.corpus import run
from tests.scoring.corpus.cases import CASES, Case

HONEST = ("dense.keras", "float.tflite", "dense.tar.gz", "keras3.h5", "float.tflite")
SLOW = {"million_millions_of_units.keras", "twenty_thousand_layers.keras"}
HOSTILE_EACH = 10


def main(runs):
    with tempfile.TemporaryDirectory(prefix="podium-bench-") as folder:
        models, place = Path(folder, "models"), Path(folder, "runs")
        models.mkdir()
        place.mkdir()
        build(models, Path(folder, "secret.txt"))
        sandbox.warm()
        hostile = cycle(known(models))
        honest = cycle(Case(name, "", "", ()) for name in HONEST)
        answers, ends, began = {}, {}, time.monotonic()
        for number in range(1, runs + 1):
            if number % HOSTILE_EACH:
                case = next(honest)
                bits = answer(case, models, place)
                assert answers.setdefault(case.name, bits) == bits, case.name
            else:
                case = next(hostile)
                outcome = run.run_case(case, models, place)
                assert outcome.reason in case.reasons, (case.name, outcome)
                ends[outcome.reason] = ends.get(outcome.reason, 0) + 1
            if number % max(1, runs // 10) == 0:
                seconds = round(time.monotonic() - began)
                told = {"runs": number, "seconds": seconds, **held(models, place)}
                print(json.dumps({**told, "hostile_ended": ends}), flush=True)
        sandbox.close()


def build(models, secret):
    """Build honest and hostile files, in processes that import TensorFlow."""
    secret.write_text("the private labels")
    for script in ("tests.scoring.sandbox.build_models", "tests.scoring.corpus.make"):
        subprocess.run(
            [sys.executable, "-m", script, models, secret],
            env={**ENVIRONMENT, "HOME": str(models), "PYTHONPATH": str(ROOT)},
            check=True,
            capture_output=True,
        )


def known(models):
    """The hostile files that reach the engine, but for those of half a minute each."""
    for case in CASES:
        try:
            identify(models / case.name)
        except SubmissionError:
            continue  # refused at the door
        if case.name not in SLOW:
            yield case


def answer(case, models, place):
    return sandbox.predict(
        run.job_of(case, models / case.name, place)
    ).predictions.tobytes()


def held(models, place):
    """What this process and its servers hold, between two runs."""
    servers = fork_servers.all_held()
    for server in servers:
        server.ready()
    return {
        "worker_mb": own_megabytes(os.getpid()),
        "servers": len(servers),
        "servers_mb": [own_megabytes(each.pid) for each in servers],
        "descriptors": len(os.listdir("/proc/self/fd")),
        "server_descriptors": [len(os.listdir(f"/proc/{s.pid}/fd")) for s in servers],
        "processes": len(watch.family(os.getpid())),
        "files": len(run.left_behind(models, place)),
    }


def own_megabytes(pid):
    """Memory of one process that no file backs, without its children's."""
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    sizes = dict(line.split(":", 1) for line in status)
    return round(int(sizes["RssAnon"].split()[0]) / 1000, 1)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
