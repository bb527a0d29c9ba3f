"""What ten children at once add to the memory of the machine."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from benchmarks.workbench import MODELS
from scoring.sandbox import predict, runner

CHILDREN = 10
MIB = 1024


def lines(bench):
    """For each model the median child's own and proportional memory, in MiB."""
    for name in MODELS[:3]:
        found = together(bench.job(name))
        middle = sorted(found, key=lambda each: each["Private"])[len(found) // 2]
        told = {f"{key.lower()}_mib": round(size / MIB) for key, size in middle.items()}
        yield {"model": name, "children": CHILDREN, **told}


def together(job):
    """Run children side by side; look at each just before it predicts."""
    barrier = Barrier(CHILDREN)
    seen = []

    class Watched(runner.Conversation):
        def answer(self):
            try:
                return super().answer()
            finally:
                barrier.wait(60)  # all have predicted, and none is killed yet
                seen.append(smaps(self.child.pid))
                barrier.wait(60)

    kept, runner.Conversation = runner.Conversation, Watched
    try:
        with ThreadPoolExecutor(CHILDREN) as pool:
            list(pool.map(lambda _: predict(job), range(CHILDREN)))
    finally:
        runner.Conversation = kept
    return seen


def smaps(pid):
    """Memory of one process in KiB: shared pages count in part, or not at all."""
    sizes = {"Pss": 0, "Private": 0}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        name, _, rest = line.partition(":")
        if name == "Pss":
            sizes["Pss"] += int(rest.split()[0])
        elif name == "Private_Dirty":
            sizes["Private"] += int(rest.split()[0])
    return sizes
