"""A score axis on which right is better, and its ticks."""

import math
from dataclasses import dataclass

from podium.common import words


@dataclass(frozen=True)
class Tick:
    """A labelled place on an axis; `is_end` keeps its label inside."""

    place: float
    text: str
    anchor: str


@dataclass(frozen=True)
class Axis:
    """From the value at the left to the value at the right, the better one."""

    left: float
    right: float
    step: float

    def place(self, value: float) -> float:
        """Where a value stands, in per cent; below 0 it lies off to the left."""
        share = (value - self.left) / (self.right - self.left)
        return round(100 * min(1.0, share), 2)

    @property
    def ticks(self) -> list[Tick]:
        low, high = sorted((self.left, self.right))
        count = round((high - low) / self.step)
        decimals = max(0, -math.floor(math.log10(self.step) + 1e-9))
        ticks = []
        for number in range(count + 1):
            value = low + number * self.step
            place = self.place(value)
            text = f"{value:,.{decimals}f}".replace(",", words.THIN)
            text = text.replace("-", words.MINUS)
            anchor = "start" if place < 2 else "end" if place > 98 else "middle"
            ticks.append(Tick(place, text, anchor))
        return sorted(ticks, key=lambda tick: tick.place)


def make(values: list[float], direction: str, bounds: tuple[float, float]) -> Axis:
    """An axis with room around some values, inside what the metric can be."""
    low, high = min(values), max(values)
    span = high - low or abs(high) * 0.1 or 1.0
    step = _round_step(1.6 * span / 4)
    low = max(bounds[0], low - 0.3 * span)
    high = min(bounds[1], high + 0.3 * span)
    low = math.floor(low / step + 1e-9) * step
    high = math.ceil(high / step - 1e-9) * step
    if high <= low:
        high = low + step
    left, right = (low, high) if direction == "maximize" else (high, low)
    return Axis(left, right, step)


def _round_step(rough: float) -> float:
    """The next of 1, 2, 5 times a power of ten."""
    power = 10 ** math.floor(math.log10(rough))
    return next(
        factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999
    )
