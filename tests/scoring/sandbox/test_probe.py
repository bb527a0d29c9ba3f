import os
import subprocess
import sys
from pathlib import Path

import pytest

from scoring.sandbox import (
    SandboxUnavailable,
    assert_isolated,
    identity,
    layers,
    probe,
)
from scoring.sandbox.confinement import ENVIRONMENT, REQUIRED, ROOT
from scoring.sandbox.job import Layer

OPTIONAL = {
    "user namespace",
    "process namespace",
    "network namespace",
    "ipc namespace",
    "own root",
    "own user",
    "cgroup",
}


@pytest.mark.needs("sandbox")
class TestLayers:
    def test_names_every_layer_and_finds_the_required_ones_active(self):
        found = {layer.name: layer for layer in layers()}

        assert set(found) == {*REQUIRED, *OPTIONAL}
        assert all(found[name].required and found[name].active for name in REQUIRED)
        assert found["own user"].active == (os.getuid() == 0)

    @pytest.mark.skipif(
        os.getuid() != 0 or not identity.is_open_to_all(Path(sys.executable)),
        reason="this Python cannot be run by another user",
    )
    def test_holds_for_a_worker_that_is_not_root(self):
        code = (
            "from scoring.sandbox import layers\n"
            "print(*[layer.name for layer in layers() if layer.active], sep='|')"
        )

        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**ENVIRONMENT, "PYTHONPATH": str(ROOT)},
            cwd="/",
            user=65534,
            group=65534,
            extra_groups=[],
            capture_output=True,
            text=True,
        )

        active = set(done.stdout.strip().split("|"))
        assert set(REQUIRED) <= active and "own user" not in active, done.stderr


class TestAssertIsolated:
    @pytest.mark.needs("sandbox")
    def test_passes_where_every_required_layer_holds(self):
        assert_isolated("strict")

    def test_says_what_is_missing(self, monkeypatch):
        lacking = [Layer("landlock", False, True, "not in this kernel")]
        monkeypatch.setattr(probe, "layers", lambda: lacking)

        with pytest.raises(SandboxUnavailable, match="landlock .not in this kernel"):
            assert_isolated("strict")
        assert_isolated("unsafe")

    def test_knows_two_modes(self):
        with pytest.raises(ValueError, match="strict or unsafe"):
            assert_isolated("none")
