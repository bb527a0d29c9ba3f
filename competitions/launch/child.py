"""The process that looks at a competition's rows: walls first, then one JSON answer.

It is given open files and no database, and answers on standard output. It is not
imported by the site.
"""

import importlib
import json
import os
import sys
import time
from pathlib import Path

MEMORY = 4 << 30
CPU_SECONDS = 240
DEADLINE_S = 150  # when no further look is begun


def main(walls: str = "") -> None:
    """Read the task on standard input, look, and print the findings."""
    task = json.load(sys.stdin)
    if walls:
        # Behind the walls, code can be read from the folders of the path alone.
        sys.path.append(str(Path(__file__).parent))
        importlib.import_module(walls).raise_walls(MEMORY, CPU_SECONDS)
    else:
        _limit()
    # Only now: these load large libraries, which is safe behind walls alone.
    answer = importlib.import_module("competitions.launch.looking").look(
        task, until=time.monotonic() + DEADLINE_S
    )
    sys.stdout.write(json.dumps(answer, allow_nan=False))
    sys.stdout.flush()
    os._exit(0)  # what the libraries would do at exit, the walls may forbid


def _limit() -> None:
    from resource import RLIMIT_AS, RLIMIT_CORE, RLIMIT_CPU, setrlimit

    for kind, most in (
        (RLIMIT_AS, MEMORY),
        (RLIMIT_CPU, CPU_SECONDS),
        (RLIMIT_CORE, 0),
    ):
        setrlimit(kind, (most, most))
