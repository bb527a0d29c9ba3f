"""The GPU's profile, as far as it shows without a device: on a made-up machine.

What a driver would do is not shown here; docs/operator.md has the commands for that.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scoring.sandbox import confinement, gpu, predict, seccomp, server
from scoring.sandbox.loaders import device_for
from tests.scoring.contracts import classes_contract

VERSION = "NVRM version: NVIDIA UNIX x86_64 Kernel Module  570.86.15  Fri Jan 3\n"
OPEN_VERSION = "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.86.15  x\n"
FACTS = "Model: \t\t NVIDIA H200\nIRQ:   \t\t 42\nDevice Minor: \t {minor}\n"


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine with two devices and a driver in a folder of its own."""
    for name in ("nvidia0", "nvidia1", "nvidiactl", "nvidia-uvm", "null"):
        _write(tmp_path / "dev" / name)
    _write(tmp_path / "dev/nvidia-caps/nvidia-cap1")
    _write(tmp_path / "proc/driver/nvidia/version", VERSION)
    for minor in (0, 1):
        folder = tmp_path / f"proc/driver/nvidia/gpus/0000:0{minor}:00.0"
        _write(folder / "information", FACTS.format(minor=minor))
    (tmp_path / "usr/local/nvidia/lib64").mkdir(parents=True)
    monkeypatch.setattr(gpu, "ROOT", tmp_path)
    return tmp_path


def _write(path: Path, text=""):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


class FakeConfig:
    """`tensorflow.config` as far as it is used, with what was called in order."""

    def __init__(self, devices):
        self.devices, self.calls = devices, []

    def list_physical_devices(self, kind):
        self.calls.append(("list", kind))
        return self.devices

    def LogicalDeviceConfiguration(self, memory_limit):
        return memory_limit

    def set_logical_device_configuration(self, device, limits):
        self.calls.append(("cap", device, limits))


class TestDevices:
    def test_are_named_by_their_number(self):
        assert gpu.index_of("gpu:1") == 1
        with pytest.raises(ValueError, match="gpu:NUMBER"):
            gpu.index_of("gpu")

    def test_of_the_processor_are_none(self):
        assert gpu.nodes("cpu") == []
        gpu.check_there("cpu")

    def test_are_counted_without_the_nodes_they_share(self, machine):
        assert gpu.present() == [0, 1]

    def test_are_called_as_their_driver_calls_them(self, machine):
        assert gpu.called("gpu:1") == "NVIDIA H200 (gpu:1)"
        assert gpu.called("cpu") == "cpu"
        assert gpu.driver() == "570.86.15"

    def test_have_a_driver_of_either_kind(self, machine):
        (machine / "proc/driver/nvidia/version").write_text(OPEN_VERSION)

        assert gpu.driver() == "570.86.15"

    def test_without_a_driver_keep_their_number(self, tmp_path, monkeypatch):
        monkeypatch.setattr(gpu, "ROOT", tmp_path)

        assert (gpu.called("gpu:0"), gpu.driver(), gpu.present()) == ("gpu:0", "", [])

    @pytest.mark.skipif(os.path.exists("/dev/nvidia7"), reason="it is there")
    def test_that_are_not_there_are_no_fault_of_the_model(self, make_job):
        job = make_job("dense.keras", classes_contract(), device="gpu:7")

        with pytest.raises(gpu.NoDevice, match="/dev/nvidia7 is not here"):
            predict(job)


