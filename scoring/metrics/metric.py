"""What a metric is: how it is computed, and what the rest needs to know about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import isfinite

import numpy as np
from numpy.typing import ArrayLike

from scoring.contract import Output
from scoring.errors import ContractError
from scoring.metrics.forms import Form

COUNTED = ("two", "three", "four")  # and on in figures


class Undefined(ContractError):
    """A metric has no value on these labels, whatever the predictions."""


@dataclass(frozen=True)
class Parameter:
    """One parameter: its default, what it means, and which values it takes."""

    default: float | str
    words: str
    low: float | None = None
    high: float | None = None
    whole: bool = False
    above: bool = False  # whether `low` itself is too low
    choices: tuple[str, ...] = ()

    def problem(self, value: object) -> str:
        """What a value should be instead, or nothing."""
        if self.choices:
            fits = isinstance(value, str) and value in self.choices
            return "" if fits else f"must be one of {', '.join(self.choices)}"
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not isfinite(value):
            return "must be a number"
        if self.whole and value != int(value):
            return "must be a whole number"
        if self.low is not None and (
            value < self.low or (self.above and value == self.low)
        ):
            return f"must be {'above' if self.above else 'at least'} {self.low:g}"
        if self.high is not None and value > self.high:
            return f"must be at most {self.high:g}"
        return ""


@dataclass(frozen=True)
class Example:
    """Small arrays, the score that they give, and how it comes about."""

    y_true: ArrayLike
    y_pred: ArrayLike
    score: float
    words: str
    n_classes: int = 0
    parameters: Mapping = field(default_factory=dict)


@dataclass(frozen=True)
class Metric:
    """One metric.

    `kinds` are the output kinds it takes, with `multilabel` as one of its own.
    `takes` says what it is given: probabilities (n, classes) or any numbers of that
    shape, classes (n,) as indices, values (n, ...), or one number a row whose order
    counts. Labels are class indices (n,), zeros and ones (n, columns) or values.
    `form` computes it, plainly and under weights. `lacks` tells why no value exists on
    some labels, or nothing; `demands` what else keeps it from fitting an output.
    `lists` marks a metric of ordered lists: where groups are named, each is one list.
    """

    key: str
    title: str
    summary: str
    direction: str
    kinds: tuple[str, ...]
    range: tuple[float, float]
    takes: str
    form: Form
    formula: str
    source: str
    example: Example
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    n_classes: int | None = None  # where only so many classes make sense
    lacks: Callable[..., str] = lambda y_true, **known: ""
    demands: Callable[[Output, Mapping], str] = lambda output, known: ""
    lists: bool = False
    version: int = 1  # raised when equal predictions would get another score

    def function(self, y_true: ArrayLike, y_pred: ArrayLike, **known) -> float:
        """The score of predictions against labels.

        `known` are the parameters, `n_classes`, and where rows weigh differently
        `weight`, shape (n_rows,): not negative, and not all zero.

        Raises Undefined where no value exists on these labels.
        """
        y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
        if lack := self.why_undefined(y_true, **known):
            raise Undefined(f"{self.key} is undefined: {lack}")
        weight = known.pop("weight", None)
        state = self.form.prepare(y_true, y_pred, **self.settings(known))
        if weight is None:
            return float(self.form.plain(state))
        weight = np.asarray(weight, dtype=np.float64)
        return float(self.form.weighted(state, weight[None])[0])

    def settings(self, known: Mapping) -> dict:
        """The parameters that are given, with the others' defaults."""
        defaults = {name: each.default for name, each in self.parameters.items()}
        return {"n_classes": 0, **defaults, **known}

    def why_undefined(self, y_true: np.ndarray, weight=None, **known) -> str:
        """Why no value exists on these labels, whatever is predicted, or nothing."""
        if len(y_true) == 0:
            return "it has no rows"
        if weight is not None:
            counted = np.asarray(weight) > 0
            if not counted.any():
                return "all weights are 0"
            y_true = y_true[counted]
        return self.lacks(y_true, **self.settings(known))

    def misfit(self, output: Output, known: Mapping) -> str:
        """Why it cannot score such an output, or nothing."""
        if output.family not in self.kinds:
            return f"it takes output kind {' or '.join(self.kinds)}"
        if self.n_classes not in (None, len(output.classes)):
            return f"it takes {COUNTED[self.n_classes - 2]} classes"
        return self.demands(output, self.settings(known))

    @property
    def decomposes(self) -> bool:
        """Whether the score is the mean of one value for each row."""
        return self.form.decomposes
