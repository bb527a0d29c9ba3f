"""The GPU's profile, as far as it shows without a device."""

import os

import pytest

from scoring.sandbox import gpu, predict, seccomp
from tests.scoring.contracts import classes_contract


class TestDevices:
    def test_are_named_by_their_number(self):
        assert gpu.index_of("gpu:1") == 1
        with pytest.raises(ValueError, match="gpu:NUMBER"):
            gpu.index_of("gpu")

    def test_of_the_processor_are_none(self):
        assert gpu.nodes("cpu") == []
        gpu.check_there("cpu")

    @pytest.mark.skipif(os.path.exists("/dev/nvidia7"), reason="it is there")
    def test_that_are_not_there_are_no_fault_of_the_model(self, make_job):
        job = make_job("dense.keras", classes_contract(), device="gpu:7")

        with pytest.raises(gpu.NoDevice, match="/dev/nvidia7 is not here"):
            predict(job)


class TestFilter:
    def test_opens_ioctl_and_refuses_programs_instead_of_killing(self):
        plain, opened = seccomp.program(1), seccomp.program(1, for_gpu=True)

        assert len(plain) == len(opened)
        assert plain != opened
        assert opened.count(seccomp._line(seccomp.RETURN, seccomp.DENY)) > plain.count(
            seccomp._line(seccomp.RETURN, seccomp.DENY)
        )
