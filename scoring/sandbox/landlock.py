"""Landlock: which files a process may read or write, from here on and for ever.

Everything is denied but what is listed. Rules hold for what lies below a folder and
follow the file, not its name, so links lead nowhere new. From kernel ABI 4 on no TCP
either, and from 6 on no signal and no abstract socket to anything outside. Constants
and structures: Linux, include/uapi/linux/landlock.h.
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

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
REMOVE_DIR, REMOVE_FILE, MAKE_DIR, MAKE_REG = 1 << 4, 1 << 5, 1 << 7, 1 << 8
REFER, TRUNCATE, IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
FIRST_RIGHTS = (1 << 13) - 1
RIGHTS_SINCE = {2: REFER, 3: TRUNCATE, 5: IOCTL_DEV}
NO_TCP = 0b11  # bind, connect
NO_SCOPES = 0b11  # abstract sockets, signals
ON_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV
READ = READ_FILE | READ_DIR
WRITE = WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | REFER | TRUNCATE

GET_VERSION = 1
PATH_BENEATH = 1


def abi() -> int:
    """The version of Landlock that this kernel offers; 0 for none."""
    try:
        return syscalls.call("landlock_create_ruleset", None, 0, GET_VERSION)
    except OSError:
        return 0


def restrict(
    read: Iterable[Path | str],
    write: Iterable[Path | str] = (),
    devices: Iterable[Path | str] = (),
) -> int:
    """Leave this process only these files and folders; return the ABI it went by.

    `devices` are nodes that may be controlled too, beyond reading and writing.

    What is not there is left out. A second call can only take away. It counts for the
    calling thread and those it starts, so call it while there is one.
    """
    version = abi()
    if not version:
        raise OSError("landlock: this kernel does not offer it")
    handled = FIRST_RIGHTS
    for since, right in RIGHTS_SINCE.items():
        handled |= right if version >= since else 0
    attributes = struct.pack("=Q", handled)
    if version >= 4:
        attributes += struct.pack("=Q", NO_TCP)
    if version >= 6:
        attributes += struct.pack("=Q", NO_SCOPES)
    ruleset = syscalls.call("landlock_create_ruleset", attributes, len(attributes), 0)
    try:
        for path in read:
            _allow(ruleset, path, READ & handled)
        for path in write:
            _allow(ruleset, path, (READ | WRITE) & handled)
        for path in devices:
            _allow(ruleset, path, (READ | WRITE | IOCTL_DEV) & handled)
        syscalls.call("landlock_restrict_self", ruleset, 0)
    finally:
        os.close(ruleset)
    return version


def _allow(ruleset: int, path: Path | str, rights: int) -> None:
    with suppress(FileNotFoundError, NotADirectoryError):
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            if not stat.S_ISDIR(os.fstat(place).st_mode):
                rights &= ON_FILES
            rule = ctypes.create_string_buffer(struct.pack("=Qi", rights, place))
            syscalls.call("landlock_add_rule", ruleset, PATH_BENEATH, rule, 0)
        finally:
            os.close(place)
