"""What a metric is: a pure function, and what the rest needs to know about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from scoring.errors import ContractError


class Undefined(ContractError):
    """A metric has no value on these labels, whatever the predictions."""


@dataclass(frozen=True)
class Metric:
    """One metric.

    `kinds` are the output kinds it takes, with `multilabel` as one of its own.
    `takes` says what its function is given: probabilities (n, classes), classes (n,) as
    indices, values (n, ...), or one number a row whose order counts.
    `lacks` tells why no value exists on some labels, or nothing.
    """

    key: str
    title: str
    direction: str
    kinds: tuple[str, ...]
    range: tuple[float, float]
    takes: str
    function: Callable[..., float]
    formula: str
    source: str
    parameters: Mapping[str, float] = field(default_factory=dict)
    n_classes: int | None = None  # where only so many classes make sense
    lacks: Callable[[np.ndarray], str] = lambda y_true: ""
