"""Who a confined process is: a user that owns nothing, without any capability.

Only a root worker can give a child another user. Each child gets one of its own, by its
process id, so that two submissions are strangers to each other.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from scoring.sandbox import syscalls

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_KEEPCAPS = 1, 4, 8
PR_SET_CHILD_SUBREAPER = 36
PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 24, 38, 47
CAP_AMBIENT_CLEAR_ALL = 4
CAPABILITY_VERSION_3 = 0x20080522
DAC_READ_SEARCH = 2
LAST_CAPABILITY = 63
HIGHEST_USER = 2_000_000_000
PROCESS_IDS = 4_194_304


def own_user(pid: int, uid_map: str) -> int | None:
    """A user id for one process, within those that exist here; None if there is none.

    `uid_map` is the text of /proc/self/uid_map: first id inside, outside, count.
    """
    ranges = [tuple(map(int, line.split())) for line in uid_map.splitlines()]
    first, count = max(((each[0], each[2]) for each in ranges), key=sum)
    if count < 2_000:
        return None
    top = min(first + count - 1, HIGHEST_USER)
    return top - pid % min(count // 2, PROCESS_IDS)


def user_for(pid: int) -> int | None:
    """A user for one process; None where we are not root and cannot give any."""
    if os.getuid() != 0:
        return None
    return own_user(pid, Path("/proc/self/uid_map").read_text())


def become(user: int, needed: Iterable[Path | str]) -> None:
    """Turn from root into a user that owns nothing, and drop every capability.

    Where a folder of `needed` is closed to other users (a checkout below /root, say),
    the right to read past file modes is kept; Landlock then draws the line alone.
    """
    keeps_reading = not all(is_open_to_all(Path(path)) for path in needed)
    for capability in range(LAST_CAPABILITY + 1):
        if capability != DAC_READ_SEARCH:
            with suppress(OSError):  # this kernel knows fewer
                syscalls.prctl(PR_CAPBSET_DROP, capability)
    syscalls.prctl(PR_SET_KEEPCAPS, 1)
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    syscalls.prctl(PR_SET_KEEPCAPS, 0)
    drop_capabilities(1 << DAC_READ_SEARCH if keeps_reading else 0)


def drop_capabilities(kept: int = 0) -> None:
    """Give up all capabilities but some."""
    with suppress(OSError):  # kernels before 4.3 have no ambient ones
        syscalls.prctl(PR_CAP_AMBIENT, CAP_AMBIENT_CLEAR_ALL)
    header = ctypes.create_string_buffer(struct.pack("=Ii", CAPABILITY_VERSION_3, 0), 8)
    low, high = kept & 0xFFFFFFFF, kept >> 32
    sets = struct.pack("=6I", low, low, 0, high, high, 0)
    data = ctypes.create_string_buffer(sets, len(sets))
    syscalls.call("capset", header, data)


def gain_nothing() -> None:
    """No program run from here on gains privileges; seccomp and Landlock require it."""
    syscalls.prctl(PR_SET_NO_NEW_PRIVS, 1)


def hide_memory() -> None:
    """Let no other process of the same user look into this one."""
    syscalls.prctl(PR_SET_DUMPABLE, 0)


def adopt_orphans() -> None:
    """Become the parent of whatever a child of ours leaves behind."""
    syscalls.prctl(PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent(parent: int, signal: int) -> None:
    """End when the parent ends. Changing the user clears this, so it comes after.

    In a PID namespace of its own a process sees 0 for its parent, always.
    """
    syscalls.prctl(PR_SET_PDEATHSIG, signal)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal)


def is_open_to_all(path: Path) -> bool:
    """Whether any user can read a path: it, and every folder above it."""
    try:
        path = path.resolve()
        mode = path.stat().st_mode
        above = [folder.stat().st_mode for folder in path.parents]
    except OSError:
        return False
    needed = stat.S_IROTH | (stat.S_IXOTH if stat.S_ISDIR(mode) else 0)
    return mode & needed == needed and all(each & stat.S_IXOTH for each in above)
