"""Private folders for single runs, deleted whatever becomes of worker and child."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = "podium-run-"
SETTLED_SECONDS = 60


@contextmanager
def folder(parent: Path | None) -> Iterator[Path]:
    """A folder for one run. It is locked while its worker lives, so that those which a
    killed worker left behind can be told apart and are removed by the next run.
    """
    parent = Path(parent or tempfile.gettempdir())
    parent.mkdir(parents=True, exist_ok=True)
    sweep(parent)
    path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
    held = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield path
    finally:
        os.close(held)
        remove(path)


def sweep(parent: Path) -> None:
    """Remove the folders whose workers are gone."""
    for path in parent.glob(f"{PREFIX}*"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > SETTLED_SECONDS and _is_free(path):
                remove(path)


def remove(path: Path) -> None:
    """Delete a folder, also one that was filled to make that hard."""
    try:
        shutil.rmtree(path)
    except (OSError, RecursionError):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(["chmod", "-R", "u+rwx", "--", path], check=False, **quiet)
        subprocess.run(["rm", "-rf", "--", path], check=True, **quiet)


def size(path: Path, most_files: int) -> tuple[int, int]:
    """Bytes and files below a folder, counted up to a number of files."""
    total = files = 0
    for _, folders, names, place in os.fwalk(path, onerror=None):
        files += len(folders) + len(names)
        for name in names:
            with suppress(OSError):  # it is gone already
                total += os.stat(name, dir_fd=place, follow_symlinks=False).st_size
        if files > most_files:
            break
    return total, files


def _is_free(path: Path) -> bool:
    held = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(held)
    return True
