"""The machine: its Python, its kernel and its clock."""

import ctypes
import os
import platform
from datetime import UTC, datetime

from podium.site.doctor.finding import Finding, lacks, note, ok

EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)  # before this was written nobody runs it
UNSYNCHRONISED = 5  # TIME_ERROR of adjtimex(2)


class _Adjustment(ctypes.Structure):
    """`struct timex`, of which nothing is asked but to be filled in."""

    _fields_ = [("modes", ctypes.c_uint), ("rest", ctypes.c_byte * 508)]


def examine(about: str) -> list[Finding]:
    return [_python(about), _cores(about), _clock(about)]


def _python(about: str) -> Finding:
    return ok(
        about,
        f"Python {platform.python_version()} on Linux {platform.release()} "
        f"({platform.machine()}).",
    )


def _cores(about: str) -> Finding:
    cores = len(os.sched_getaffinity(0))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    cores = "1 processor core" if cores == 1 else f"{cores} processor cores"
    told = f"{cores} and {memory:.0f} GB of memory"
    if memory < 4:
        return note(
            about, f"{told}: a fork server of TensorFlow takes 0.6 GB for each worker."
        )
    return ok(about, f"{told}.")


def _clock(about: str) -> Finding:
    now = datetime.now(UTC)
    told = f"The clock says {now:%d %B %Y, %H:%M} UTC"
    if now < EARLIEST:
        return lacks(
            about, f"{told}, which is long past: set it, for deadlines depend on it."
        )
    if ctypes.CDLL(None).adjtimex(ctypes.byref(_Adjustment())) == UNSYNCHRONISED:
        return note(
            about,
            f"{told}, and nothing keeps it right: let NTP (chrony, systemd-timesyncd) "
            "do that where deadlines matter.",
        )
    return ok(about, f"{told}, and the system keeps it right.")
