"""Each layer stops what it is there for, alone; together they stop everything.

With no layer every attack works, so a layer that did nothing would be noticed.
"""

import os

import pytest

from scoring.sandbox import cgroup
from tests.scoring.sandbox import attacked
from tests.scoring.sandbox.attacks import LAYERS, STOPPED_BY

pytestmark = [
    pytest.mark.needs("sandbox"),
    pytest.mark.skipif(os.getuid() != 0, reason="only root has every layer to take"),
]


def is_offered(layer):
    """Whether this machine has it at all; a cgroup is not everybody's to divide."""
    if layer != "cgroup":
        return True
    try:
        return bool(cgroup.place())
    except OSError:
        return False


OFFERED = [layer for layer in LAYERS if is_offered(layer)]
STOPS = {attack: by & set(OFFERED) for attack, by in STOPPED_BY.items()}

# Other processes are out of sight where /proc is one's own as well.
NEEDS = {"process namespace": "own root"}
# Without it the kernel lets no unprivileged process put up these two.
FALL_WITH = {"no new privileges": {"landlock", "seccomp"}}


def worked(without):
    with attacked.battlefield() as target, attacked.attackers(without) as held:
        return {
            attack
            for attack in STOPPED_BY
            if attacked.outcome(held, attack.__name__, target, without) == "worked"
        }


class TestLayers:
    def test_together_stop_every_attack(self):
        assert worked(()) == set()

    def test_none_stops_none(self):
        assert worked(LAYERS) == set(STOPPED_BY)

    @pytest.mark.parametrize("layer", OFFERED[1:])
    def test_one_alone_stops_what_it_is_for(self, layer):
        kept = {layer, NEEDS.get(layer, layer)}
        without = tuple(each for each in LAYERS if each not in kept)

        stopped = set(STOPPED_BY) - worked(without)

        assert stopped == {each for each, by in STOPS.items() if by & kept}

    @pytest.mark.parametrize("layer", OFFERED)
    def test_what_one_leaves_open_others_stop(self, layer):
        gone = {layer, *FALL_WITH.get(layer, ())}

        only_these = {each for each, by in STOPS.items() if by <= gone}

        assert worked((layer,)) == only_these
