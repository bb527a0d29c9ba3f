"""Small models per second: two workers, each with a fork server of its own."""

import multiprocessing
import time

from scoring import sandbox

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
        total = sum(counts.get() for _ in workers)
        for worker in workers:
            worker.join()
        rate = round(total / SECONDS, 1)
        yield {"model": name, "fork_servers": WORKERS, "runs_per_second": rate}


def work(job, ready, counts):
    sandbox.predict(job)
    ready.wait()
    done, began = 0, time.perf_counter()
    while time.perf_counter() - began < SECONDS:
        sandbox.predict(job)
        done += 1
    counts.put(done)
    sandbox.close()
