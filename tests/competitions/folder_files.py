"""A small valid competition folder, to be changed in one place by each test."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from competitions.folders import Fault, FolderFaults, import_folder
from competitions.models import Competition
from podium.datasets.models import Dataset
from tests.factories import make_user

DOCUMENT = """\
podium: 1
slug: birds
title: Which bird is it?
opens_at: 2026-01-01T00:00:00Z
accepts: [model]
metric: accuracy
split: {public: 0.5, seed: 7}
id: id
target: kind
train: files/train.csv
inputs:
  size: {columns: [length, weight], dtype: float32}
  place: {columns: [place], dtype: string}
output: {kind: probabilities, classes: [gull, tern]}
"""
TEST = """\
id,length,weight,place
1,1.5,10,sea
2,2.5,,lake
3,3.5,30,sea
4,4.5,40,
5,5.5,50,sea
6,6.5,60,lake
7,7.5,70,sea
8,8.5,80,sea
"""
LABELS = """\
id,kind
1,gull
2,tern
3,gull
4,tern
5,gull
6,tern
7,gull
8,gull
"""
TRAIN = """\
id,length,weight,place,kind
11,1.5,10,sea,gull
12,2.5,,lake,tern
"""
FILES = {
    "competition.yaml": DOCUMENT,
    "overview.md": "# Birds\n",
    "data.md": "Lengths and weights.\n",
    "evaluation.md": "The share of right answers.\n",
    "rules.md": "Be fair.\n",
    "files/train.csv": TRAIN,
    "hidden/test.csv": TEST,
    "hidden/labels.csv": LABELS,
}
IMAGES_DOCUMENT = """\
podium: 1
slug: images
title: Dark or light?
opens_at: 2026-01-01T00:00:00Z
accepts: [model, predictions]
metrics: [log_loss, accuracy]
split: {public: 0.25, seed: -3}
target: labels
test: files/test.npz
inputs: {image: {array: images, dtype: float32}}
output: {kind: probabilities, classes: [0, 1]}
"""


def without(name: str) -> dict:
    """The files but for one."""
    return {path: content for path, content in FILES.items() if path != name}


def edited(old: str, new: str, name: str = "competition.yaml") -> dict:
    """The files with one text in one of them replaced."""
    assert FILES[name].count(old) == 1, f"{old!r} is not once in {name}"
    return {**FILES, name: FILES[name].replace(old, new)}


def with_lines(*lines: str) -> dict:
    """The files with lines added to competition.yaml."""
    return {**FILES, "competition.yaml": DOCUMENT + "".join(f"{x}\n" for x in lines)}


def npz(**arrays) -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def image_files() -> dict:
    """A valid folder of arrays, which accepts predictions."""
    images = np.arange(12 * 4, dtype=np.uint8).reshape(12, 2, 2)
    test = npz(images=images)
    return {
        **{name: FILES[name] for name in FILES if name.endswith(".md")},
        "competition.yaml": IMAGES_DOCUMENT,
        "files/test.npz": test,
        "hidden/test.npz": test,
        "hidden/labels.npz": npz(labels=np.array([0, 1] * 6, dtype=np.uint8)),
    }


def write_folder(folder: Path, files: dict) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def write_zip(path: Path, files: dict, top: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(top + name, content)
    return path


def faults_of(folder: Path, files: dict, **options) -> list[Fault]:
    """What an import refuses; nothing may have been imported."""
    write_folder(folder, files)
    with pytest.raises(FolderFaults) as told:
        import_folder(folder, host=make_user(), **options)
    assert not Competition.objects.exists() and not Dataset.objects.exists()
    return told.value.faults


def imported(folder: Path, files: dict, **options) -> Competition:
    """The competition that a folder becomes."""
    write_folder(folder, files)
    return import_folder(
        folder, host=options.pop("host", None) or make_user(), **options
    )


def sources(competition: Competition) -> dict[str, bytes]:
    """The files of a competition as they came."""
    return {
        source.path: source.stored.open().read()
        for source in competition.source_files.all()
    }
