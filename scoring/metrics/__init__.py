"""The registry of metrics: each file here with a list METRICS adds its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from pkgutil import iter_modules

from scoring.contract import Contract
from scoring.errors import ContractError
from scoring.metrics.metric import Metric, Undefined

__all__ = [
    "COLUMNS",
    "METRICS",
    "Metric",
    "Undefined",
    "check",
    "columns",
    "fitting",
    "get",
    "parameters",
    "take_classes",
]

FAMILIES = [import_module(f"{__name__}.{each.name}") for each in iter_modules(__path__)]
METRICS: dict[str, Metric] = {
    metric.key: metric
    for family in FAMILIES
    for metric in getattr(family, "METRICS", ())
}

# What every metric takes beside its own parameters: a column of the labels.
COLUMNS = {
    "group": "the score is the mean over the groups of rows that share a value there",
    "weight": "how much each row counts",
}


def get(key: str) -> Metric:
    """The metric of a key."""
    if key not in METRICS:
        raise ContractError(
            f"metric: {key!r} is unknown; the metrics are {', '.join(METRICS)}"
        )
    return METRICS[key]


def fitting(contract: Contract) -> list[Metric]:
    """The metrics that this contract's predictions can be scored by, as they are."""
    return [each for each in METRICS.values() if not each.misfit(contract.output, {})]


def check(spec: Mapping, contract: Contract) -> Metric:
    """Hold `{"key": ..., **parameters}` against a contract and return its metric."""
    metric = get(spec["key"])
    known = {**parameters(spec), **columns(spec)}
    if why := metric.misfit(contract.output, known):
        names = ", ".join(each.key for each in fitting(contract)) or "none"
        output = contract.output
        has = f" with {len(output.classes)} classes" if output.classes else ""
        raise ContractError(
            f"metric: {metric.key} does not fit output kind {output.family}{has}: "
            f"{why}; what fits: {names}"
        )
    return metric


def take_classes(specs: Sequence[Mapping]) -> bool:
    """Whether every metric takes classes, so that predictions may be classes."""
    return all(get(spec["key"]).takes == "classes" for spec in specs)


def parameters(spec: Mapping) -> dict[str, float | str]:
    """All parameters of a metric: those given, and the others' defaults."""
    metric = get(spec["key"])
    given = {
        name: value for name, value in spec.items() if name not in ("key", *COLUMNS)
    }
    for name, value in given.items():
        if name not in metric.parameters:
            names = ", ".join((*metric.parameters, *COLUMNS))
            raise ContractError(
                f"metric: {metric.key} has no parameter {name!r} (known: {names})"
            )
        if problem := metric.parameters[name].problem(value):
            raise ContractError(f"metric: {name} {problem}, not {value!r}")
    defaults = {name: each.default for name, each in metric.parameters.items()}
    return {**defaults, **given}


def columns(spec: Mapping) -> dict[str, str]:
    """The columns of the labels that a metric needs beside the target, by their use."""
    found = {use: spec[use] for use in COLUMNS if use in spec}
    for use, name in found.items():
        if not isinstance(name, str) or not name:
            raise ContractError(
                f"metric: {use} must name a column of the labels, not {name!r}"
            )
    return found
