"""How many workers this machine runs, and on which devices."""

import os

from django.conf import settings


def devices(setting: str) -> list[str]:
    """One device for each worker; ValueError for a setting that cannot be had.

    The engine runs models on the processor only as yet, so `auto` is `cpu`.
    """
    if setting in ("auto", "cpu"):
        return ["cpu"] * (settings.WORKERS or len(os.sched_getaffinity(0)))
    if setting.startswith("gpu:"):
        raise ValueError(
            f"PODIUM_DEVICES is {setting!r}, but this version runs models on the "
            "processor only: set it to cpu or auto."
        )
    raise ValueError(f"PODIUM_DEVICES is {setting!r}: it must be auto or cpu.")


def kind_of(device: str) -> str:
    """The kind of a device: cpu or gpu."""
    return "gpu" if device.startswith("gpu") else "cpu"
