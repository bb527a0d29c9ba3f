"""The seven real data sets of a folder such as data/, as documents of competitions."""

from __future__ import annotations

import csv
import gzip
import shutil
from pathlib import Path

NAMES = (
    *("mnist", "penguins", "spambase", "diamonds"),
    *("bike_hours", "solar_flares", "languages"),
)
TARGETS = {
    "mnist": ["labels"],
    "penguins": ["species"],
    "spambase": ["spam"],
    "diamonds": ["price"],
    "bike_hours": ["rentals"],
    "solar_flares": ["c_flares", "m_flares", "x_flares"],
    "languages": ["language"],
}
METRICS = {
    "mnist": "accuracy",
    "penguins": "macro_f1",
    "spambase": "roc_auc",
    "diamonds": "rmsle",
    "bike_hours": "rmsle",
    "solar_flares": "mean_column_log_loss",
    "languages": "accuracy",
}
WORDS = {"island", "sex", "cut", "color", "clarity", "weather", "text"}
WORDS |= {"zurich_class", "largest_spot_size", "spot_distribution"}
LEFT_OUT = {"timestamp"}  # bike_hours: models read the other columns


def read(path: Path) -> list[list[str]]:
    """The rows of a gzipped CSV, its head first."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def document(data: Path, name: str) -> dict:
    """The `competition.yaml` of a set, as plain values."""
    told = {
        "podium": 1,
        "slug": name.replace("_", "-"),
        "title": name.replace("_", " ").capitalize(),
        "opens_at": "2026-01-01T00:00:00Z",
        "accepts": ["model"],
        "metric": METRICS[name],
        "split": {"public": "0.5", "seed": 3},
        "target": TARGETS[name] if len(TARGETS[name]) > 1 else TARGETS[name][0],
    }
    if name == "mnist":
        return told | {
            "train": "files/train.npz",
            "inputs": {"image": {"array": "images", "dtype": "float32"}},
            "output": _classes(map(str, range(10))),
        }
    head, *rows = read(data / name / "train.csv.gz")
    inputs = [c for c in head[1:] if c not in {*TARGETS[name], *LEFT_OUT}]
    numbers = [column for column in inputs if column not in WORDS]
    words = [column for column in inputs if column in WORDS]
    parts = {}
    if numbers:
        parts["numbers"] = {"columns": numbers, "dtype": "float32"}
    if words:
        parts["words"] = {"columns": words, "dtype": "string"}
    output = {"kind": "values"}
    if name == "solar_flares":
        output = {"kind": "probabilities", "multilabel": True}
    elif name not in ("diamonds", "bike_hours"):
        place = head.index(TARGETS[name][0])
        output = _classes(sorted({row[place] for row in rows}))
    return told | {
        "id": "id",
        "train": "files/train.csv.gz",
        "inputs": parts,
        "output": output,
    }


def _classes(names) -> dict:
    return {"kind": "probabilities", "classes": list(names)}


def folder(data: Path, name: str, target: Path) -> Path:
    """The files of a set in the folders of a competition, pages and all."""
    ending = ".npz" if name == "mnist" else ".csv.gz"
    for path, stem in (
        ("files/train", "train"),
        ("hidden/test", "test"),
        ("hidden/labels", "test_labels"),
        ("baselines/plain", "baseline"),
    ):
        place = target / f"{path}{ending}"
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(data / name / f"{stem}{ending}", place)
    if name == "solar_flares":
        _as_flags(target / "files/train.csv.gz", TARGETS[name])
        _as_flags(target / "hidden/labels.csv.gz", TARGETS[name])
        _renamed(target / "baselines/plain.csv.gz", TARGETS[name])
    if name == "mnist":
        _single_array(target / "baselines/plain.npz")
    for page in ("overview", "data", "evaluation", "rules"):
        (target / f"{page}.md").write_text(f"# {page.capitalize()} of {name}\n")
    return target


def _write(path: Path, rows: list[list[str]]) -> None:
    with gzip.open(path, "wt", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def _as_flags(path: Path, columns: list[str]) -> None:
    """Counts become 1 above 0, as the set's README says."""
    head, *rows = read(path)
    places = [head.index(column) for column in columns]
    for row in rows:
        for place in places:
            row[place] = str(int(int(row[place]) > 0))
    _write(path, [head, *rows])


def _renamed(path: Path, columns: list[str]) -> None:
    head, *rows = read(path)
    _write(path, [[head[0], *columns], *rows])


def _single_array(path: Path) -> None:
    import numpy as np

    with np.load(path) as archive:
        np.savez_compressed(path, predictions=archive["probabilities"])
