"""What scores mean here: plain baselines, and differences that can be seen."""

from __future__ import annotations

import time

import numpy as np
from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor

from competitions.launch.findings import NOTE, OK, Finding
from competitions.launch.rows import Rows
from scoring.errors import ContractError
from scoring.labels import Labels
from scoring.score import score
from scoring.split import PRIVATE, PUBLIC

REDRAWS = 200
SECONDS = 15  # of redraws


def measure(rows: Rows, specs: list[dict]) -> tuple[list[Finding], dict]:
    """Baselines and resolution as findings, and the figures for the report's head."""
    at = rows.test_at
    columns = {name: each[at] for name, each in rows.columns.items()}
    labels = Labels(
        rows.y_test[at], rows.marks[at], at.astype(str), rows.contract, columns
    )
    constant = _constant(rows, len(at))
    if constant is None:
        text = "Baselines are reckoned for classes and single numbers only."
        return [Finding("baselines", NOTE, "Plain baselines", text)], {}
    began = time.perf_counter()
    first = _simple(rows, 0)
    seconds = time.perf_counter() - began
    second = _simple(rows, 1)
    shown = _scored(labels, specs, {"one answer for all": constant, "a forest": first})
    findings = [
        Finding(
            "baselines",
            OK,
            "Plain baselines",
            "What a constant answer and a plain forest score on the hidden rows"
            f"{_sampled(rows)}. A submission below the first has learnt nothing.",
            ["baseline", "metric", "public", "private"],
            shown,
        )
    ]
    resolution = {
        name: _resolution(labels, specs[0], first, second, mark)
        for name, mark in (("public", PUBLIC), ("private", PRIVATE))
        if (labels.split == mark).any()
    }
    findings.append(_told(resolution, labels))
    return findings, {"resolution": resolution, "forest_seconds": round(seconds, 2)}


def _sampled(rows: Rows) -> str:
    whole = len(rows.test_at) == len(rows.y_test) and len(rows.train_at) == len(
        rows.y_train
    )
    return "" if whole else f", reckoned on samples of up to {len(rows.train_at)} rows"


def _constant(rows: Rows, count: int) -> np.ndarray | None:
    """One answer for every row: shares of the classes, or the mean."""
    output, y = rows.contract.output, rows.y_train
    if output.multilabel:
        return np.tile(y.reshape(len(y), -1).mean(axis=0), (count, 1))
    if output.family == "values":
        return np.tile(y.mean(axis=0), (count, *[1] * (y.ndim - 1)))
    shares = np.bincount(y, minlength=len(output.classes)) / len(y)
    if output.kind == "labels":
        return np.full(count, shares.argmax())
    return np.tile(shares, (count, 1))


def _simple(rows: Rows, seed: int) -> np.ndarray:
    """A forest's predictions for the sampled test rows, in their normal form."""
    train, test = rows.matrices()
    output, y = rows.contract.output, rows.y_train[rows.train_at]
    draw = np.random.default_rng(seed).integers(0, len(y), len(y))
    options = {"n_estimators": 60, "min_samples_leaf": 2, "random_state": seed}
    if output.family == "values":
        flat = y.reshape(len(y), -1)[draw]
        model = ExtraTreesRegressor(**options).fit(train[draw], flat)
        return model.predict(test).reshape(len(test), *y.shape[1:])
    if output.multilabel:
        flat = y.reshape(len(y), -1)[draw]
        return np.stack(
            [_positive(train[draw], each, test, options) for each in flat.T], axis=1
        )
    model = ExtraTreesClassifier(**options).fit(train[draw], y[draw])
    chances = np.zeros((len(test), len(output.classes)))
    chances[:, model.classes_] = model.predict_proba(test)
    return chances.argmax(axis=1) if output.kind == "labels" else chances


def _positive(X, y, test, options) -> np.ndarray:
    if len(np.unique(y)) < 2:
        return np.full(len(test), float(y[0]))
    return ExtraTreesClassifier(**options).fit(X, y).predict_proba(test)[:, 1]


def _scored(labels: Labels, specs, predictions: dict) -> list[list[str]]:
    shown = []
    for name, array in predictions.items():
        try:
            scores = score(array, labels, specs)
        except (ContractError, ValueError):
            continue  # undefined on this sample
        for key in scores["public"]:
            cells = [
                f"{scores[side][key]:.5g}" if key in scores.get(side, {}) else "–"
                for side in ("public", "private")
            ]
            shown.append([name, key, *cells])
    return shown


def _resolution(labels: Labels, spec, first, second, mark: int) -> float | None:
    """How far apart two scores must be: 1.96 spreads of a paired difference.

    Two forests of one kind, fitted on different draws, stand for two submissions of
    equal worth; the test rows are redrawn, the same ones for both.
    """
    rows = np.flatnonzero(labels.split == mark)
    rng, found = np.random.default_rng(0), []
    until = time.perf_counter() + SECONDS
    while len(found) < REDRAWS and time.perf_counter() < until:
        draw = rows[rng.integers(0, len(rows), len(rows))]
        try:
            one, other = (_value(labels, spec, each, draw) for each in (first, second))
        except (ContractError, ValueError, ZeroDivisionError):
            continue  # undefined on this draw
        found.append(one - other)
    if len(found) < 20:
        return None
    return float(1.96 * np.std(found))


def _value(labels: Labels, spec, predictions, at) -> float:
    """The metric on some rows, as scoring reckons it."""
    drawn = Labels(
        labels.y[at],
        np.full(len(at), PUBLIC),
        np.arange(len(at)).astype(str),
        labels.contract,
        {name: each[at] for name, each in labels.columns.items()},
    )
    value = score(predictions[at], drawn, [spec])["public"][spec["key"]]
    if not np.isfinite(value):
        raise ValueError("undefined on these rows")
    return value


def _told(resolution: dict, labels: Labels) -> Finding:
    title = "Differences that this test set can see"
    rows = {"public": PUBLIC, "private": PRIVATE}
    shown = [
        [
            "while it is open" if side == "public" else "in the end",
            str(int((labels.split == rows[side]).sum())),
            "–" if value is None else f"{value:.2g}",
        ]
        for side, value in resolution.items()
    ]
    head = ["when", "rows", "two submissions differ from"]
    known = [value for value in resolution.values() if value]
    if not known:
        text = "It could not be reckoned on these rows."
        return Finding("resolution", NOTE, title, text, head, shown)
    text = (
        f"Below {known[-1]:.2g} two submissions cannot be ranked: a plain model "
        "fitted twice differs by as much on redrawn test rows. More hidden rows make "
        "it finer."
    )
    return Finding("resolution", OK, title, text, head, shown)
