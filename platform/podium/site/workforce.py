"""How many workers this machine runs, and on which devices."""

import os

from django.conf import settings

from scoring.sandbox import gpu

FORMS = "it must be auto, cpu, or gpu: with the numbers of devices, as in gpu:0,1"


def devices(setting: str) -> list[str]:
    """One device for each worker; ValueError for a setting that cannot be had.

    `auto` is one worker for each GPU, where TensorFlow can use one, and workers on the
    processor for what wants none; the GPUs' own workers need a core each.
    """
    cores = len(os.sched_getaffinity(0))
    if setting == "cpu":
        return ["cpu"] * (settings.WORKERS or cores)
    if setting == "auto":
        found = [] if gpu.without_cuda() else gpu.present()
        on_processor = settings.WORKERS or max(1, cores - len(found))
        return [*(f"gpu:{number}" for number in found), *["cpu"] * on_processor]
    wanted = _numbers(setting)
    if lacking := sorted(set(wanted) - set(gpu.present())):
        nodes = " and ".join(f"/dev/nvidia{number}" for number in lacking)
        raise ValueError(
            f"PODIUM_DEVICES is {setting!r}, but {nodes} "
            f"{'is' if len(lacking) == 1 else 'are'} not here: this machine has "
            f"{_present_in_words()}."
        )
    if reason := gpu.without_cuda():
        raise ValueError(f"PODIUM_DEVICES is {setting!r}, but {reason}.")
    return [f"gpu:{number}" for number in wanted]


def own_device(setting: str) -> str:
    """The one device of this worker; ValueError where it cannot be had.

    A worker that is started by hand with `auto` is one on the processor.
    """
    if setting in ("auto", "cpu"):
        return "cpu"
    found = devices(setting)
    if len(found) != 1:
        raise ValueError(
            f"PODIUM_DEVICES is {setting!r}, but one worker holds one device: start "
            "one for each, with gpu:0, gpu:1 and so on."
        )
    return found[0]


def kind_of(device: str) -> str:
    """The kind of a device: cpu or gpu."""
    return "gpu" if device.startswith("gpu") else "cpu"


def _numbers(setting: str) -> list[int]:
    kind, _, listed = setting.partition(":")
    parts = [part.strip() for part in listed.split(",")]
    if kind != "gpu" or not all(part.isdigit() for part in parts):
        raise ValueError(f"PODIUM_DEVICES is {setting!r}: {FORMS}.")
    numbers = [int(part) for part in parts]
    if len(set(numbers)) < len(numbers):
        raise ValueError(f"PODIUM_DEVICES is {setting!r}: it names a device twice.")
    return numbers


def _present_in_words() -> str:
    found = gpu.present()
    if not found:
        return "no NVIDIA device"
    return ", ".join(f"gpu:{number}" for number in found)
