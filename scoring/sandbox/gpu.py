"""What a run on a GPU needs besides: its device nodes, and CUDA started in the child.

Written from NVIDIA's and gVisor's account of the driver and not yet run on a device.
The walls are lower than on the processor, for the driver is a large surface: one run at
a time on one device. The driver's own words are read from /proc/driver/nvidia, which
starts no CUDA; so the parent of runs never does.
"""

from __future__ import annotations

import ast
import importlib.util
import os
import re
from collections.abc import Sequence
from contextlib import suppress
from ctypes.util import find_library
from importlib import metadata
from pathlib import Path

ROOT = Path("/")  # tests stand a made-up machine in its place
SHARED_NODES = ("/dev/nvidiactl", "/dev/nvidia-uvm", "/dev/nvidia-uvm-tools")
READ_FILES = ("/proc/driver/nvidia", "/proc/devices", "/proc/self")
CUDA_PACKAGES = ("nvidia-cuda-runtime-cu12", "nvidia-cudnn-cu12")
LIBRARY_FOLDERS = (  # where drivers put libcuda, besides the system's own folders
    "/usr/local/nvidia/lib64",
    "/usr/local/nvidia/lib",
    "/usr/local/cuda/lib64",
    "/usr/lib/wsl/lib",
)
most_bytes = 4 * 2**30  # of the device's memory; each child sets its own run's


class NoDevice(RuntimeError):
    """There is no such GPU here, or CUDA does not find it; not the model's fault."""


def present() -> list[int]:
    """The numbers of the NVIDIA devices of this machine."""
    names = (path.name for path in _at("/dev").glob("nvidia*"))
    return sorted(int(name[6:]) for name in names if name[6:].isdigit())


def check_there(device: str) -> None:
    """Raise NoDevice where a GPU is asked for that this machine does not have."""
    if device != "cpu" and index_of(device) not in present():
        raise NoDevice(
            f"{device} is asked for, but /dev/nvidia{index_of(device)} is not here"
        )


def nodes(device: str) -> list[str]:
    """The device nodes of one GPU, and those that all GPUs share; none for the CPU."""
    if device == "cpu":
        return []
    wanted = [f"/dev/nvidia{index_of(device)}", *SHARED_NODES]
    caps = sorted(_at("/dev/nvidia-caps").glob("*"))
    wanted += [f"/dev/nvidia-caps/{path.name}" for path in caps]
    return [path for path in wanted if _at(path).exists()]


def read_files(device: str) -> Sequence[str]:
    """What the driver's library reads of the system."""
    return () if device == "cpu" else (*READ_FILES, *library_folders(device))


def library_folders(device: str) -> list[str]:
    """Where this machine's driver has its libraries, if not among the system's."""
    if device == "cpu":
        return []
    return [path for path in LIBRARY_FOLDERS if _at(path).is_dir()]


def index_of(device: str) -> int:
    """The number of a device written as gpu:0."""
    kind, _, number = device.partition(":")
    if kind != "gpu" or not number.isdigit():
        raise ValueError(f"a device is cpu or gpu:NUMBER, not {device!r}")
    return int(number)


def without_cuda() -> str:
    """Why the TensorFlow that is installed cannot use a GPU; empty where it can.

    Read from its files: importing it is the children's affair.
    """
    build = tensorflow_build()
    if build is None:
        return "TensorFlow is not installed"
    if not build.get("is_cuda_build"):
        return "the TensorFlow that is installed was built without CUDA"
    lacking = [name for name in CUDA_PACKAGES if not _is_installed(name)]
    if lacking and not (find_library("cudart") and find_library("cudnn")):
        return (
            "TensorFlow's CUDA libraries are not installed: "
            "pip install -r requirements-gpu.txt brings them"
        )
    return ""


def tensorflow_build() -> dict | None:
    """What TensorFlow's wheel says of its build: CUDA's and cuDNN's versions, say."""
    spec = importlib.util.find_spec("tensorflow")
    if spec is None or spec.origin is None:
        return None
    place = Path(spec.origin).parent / "python/platform/build_info.py"
    found = re.search(r"OrderedDict\((\[.*\])\)", place.read_text())
    return dict(ast.literal_eval(found.group(1))) if found else {}


def _is_installed(package: str) -> bool:
    try:
        return bool(metadata.version(package))
    except metadata.PackageNotFoundError:
        return False


def driver() -> str:
    """The version of the kernel's NVIDIA driver; empty where there is none."""
    with suppress(OSError):
        told = _at("/proc/driver/nvidia/version").read_text()
        found = re.search(r"Module(?: for \w+)?\s+(\d+(?:\.\d+)+)", told)
        return found.group(1) if found else ""
    return ""


def called(device: str) -> str:
    """A device by the name that its driver gives it: NVIDIA H200 (gpu:0)."""
    if device == "cpu":
        return device
    for path in _at("/proc/driver/nvidia/gpus").glob("*/information"):
        with suppress(OSError):
            lines = [line.partition(":") for line in path.read_text().splitlines()]
            facts = {name.strip(): value.strip() for name, _, value in lines}
            if facts.get("Device Minor") == str(index_of(device)):
                return f"{facts.get('Model', 'GPU')} ({device})"
    return device


def show_only(device: str) -> None:
    """Let CUDA see one device, or none. It counts until CUDA starts, in the child."""
    seen = "-1" if device == "cpu" else str(index_of(device))
    os.environ["CUDA_VISIBLE_DEVICES"] = seen
    if device != "cpu":
        os.environ["CUDA_DEVICE_ORDER"] = "PCI_BUS_ID"  # as the driver counts them
        # Growth by the environment: TensorFlow refuses its own switch beside a cap.
        os.environ["TF_FORCE_GPU_ALLOW_GROWTH"] = "true"


def start(config, most_bytes: int) -> None:
    """Start CUDA on the device that is shown, with a cap on its memory.

    `config` is `tensorflow.config`. Before the first tensor, and in the child alone:
    CUDA does not survive a fork. Raises NoDevice where TensorFlow finds none.
    """
    found = config.list_physical_devices("GPU")
    if not found:
        raise NoDevice("TensorFlow finds no GPU; are its CUDA libraries installed?")
    cap = config.LogicalDeviceConfiguration(memory_limit=max(1, most_bytes // 2**20))
    config.set_logical_device_configuration(found[0], [cap])


def _at(path: str) -> Path:
    return ROOT / path.lstrip("/")
