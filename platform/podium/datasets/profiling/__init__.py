"""What a table or an archive of arrays holds, reckoned in a process of its own.

Strangers wrote these files, and they are read by large libraries. So each is read by a
fresh process that was given the one open file, no environment, and limits on memory,
time and what it may write. Where a sandbox is at hand, the process that asks names it
in `walls`, and the reader shuts itself in before it reads the first byte.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

SECONDS = 90
MOST_BYTES = 4_000_000  # of what the reader answers
_SOURCE = Path(__file__).resolve().parents[3]

# The name of a module with a function `raise_walls`, set by the process that asks.
walls = ""


class Unreadable(Exception):
    """The file is not what its name says; told in one sentence."""


def profile(path: Path, format: str) -> dict:
    """Columns and first rows of a table, or arrays and samples; Unreadable if neither.

    Raises RuntimeError where the reader itself broke.
    """
    with open(path, "rb") as file:
        done = _read(file.fileno(), format)
    if done.returncode:
        if done.returncode < 0 or _ran_out(done.stderr):
            raise Unreadable(
                "It takes more time or memory to read than a preview is given."
            )
        raise RuntimeError(f"the reader ended with {done.returncode}: {done.stderr}")
    answer = json.loads(done.stdout[:MOST_BYTES])
    if "unreadable" in answer:
        raise Unreadable(answer["unreadable"])
    return answer


def _read(file: int, format: str) -> subprocess.CompletedProcess:
    try:
        return subprocess.run(
            [sys.executable, "-I", "-B", "-c", _bootstrap(), str(file), format, walls],
            pass_fds=(file,),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env={"PATH": os.defpath, "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"},
            cwd="/",
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise Unreadable("It takes longer to read than a preview is given.") from None


def _ran_out(stderr: bytes) -> bool:
    return b"MemoryError" in stderr or b"bad_alloc" in stderr


def _bootstrap() -> str:
    """Isolated Python sees no folder of ours; this shows it the site's."""
    folders = [str(_SOURCE), str(_SOURCE.parent)]
    return (
        f"import sys; sys.path += {folders!r}; "
        "from podium.datasets.profiling.child import main; main(*sys.argv[1:])"
    )
