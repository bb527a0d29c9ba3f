"""What the kernel itself counts for a process: memory, processor, files, threads."""

from __future__ import annotations

import os
import resource
from contextlib import suppress
from pathlib import Path

GIB = 2**30
DESCRIPTORS = 256
SPARE_THREADS = 64
THREADS_PER_CORE = 8
SPACE_PER_CORE = 128 * 2**20  # thread stacks and the allocator's arenas
SHARED_USER_SLACK = 1024


def apply(
    memory_bytes: int | None, cpu_seconds: float, file_bytes: int, owns_user: bool
) -> None:
    """Limit this process, counting memory and time from now; None is no fence.

    The address space is only the outer fence: it has to hold the libraries' mappings
    and the stacks of their threads too, so that the watch on resident memory, which is
    exact, comes first.
    """
    cores = len(os.sched_getaffinity(0))
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime + cpu_seconds * cores) + 5
    if memory_bytes is not None:
        space = _pages(0) + memory_bytes + GIB + cores * SPACE_PER_CORE
        _limit(resource.RLIMIT_AS, space)
    _limit(resource.RLIMIT_CPU, seconds, seconds + 1)
    _limit(resource.RLIMIT_FSIZE, file_bytes)
    _limit(resource.RLIMIT_NOFILE, DESCRIPTORS)
    _limit(resource.RLIMIT_NPROC, _threads(cores, owns_user))
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_MSGQUEUE, 0)


def forget_peak() -> None:
    """Let the kernel's record of the largest resident size begin anew."""
    Path("/proc/self/clear_refs").write_text("5")


def die_first() -> None:
    """Where memory runs out, let the kernel end this process before any other."""
    with suppress(OSError):  # a kernel without it ends whom it likes
        Path("/proc/self/oom_score_adj").write_text("1000")


def most_threads(cores: int) -> int:
    """How many threads one run may have."""
    return SPARE_THREADS + THREADS_PER_CORE * cores


def _threads(cores: int, owns_user: bool) -> int:
    """NPROC counts all threads of a user: few where the user is ours alone."""
    if owns_user:
        return most_threads(cores)
    return _threads_of(os.getuid()) + SHARED_USER_SLACK


def _threads_of(user: int) -> int:
    count = 0
    for entry in os.scandir("/proc"):
        try:
            if entry.name.isdigit() and entry.stat().st_uid == user:
                count += len(os.listdir(f"/proc/{entry.name}/task"))
        except OSError:
            continue  # it ended meanwhile
    return count


def _limit(which: int, soft: int, hard: int | None = None) -> None:
    """Set a limit, but never above the one that stands already."""
    hard = soft if hard is None else hard
    ceiling = resource.getrlimit(which)[1]
    if ceiling != resource.RLIM_INFINITY:
        soft, hard = min(soft, ceiling), min(hard, ceiling)
    resource.setrlimit(which, (soft, hard))


def _pages(column: int) -> int:
    sizes = Path("/proc/self/statm").read_text().split()
    return int(sizes[column]) * resource.getpagesize()
