"""Which workers a machine gets, by its devices and what TensorFlow can use."""

import pytest

from podium.site import workforce
from scoring.sandbox import gpu


@pytest.fixture
def machine(monkeypatch, settings):
    """A machine with four cores and some devices; `without` is why CUDA is lacking."""

    def make(devices=(), without=""):
        monkeypatch.setattr(gpu, "present", lambda: list(devices))
        monkeypatch.setattr(gpu, "without_cuda", lambda: without)
        monkeypatch.setattr(workforce.os, "sched_getaffinity", lambda _: {0, 1, 2, 3})
        settings.WORKERS = 0

    return make


class TestDevices:
    def test_are_processors_where_there_is_nothing_else(self, machine):
        machine()

        assert workforce.devices("auto") == ["cpu"] * 4
        assert workforce.devices("cpu") == ["cpu"] * 4

    def test_are_each_gpu_and_the_cores_that_are_left(self, machine):
        machine(devices=(0, 1))

        assert workforce.devices("auto") == ["gpu:0", "gpu:1", "cpu", "cpu"]
        assert workforce.devices("cpu") == ["cpu"] * 4

    def test_always_serve_what_wants_no_gpu(self, machine):
        machine(devices=range(8))

        assert workforce.devices("auto").count("cpu") == 1

    def test_are_processors_where_tensorflow_lacks_cuda(self, machine):
        machine(devices=(0,), without="its CUDA libraries are not installed")

        assert workforce.devices("auto") == ["cpu"] * 4

    def test_are_those_that_are_named(self, machine):
        machine(devices=(0, 1, 2))

        assert workforce.devices("gpu:0,2") == ["gpu:0", "gpu:2"]

    @pytest.mark.parametrize(
        ("setting", "without", "told"),
        [
            ("gpu:0,3", "", "/dev/nvidia3 is not here: this machine has gpu:0, gpu:1"),
            ("gpu:0", "it was built without CUDA", "'gpu:0', but it was built without"),
            ("gpu:0,0", "", "names a device twice"),
            ("gpu", "", "it must be auto, cpu, or gpu:"),
            ("gpu:first", "", "it must be auto, cpu, or gpu:"),
            ("tpu:0", "", "it must be auto, cpu, or gpu:"),
        ],
    )
    def test_that_cannot_be_had_are_refused(self, machine, setting, without, told):
        machine(devices=(0, 1), without=without)

        with pytest.raises(ValueError, match=told):
            workforce.devices(setting)

    def test_on_a_machine_without_any(self, machine):
        machine()

        with pytest.raises(ValueError, match="this machine has no NVIDIA device"):
            workforce.devices("gpu:0")


class TestOwnDevice:
    def test_is_one(self, machine):
        machine(devices=(0, 1))

        assert workforce.own_device("gpu:1") == "gpu:1"
        assert workforce.own_device("auto") == "cpu"
        with pytest.raises(ValueError, match="one worker holds one device"):
            workforce.own_device("gpu:0,1")
