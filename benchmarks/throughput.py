"""Small models per second: two workers, each with a fork server of its own."""

import multiprocessing
import os
import time
from pathlib import Path

from scoring import sandbox
from scoring.sandbox import fork_servers

WORKERS, SECONDS = 2, 8.0


def lines(bench):
    """Whole runs a second of the small dense model and of the TFLite one."""
    for name in ("dense.keras", "dense.tflite"):
        job = bench.job(name)
        context = multiprocessing.get_context("spawn")
        ready = context.Barrier(WORKERS)
        counts = context.Queue()
        workers = [
            context.Process(target=work, args=(job, ready, counts))
            for _ in range(WORKERS)
        ]
        for worker in workers:
            worker.start()
        runs, processor = map(sum, zip(*(counts.get() for _ in workers), strict=True))
        for worker in workers:
            worker.join()
        each = processor / runs
        yield {
            "model": name,
            "fork_servers": WORKERS,
            "runs_per_second": round(runs / SECONDS, 1),
            "processor_ms_per_run": round(1000 * each),
            "runs_that_two_free_cores_hold": round(2 / each, 1),
        }


def work(job, ready, counts):
    sandbox.predict(job)
    ready.wait()
    done, began, used = 0, time.perf_counter(), processor_seconds()
    while time.perf_counter() - began < SECONDS:
        sandbox.predict(job)
        done += 1
    counts.put((done, processor_seconds() - used))
    sandbox.close()


def processor_seconds():
    """What this worker, its fork servers and all their buried children used so far."""
    total = 0
    for pid in [os.getpid(), *(server.pid for server in fork_servers.all_held())]:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        own = after_name[11:15] if pid != os.getpid() else after_name[11:13]
        total += sum(map(int, own))
    return total / os.sysconf("SC_CLK_TCK")
