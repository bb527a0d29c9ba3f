"""Namespaces: processes, mounts, users and networks of one's own, where allowed.

None is required: containers often forbid them, and Landlock and seccomp hold alone.
Who enters a user namespace has every right inside it and none outside; another process
has to write its maps. Flags: Linux, include/uapi/linux/sched.h.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from scoring.sandbox import syscalls

MOUNT, IPC = 0x00020000, 0x08000000
USER, PID, NETWORK = 0x10000000, 0x20000000, 0x40000000


def leave(flag: int) -> None:
    """Leave one namespace for a new one; the PID one takes in only later children."""
    syscalls.call("unshare", flag)


def map_users(pid: int) -> None:
    """Map the users of a process's new user namespace to those that we know.

    Root maps all of them as they are, so that runs can have users of their own; anybody
    else may map only themselves.
    """
    folder = Path(f"/proc/{pid}")
    if os.geteuid() == 0:
        for name in ("uid_map", "gid_map"):
            known = Path(f"/proc/self/{name}").read_text().splitlines()
            ranges = [line.split() for line in known]
            text = "".join(f"{first} {first} {count}\n" for first, _, count in ranges)
            (folder / name).write_text(text)
        return
    (folder / "setgroups").write_text("deny")
    (folder / "uid_map").write_text(f"{os.geteuid()} {os.geteuid()} 1")
    (folder / "gid_map").write_text(f"{os.getegid()} {os.getegid()} 1")


def become_first() -> None:
    """Go on as the first process of the PID namespace that was made before.

    The process that was here waits, and ends as this one does.
    """
    first = os.fork()
    if first == 0:
        return
    with suppress(OSError):
        os.closerange(0, 1024)
    _, status = os.waitpid(first, 0)
    os._exit(abs(os.waitstatus_to_exitcode(status)))


class Nursery:
    """Lets each child begin a PID namespace of its own."""

    def __init__(self) -> None:
        self._own = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)

    @contextmanager
    def around_fork(self) -> Iterator[None]:
        """What is forked in here is the first process of a namespace.

        Coming back matters: with a namespace made and not come back from, the next
        one is refused.
        """
        parent = os.getpid()
        leave(PID)
        try:
            yield
        finally:
            if os.getpid() == parent:
                syscalls.call("setns", self._own, PID)
