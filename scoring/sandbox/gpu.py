"""What a run on a GPU needs besides: its device nodes, and CUDA started in the child.

Written from NVIDIA's and gVisor's account of the driver and not yet run on a device.
The walls are lower than on the processor, for the driver is a large surface: one run at
a time on one device.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from glob import glob

SHARED_NODES = ("/dev/nvidiactl", "/dev/nvidia-uvm", "/dev/nvidia-uvm-tools")
READ_FILES = ("/proc/driver/nvidia", "/proc/devices", "/proc/self")


class NoDevice(RuntimeError):
    """There is no such GPU here, or CUDA does not find it; not the model's fault."""


def check_there(device: str) -> None:
    """Raise NoDevice where a GPU is asked for that this machine does not have."""
    if device != "cpu" and not os.path.exists(f"/dev/nvidia{index_of(device)}"):
        raise NoDevice(
            f"{device} is asked for, but /dev/nvidia{index_of(device)} is not here"
        )


def nodes(device: str) -> list[str]:
    """The device nodes of one GPU, and those that all GPUs share; none for the CPU."""
    if device == "cpu":
        return []
    wanted = [f"/dev/nvidia{index_of(device)}", *SHARED_NODES]
    wanted += glob("/dev/nvidia-caps/*")
    return [path for path in wanted if os.path.exists(path)]


def read_files(device: str) -> Sequence[str]:
    """What the driver's library reads of the system."""
    return () if device == "cpu" else READ_FILES


def index_of(device: str) -> int:
    """The number of a device written as gpu:0."""
    kind, _, number = device.partition(":")
    if kind != "gpu" or not number.isdigit():
        raise ValueError(f"a device is cpu or gpu:NUMBER, not {device!r}")
    return int(number)


def show_only(device: str) -> None:
    """Let CUDA see one device, or none. It counts until CUDA starts, in the child."""
    seen = "-1" if device == "cpu" else str(index_of(device))
    os.environ["CUDA_VISIBLE_DEVICES"] = seen
