"""The walls around one process, put up by itself in the one order that works."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from scoring.sandbox import (
    gpu,
    identity,
    landlock,
    limits,
    namespaces,
    own_root,
    seccomp,
    syscalls,
)
from scoring.sandbox.job import Layer

ROOT = Path(__file__).resolve().parents[2]
REQUIRED = ("limits", "no new privileges", "landlock", "seccomp")
SYSTEM_FILES = (
    "/usr/lib",
    "/lib",
    "/lib64",
    "/usr/lib64",
    "/usr/local/lib",
    "/etc/ld.so.cache",
    "/dev/urandom",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/stat",
    "/sys/devices/system",
    "/sys/bus",
)
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "OPENBLAS_NUM_THREADS": "1",  # more would be threads before the walls stand
    "TF_CPP_MIN_LOG_LEVEL": "3",  # what a model prints comes through all the same
    "CUDA_VISIBLE_DEVICES": "-1",
    "KERAS_BACKEND": "tensorflow",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",  # pyarrow's would be one more
}


@dataclass(frozen=True)
class Walls:
    """How far one process may go."""

    memory_bytes: int
    cpu_seconds: float
    file_bytes: int
    scratch: str | None  # the one folder it may write to
    user: int | None  # who it becomes, where it starts as root
    parent: int
    scratch_bytes: int = 0
    scratch_files: int = 0
    without: tuple[str, ...] = ()  # layers left out, to see what the others stop
    device: str = "cpu"


def confine(walls: Walls, stands: Iterable[Layer] = ()) -> list[Layer]:
    """Put up every wall that this kernel offers; return what stands and what does not.

    `stands` are those that a fork server has put up around itself. The process must
    have one thread: a thread that runs already would stay outside.
    """
    if len(os.listdir("/proc/self/task")) != 1:
        raise RuntimeError("a process with several threads cannot be confined")
    code = code_folders()
    layers = list(stands)
    if any(layer.name == "own root" and layer.active for layer in layers):
        own_root.furnish(walls.user, walls.scratch_bytes, walls.scratch_files)
        walls = replace(walls, scratch=own_root.SCRATCH)
    if walls.scratch:
        os.chdir(walls.scratch)

    def put_up(name: str, deed: Callable[[], str]) -> None:
        layers.append(layer(name, deed, walls.without))

    put_up("ipc namespace", leave_ipc)
    put_up("limits", lambda: _limit(walls))  # while its /proc files are its own
    put_up("own user", lambda: _become(walls, code))
    put_up("no new privileges", _gain_nothing)
    identity.die_with_parent(walls.parent, signal.SIGKILL)
    put_up("landlock", lambda: _restrict_files(walls, code))
    put_up("seccomp", lambda: _filter_calls(walls.device))
    return layers


def layer(name: str, put_up: Callable[[], str], without: Iterable[str] = ()) -> Layer:
    """Put up one wall, and say whether it stands."""
    try:
        if name in without:
            raise OSError("left out")
        note, active = put_up(), True
    except (OSError, KeyError) as error:
        note, active = str(error), False
    return Layer(name, active, name in REQUIRED, note)


def seal(device: str = "cpu") -> None:
    """Take away writing to the working folder as well, once all is unpacked."""
    read = [*code_folders(), *_system_files(), "/dev/null", "."]
    nodes = gpu.nodes(device)
    landlock.restrict([*read, *gpu.read_files(device)], nodes, devices=nodes)


def shown_files(device: str = "cpu") -> list[str]:
    """What a file system of one's own has to show."""
    of_device = [*gpu.nodes(device), *gpu.library_folders(device)]
    return [*code_folders(), *SYSTEM_FILES, "/dev/null", *of_device]


def code_folders() -> list[str]:
    """Where Python, the libraries and this engine lie; never the whole checkout."""
    found = [Path(prefix) / "lib" for prefix in (sys.prefix, sys.base_prefix)]
    found += [Path(place).resolve() for place in sys.path if place]
    code = [place for place in found if not ROOT.is_relative_to(place)]
    places = dict.fromkeys([*code, ROOT / "scoring"])
    return [str(place) for place in places if place.exists()]


def missing(layers: list[Layer]) -> list[Layer]:
    """The required layers that do not stand."""
    return [layer for layer in layers if layer.required and not layer.active]


def leave_ipc() -> str:
    namespaces.leave(namespaces.IPC)
    return "no shared memory or queues of System V with others"


def _become(walls: Walls, code: list[str]) -> str:
    try:
        if walls.user is None:
            raise OSError("the worker is not root, so its children share its user")
        above = [Path(walls.scratch).parent] if walls.scratch else []
        identity.become(walls.user, [*code, *above])
    except OSError:
        identity.drop_capabilities()
        raise
    finally:
        identity.hide_memory()
    return "a user of its own for each run, without capabilities"


def _limit(walls: Walls) -> str:
    limits.forget_peak()
    limits.die_first()
    owns_user = walls.user is not None
    # CUDA reserves far more addresses than it uses; the watch on memory is left then.
    space = None if walls.device != "cpu" else walls.memory_bytes
    limits.apply(space, walls.cpu_seconds, walls.file_bytes, owns_user)
    return "memory, processor, file size, threads, descriptors"


def _gain_nothing() -> str:
    identity.gain_nothing()
    return "no program gains privileges"


def _restrict_files(walls: Walls, code: list[str]) -> str:
    write = [walls.scratch] if walls.scratch else []
    read = [*code, *_system_files(), *gpu.read_files(walls.device)]
    write += ["/dev/null", *gpu.nodes(walls.device)]
    version = landlock.restrict(read, write, devices=gpu.nodes(walls.device))
    return f"files; version {version}" + (", TCP" if version >= 4 else "")


def _filter_calls(device: str) -> str:
    if not syscalls.is_known_machine():
        raise OSError("system-call numbers are known for x86-64 and aarch64 only")
    seccomp.install(for_gpu=device != "cpu")
    return "an allow-list of system calls, without sockets or new processes"


def _system_files() -> list[str]:
    # /proc as a whole would show other processes; this is the process's own folder.
    return [*SYSTEM_FILES, os.path.realpath("/proc/self")]
