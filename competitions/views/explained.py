"""A metric as the evaluation page explains it: formula, range and a worked example."""

from math import isinf
from string import ascii_uppercase

import numpy as np

from competitions.views.wording import metric_words
from podium.common import words
from podium.common.mathematics import mathml
from scoring import metrics
from scoring.metrics import COLUMNS, Metric
from scoring.metrics.metric import Example


def explained(spec: dict) -> dict:
    """All that there is to tell of a metric with its parameters."""
    metric = metrics.get(spec["key"])
    return {
        **metric_words(spec),
        "summary": metric.summary,
        "formula": mathml(metric.formula, is_block=True),
        "bounds": _bounds(*metric.range),
        "settings": _settings(metric, spec),
        "example": _example(metric.example),
    }


def _bounds(low: float, high: float) -> str:
    if isinf(high):
        return f"{_number(low)} and more"
    if isinf(low):
        return f"at most {_number(high)}"
    return f"from {_number(low)} to {_number(high)}"


def _settings(metric: Metric, spec: dict) -> list[dict]:
    """Parameters with their values, and the columns that group and weigh rows."""
    values = metrics.parameters(spec)
    found = [
        {"name": name, "value": values[name], "words": each.words}
        for name, each in metric.parameters.items()
    ]
    columns = metrics.columns(spec)
    return found + [
        {"name": use, "value": name, "words": COLUMNS[use]}
        for use, name in columns.items()
    ]


def _example(example: Example) -> dict:
    """Rows of label and prediction; classes are letters, as they have no names here."""
    y_true, y_pred = np.asarray(example.y_true), np.asarray(example.y_pred)
    letters = ascii_uppercase[: example.n_classes] if y_true.ndim == 1 else ""
    has_column_each = letters and y_pred.ndim == 2
    parameters = ", ".join(
        f"{name} {value:g}" for name, value in example.parameters.items()
    )
    return {
        "heads": [f"Answer {each}" for each in letters]
        if has_column_each
        else ["Answer"],
        "rows": [
            {
                "label": _cell(label, letters),
                "answers": [_cell(each) for each in answer]
                if has_column_each
                else [_cell(answer, letters if y_pred.dtype.kind == "i" else "")],
            }
            for label, answer in zip(y_true, y_pred, strict=True)
        ],
        "score": words.score_text(example.score, 4),
        "words": example.words,
        "parameters": parameters,
    }


def _cell(value, letters: str = "") -> str:
    if letters:
        return letters[int(value)]
    return "  ".join(_number(each) for each in np.ravel(value))


def _number(value: float) -> str:
    return f"{value:.4g}".replace("-", "−")
