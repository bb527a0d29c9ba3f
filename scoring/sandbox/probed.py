"""The probe's inside: confined like any child, it tries what must not work."""

from __future__ import annotations

import os
import resource
import socket
from collections.abc import Iterable
from dataclasses import replace

from scoring.sandbox.job import Layer

FORBIDDEN_FILE = "/etc/passwd"


def tried(layers: Iterable[Layer]) -> list[Layer]:
    """Each layer as it holds: inactive where the deed it forbids has worked."""
    return [replace_if_broken(layer) for layer in layers]


def replace_if_broken(layer: Layer) -> Layer:
    """The layer as it stood up, or inactive where the forbidden deed worked."""
    deed = DEEDS.get(layer.name)
    if not layer.active or deed is None:
        return layer
    try:
        deed()
    except OSError:
        return layer
    return replace(layer, active=False, note="it was put up, but does not hold")


def _read_a_file() -> None:
    with open(FORBIDDEN_FILE, "rb") as file:
        file.read(1)


def _open_a_socket() -> None:
    socket.socket().close()


def _regain_root() -> None:
    os.setresuid(0, 0, 0)


def _raise_a_limit() -> None:
    if resource.getrlimit(resource.RLIMIT_CORE) == (0, 0):
        raise OSError("no core can be written")


def _see_other_processes() -> None:
    if os.getpid() == 1:
        raise OSError("alone in its table of processes")


DEEDS = {
    "process namespace": _see_other_processes,
    "landlock": _read_a_file,
    "seccomp": _open_a_socket,
    "own user": _regain_root,
    "limits": _raise_a_limit,
}
