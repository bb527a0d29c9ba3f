"""Runs the benchmarks that are named, or all of them."""

import json
import sys
import tempfile
from pathlib import Path

from benchmarks import boards, isolation, memory, metrics, runs, tables, throughput
from benchmarks.workbench import Workbench
from scoring import sandbox

BENCHMARKS = {
    "runs": runs.lines,
    "isolation": isolation.lines,
    "memory": memory.lines,
    "throughput": throughput.lines,
    "tables": tables.lines,
    "metrics": metrics.lines,
    "boards": boards.lines,
}


def main(names):
    unknown = set(names) - set(BENCHMARKS)
    if unknown:
        sys.exit(f"Unknown: {', '.join(unknown)}. There are {', '.join(BENCHMARKS)}.")
    with tempfile.TemporaryDirectory() as folder:
        bench = Workbench(Path(folder))
        for name in names or BENCHMARKS:
            for line in BENCHMARKS[name](bench):
                print(json.dumps({"benchmark": name, **line}), flush=True)
        sandbox.close()


if __name__ == "__main__":
    main(sys.argv[1:])
