"""The registry of metrics: one file per family, each with its list METRICS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scoring.contract import Contract
from scoring.errors import ContractError
from scoring.metrics import classification, ordering, probability, regression
from scoring.metrics.metric import Metric, Undefined

__all__ = [
    "METRICS",
    "Metric",
    "Undefined",
    "check",
    "fitting",
    "get",
    "parameters",
    "take_classes",
]

FAMILIES = (classification, probability, ordering, regression)
METRICS: dict[str, Metric] = {
    metric.key: metric for family in FAMILIES for metric in family.METRICS
}


def get(key: str) -> Metric:
    """The metric of a key."""
    if key not in METRICS:
        raise ContractError(
            f"metric: {key!r} is unknown; the metrics are {', '.join(METRICS)}"
        )
    return METRICS[key]


def fitting(contract: Contract) -> list[Metric]:
    """The metrics that this contract's predictions can be scored by."""
    output = contract.output
    return [
        metric
        for metric in METRICS.values()
        if output.family in metric.kinds
        and metric.n_classes in (None, len(output.classes))
    ]


def check(spec: Mapping, contract: Contract) -> Metric:
    """Hold `{"key": ..., **parameters}` against a contract and return its metric."""
    metric = get(spec["key"])
    fits = fitting(contract)
    if metric not in fits:
        names = ", ".join(each.key for each in fits) or "none"
        raise ContractError(
            f"metric: {metric.key} does not fit output kind {contract.output.family} "
            f"with {len(contract.output.classes)} classes; what fits: {names}"
        )
    parameters(spec)
    return metric


def take_classes(specs: Sequence[Mapping]) -> bool:
    """Whether every metric takes classes, so that predictions may be classes."""
    return all(get(spec["key"]).takes == "classes" for spec in specs)


def parameters(spec: Mapping) -> dict[str, float]:
    """All parameters of a metric: those given, and the others' defaults."""
    metric = get(spec["key"])
    given = {name: value for name, value in spec.items() if name != "key"}
    for name, value in given.items():
        if name not in metric.parameters:
            known = ", ".join(metric.parameters) or "none"
            raise ContractError(
                f"metric: {metric.key} has no parameter {name!r} (known: {known})"
            )
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ContractError(f"metric: {name} must be a number, not {value!r}")
    return {**metric.parameters, **given}
