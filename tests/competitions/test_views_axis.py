"""The axis of scores: right is better, marks lie on it, labels say where."""

import math

import pytest

from competitions.views import axis

EVERYTHING = (-math.inf, math.inf)


class TestMake:
    @pytest.mark.parametrize("direction", ["maximize", "minimize"])
    def test_better_is_further_right(self, direction):
        drawn = axis.make([0.2, 0.4], direction, EVERYTHING)

        low, high = drawn.place(0.2), drawn.place(0.4)

        assert (low < high) == (direction == "maximize")
        assert 0 <= min(low, high) < max(low, high) <= 100

    def test_stays_inside_what_the_metric_can_be(self):
        drawn = axis.make([0.98, 0.999], "maximize", (0.0, 1.0))

        assert drawn.right == pytest.approx(1.0)
        assert drawn.left < 0.98

    @pytest.mark.parametrize(
        "values", [[0.5], [0.0], [0.0, 0.0], [1.0], [-3.0, 12_345.0], [1e-9, 2e-9]]
    )
    def test_takes_any_values(self, values):
        drawn = axis.make(values, "maximize", EVERYTHING)

        for value in values:
            assert 0 <= drawn.place(value) <= 100
        assert 2 <= len(drawn.ticks) <= 12

    def test_ticks_are_round_and_run_from_left_to_right(self):
        ticks = axis.make([52.8, 61.3], "minimize", (0.0, math.inf)).ticks

        assert [tick.text for tick in ticks] == ["65", "60", "55", "50"]
        assert [tick.place for tick in ticks] == sorted(tick.place for tick in ticks)
        assert (ticks[0].anchor, ticks[-1].anchor) == ("start", "end")

    def test_a_worse_value_lies_off_to_the_left(self):
        drawn = axis.make([0.9, 0.95], "maximize", (0.0, 1.0))

        assert drawn.place(0.1) < 0
