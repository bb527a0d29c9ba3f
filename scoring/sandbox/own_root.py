"""A file system of one's own: Python, the libraries and the engine, read-only.

The fork server builds it once and moves in; each run then has copies of its few mounts,
with a private folder of bounded size and a /proc of its own on top. What is not mounted
has no name in there. Flags: Linux, include/uapi/linux/mount.h.
"""

from __future__ import annotations

import os
import stat
import struct
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from scoring.sandbox import namespaces, syscalls

SCRATCH = "/scratch"

READ_ONLY, NO_SUID, NO_DEVICES, NO_EXECUTION = 1, 2, 4, 8  # both for mount and setattr
BIND, RECURSIVE, PRIVATE = 4096, 16384, 1 << 18
SETATTR_RECURSIVE, AT_CWD, DETACH = 0x8000, -100, 2


def move_in(place: str, shown: Iterable[str]) -> None:
    """Make a mount namespace whose root holds only what is shown, and enter it.

    `place` is an empty folder to mount on; on the host it stays empty. Until the last
    steps nothing has changed for this process, so a failure leaves it as it was.
    """
    namespaces.leave(namespaces.MOUNT)
    syscalls.call("mount", b"none", b"/", None, RECURSIVE | PRIVATE, None)
    _mount("tmpfs", place, NO_SUID | NO_DEVICES, "mode=755,size=1m")
    for path in _outermost(shown):
        _show(path, place)
    for folder in ("/proc", SCRATCH):
        os.makedirs(place + folder, exist_ok=True)
    _show_processes(f"{place}/proc")
    _set_flags(place, READ_ONLY)
    os.chdir(place)
    syscalls.call("pivot_root", b".", b".")
    syscalls.call("umount2", b".", DETACH)
    os.chdir("/")


def furnish(user: int | None, scratch_bytes: int, scratch_files: int) -> None:
    """Give one run a folder of its own to write to, and a view of its own processes."""
    namespaces.leave(namespaces.MOUNT)
    owner = "" if user is None else f",uid={user},gid={user}"
    options = f"mode=700,size={scratch_bytes},nr_inodes={scratch_files}{owner}"
    flags = NO_SUID | NO_DEVICES | NO_EXECUTION
    _mount("tmpfs", SCRATCH, flags, options)
    with suppress(OSError):  # without a PID namespace it would show nothing new
        _mount("proc", "/proc", flags)


def _show_processes(place: str) -> None:
    """A /proc of one's own, or where there is no PID namespace the one that was."""
    try:
        _mount("proc", place, NO_SUID | NO_DEVICES | NO_EXECUTION)
    except OSError:
        where = os.fsencode(place)
        syscalls.call("mount", b"/proc", where, None, BIND | RECURSIVE, None)


def _outermost(paths: Iterable[str]) -> list[Path]:
    """The paths that lie in no other of them; links stay, and what they lead to."""
    given = {Path(path) for path in paths} | {Path(path).resolve() for path in paths}
    there = {
        path for path in given if path.exists() and path.parts[:2] != ("/", "proc")
    }
    folders = {path for path in there if not path.is_symlink()}
    return sorted(path for path in there if not folders & set(path.parents))


def _show(path: Path, place: str) -> None:
    target = Path(place + str(path))
    target.parent.mkdir(parents=True, exist_ok=True)
    if path.is_symlink():
        target.symlink_to(os.readlink(path))
        return
    if path.is_dir():
        target.mkdir(exist_ok=True)
    else:
        target.touch()
    source, where = os.fsencode(path), os.fsencode(target)
    syscalls.call("mount", source, where, None, BIND | RECURSIVE, None)
    devices = 0 if stat.S_ISCHR(path.stat().st_mode) else NO_DEVICES
    _set_flags(str(target), READ_ONLY | NO_SUID | devices, SETATTR_RECURSIVE)


def _mount(kind: str, place: str, flags: int, options: str = "") -> None:
    data = options.encode() or None
    syscalls.call("mount", kind.encode(), place.encode(), kind.encode(), flags, data)


def _set_flags(place: str, flags: int, recursive: int = 0) -> None:
    """Add flags to a mount, keeping those that are locked."""
    attributes = struct.pack("=4Q", flags, 0, 0, 0)
    size = len(attributes)
    where = os.fsencode(place)
    syscalls.call("mount_setattr", AT_CWD, where, recursive, attributes, size)
