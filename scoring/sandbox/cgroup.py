"""cgroups: the kernel counts the memory and processes of runs, and draws a line.

A fork server enters a group of its own after its imports, so what the group is charged
with is what its children add; nothing has to be moved for a run. The exact limit on
memory is the watch's; this one holds where a run takes more within one look of it.

Version 2 where a folder is ours to divide (systemd's Delegate=yes with a subgroup for
the process, or a container's own), else version 1 where the worker may write to it.
Where there is neither, the layer is not offered and the others hold. Source: Linux,
Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/{memory,pids}.rst.
"""

from __future__ import annotations

import itertools
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PREFIX = "podium-"
CONTROLLERS = ("memory", "pids")
CLOSING_SECONDS = 2
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Place:
    """The folders in which groups can be made: one for both controllers, or two."""

    version: int
    memory: Path
    pids: Path

    @property
    def folders(self) -> set[Path]:
        return {self.memory, self.pids}


class Group:
    """The group of one fork server and its children."""

    def __init__(self, place: Place):
        _sweep(place)
        self.version = place.version
        self.name = f"{PREFIX}{os.getpid()}-{next(_numbers)}"
        for folder in place.folders:
            (folder / self.name).mkdir()
        self.memory, self.pids = place.memory / self.name, place.pids / self.name
        v2 = place.version == 2
        self._most = self.memory / ("memory.max" if v2 else "memory.limit_in_bytes")
        self._used = self.memory / ("memory.current" if v2 else "memory.usage_in_bytes")
        self._events = self.memory / ("memory.events" if v2 else "memory.oom_control")
        with suppress(OSError):  # a kernel that does not count swap
            if v2:
                (self.memory / "memory.swap.max").write_text("0")

    def take_in(self, pid: int) -> None:
        """Let a process and all that it forks from now on count here."""
        for folder in {self.memory, self.pids}:
            (folder / "cgroup.procs").write_text(str(pid))

    def allow(self, memory_bytes: int, tasks: int) -> None:
        """Bound what the group takes beyond what it holds now, and its threads."""
        held = int(self._used.read_text())
        self._most.write_text(str(held + memory_bytes))
        (self.pids / "pids.max").write_text(str(tasks))

    def killed(self) -> int:
        """How many processes the kernel has ended here because memory ran out."""
        for line in self._events.read_text().splitlines():
            name, _, count = line.partition(" ")
            if name == "oom_kill":
                return int(count)
        return 0

    def close(self) -> None:
        """End what is left in the group, and remove it."""
        with suppress(OSError):  # version 1 has no such file
            (self.memory / "cgroup.kill").write_text("1")
        until = time.monotonic() + CLOSING_SECONDS
        for folder in {self.memory, self.pids}:
            while not _removed(folder) and time.monotonic() < until:
                time.sleep(0.01)  # until the kernel has buried the last of them


def place(root: Path = Path("/")) -> Place:
    """Where groups can be made; OSError saying why nowhere."""
    mounts = (root / "proc/self/mounts").read_text()
    own = (root / "proc/self/cgroup").read_text()
    told = []
    for find in (_unified, _split):
        try:
            return find(root, mounts, own)
        except OSError as error:
            told.append(error.strerror or str(error))
    raise OSError("not offered: " + "; ".join(told))


def _unified(root: Path, mounts: str, own: str) -> Place:
    """Version 2: our own folder, or the delegated one in which it is a subgroup."""
    mount = _mounted(root, mounts, "cgroup2")
    path = next((line[3:] for line in own.splitlines() if line.startswith("0::")), "/")
    folder = mount / path.lstrip("/")
    has = (folder / "cgroup.controllers").read_text().split()
    if lacking := [name for name in CONTROLLERS if name not in has]:
        raise OSError(f"cgroup v2 has no {' and '.join(lacking)} controller here")
    candidates = [folder]
    if _is_delegated(folder.parent):
        candidates.append(folder.parent)
    reasons = []
    for each in candidates:
        try:
            _divide(each)
            return Place(2, each, each)
        except OSError as error:
            reasons.append(f"{each}: {error.strerror}")
    raise OSError(f"cgroup v2 is not ours to divide ({'; '.join(reasons)})")


def _divide(folder: Path) -> None:
    """Pass the controllers on to groups below; refused where processes stand in it."""
    switch = folder / "cgroup.subtree_control"
    on = switch.read_text().split()
    if wanted := [f"+{name}" for name in CONTROLLERS if name not in on]:
        switch.write_text(" ".join(wanted))
    if not os.access(folder, os.W_OK) or not os.access(
        folder / "cgroup.procs", os.W_OK
    ):
        raise PermissionError(13, "it belongs to somebody else")


def _split(root: Path, mounts: str, own: str) -> Place:
    """Version 1: a folder for each controller."""
    found = {}
    for name in CONTROLLERS:
        mount = _mounted(root, mounts, "cgroup", name)
        paths = [line.split(":", 2) for line in own.splitlines()]
        path = next((path for _, names, path in paths if name in names.split(",")), "/")
        found[name] = mount / path.lstrip("/")
        if not os.access(found[name], os.W_OK):
            raise OSError(f"cgroup v1 {name} is not ours to write")
    return Place(1, **found)


def _mounted(root: Path, mounts: str, kind: str, option: str = "") -> Path:
    for line in mounts.splitlines():
        _, where, what, options, *_ = line.split()
        if what == kind and (not option or option in options.split(",")):
            return root / where.lstrip("/")
    raise OSError(f"no {kind} {option}".rstrip() + " is mounted")


def _is_delegated(folder: Path) -> bool:
    """Whether systemd has marked a folder as one that its service may divide."""
    with suppress(OSError):
        return os.getxattr(folder, "user.delegate") == b"1"
    return False


def _sweep(place: Place) -> None:
    """Remove the groups of workers that are gone."""
    for folder in place.folders:
        for path in folder.glob(f"{PREFIX}*-*"):
            pid = path.name.split("-")[1]
            if pid.isdigit() and not os.path.exists(f"/proc/{pid}"):
                _removed(path)


def _removed(folder: Path) -> bool:
    with suppress(FileNotFoundError):
        try:
            folder.rmdir()
        except OSError:
            return False
    return True