class TestWalls:
    def test_show_one_device_and_what_all_share(self, machine):
        shown = confinement.shown_files("gpu:1")

        nodes = {path for path in shown if path.startswith("/dev/nvidia")}
        assert nodes == {
            *("/dev/nvidia1", "/dev/nvidiactl", "/dev/nvidia-uvm"),
            "/dev/nvidia-caps/nvidia-cap1",
        }
        assert "/usr/local/nvidia/lib64" in shown

    def test_show_the_processor_no_device(self, machine):
        assert not [each for each in confinement.shown_files() if "nvidia" in each]

    def test_open_landlock_to_that_device_alone(self, machine, monkeypatch):
        asked = {}

        def restrict(read, write, devices):
            asked.update(read=read, write=write, devices=devices)
            return 7

        monkeypatch.setattr(confinement.landlock, "restrict", restrict)
        walls = confinement.Walls(10**9, 9.0, 10**6, None, None, 1, device="gpu:1")

        confinement._restrict_files(walls, [])

        assert "/dev/nvidia1" in asked["devices"]
        assert "/dev/nvidia0" not in [*asked["read"], *asked["write"]]
        assert "/proc/driver/nvidia" in asked["read"]

    def test_leave_addresses_to_cuda_but_not_the_rest(self, monkeypatch):
        asked = []
        monkeypatch.setattr(
            confinement.limits, "apply", lambda *each: asked.append(each)
        )
        monkeypatch.setattr(confinement.limits, "forget_peak", lambda: None)
        monkeypatch.setattr(confinement.limits, "die_first", lambda: None)

        for device in ("cpu", "gpu:0"):
            walls = confinement.Walls(10**9, 9.0, 10**6, None, None, 1, device=device)
            confinement._limit(walls)

        assert asked == [(10**9, 9.0, 10**6, False), (None, 9.0, 10**6, False)]

    def test_filter_opens_ioctl_and_refuses_programs_instead_of_killing(self):
        plain, opened = seccomp.program(1), seccomp.program(1, for_gpu=True)
        refusal = seccomp._line(seccomp.RETURN, seccomp.DENY)

        assert len(plain) == len(opened)
        assert plain != opened
        assert opened.count(refusal) > plain.count(refusal)


class TestStart:
    def test_shows_the_parent_no_device_and_the_drivers_libraries(self, machine):
        found = server.environment("gpu:1")

        assert found["CUDA_VISIBLE_DEVICES"] == "-1"
        assert found["LD_LIBRARY_PATH"] == "/usr/local/nvidia/lib64"
        assert "LD_LIBRARY_PATH" not in server.environment("cpu")

    def test_shows_the_child_its_own_device_and_lets_its_memory_grow(self, monkeypatch):
        monkeypatch.setattr(os, "environ", {"CUDA_VISIBLE_DEVICES": "-1"})

        gpu.show_only("gpu:3")

        assert os.environ == {
            "CUDA_VISIBLE_DEVICES": "3",
            "CUDA_DEVICE_ORDER": "PCI_BUS_ID",
            "TF_FORCE_GPU_ALLOW_GROWTH": "true",
        }

    def test_hides_all_devices_from_a_run_on_the_processor(self, monkeypatch):
        monkeypatch.setattr(os, "environ", {})

        gpu.show_only("cpu")

        assert os.environ == {"CUDA_VISIBLE_DEVICES": "-1"}

    def test_caps_the_device_before_anything_is_put_on_it(self):
        config = FakeConfig(["the one that is shown"])

        gpu.start(config, 2 * 2**30)

        assert config.calls == [
            ("list", "GPU"),
            ("cap", "the one that is shown", [2048]),
        ]

    def test_is_taken_by_tensorflow_itself(self):
        code = (
            "from tensorflow.python.eager import context\n"
            "from scoring.sandbox import gpu\n"
            "from scoring.sandbox.loaders.libraries import tf\n"
            "held = context.context(); held._initialize_physical_devices()\n"
            "made_up = context.PhysicalDevice('/physical_device:GPU:0', 'GPU')\n"
            "held._physical_devices.append(made_up)\n"
            "gpu.start(tf.config, 2 * 2**30)\n"
            "(cap,) = tf.config.get_logical_device_configuration(made_up)\n"
            "print(cap.memory_limit)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**confinement.ENVIRONMENT, "PYTHONPATH": str(confinement.ROOT)},
            capture_output=True,
            text=True,
        )

        assert done.stdout == "2048\n", done.stderr

    def test_says_so_where_tensorflow_finds_no_device(self):
        with pytest.raises(gpu.NoDevice, match="CUDA libraries"):
            gpu.start(FakeConfig([]), 2**30)

    @pytest.mark.parametrize(
        ("format", "device"),
        [
            ("keras", "gpu:0"),
            ("savedmodel", "gpu:0"),
            ("tflite", "cpu"),
            ("csv", "cpu"),
        ],
    )
    def test_only_tensorflow_uses_the_device(self, format, device):
        assert device_for(format, "gpu:0") == device


@pytest.mark.needs("gpu")
class TestOnADevice:
    """Run on a machine with a device; skipped by name elsewhere."""

    def test_predicts_as_on_the_processor(self, make_job, expected):
        job = make_job("dense.keras", classes_contract(), device="gpu:0", seconds=120)

        run = predict(job)

        assert run.usage.device.endswith("(gpu:0)")
        assert abs(run.predictions - expected["dense"]).max() < 1e-3
