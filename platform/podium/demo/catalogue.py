"""The demo's public datasets, made as anybody would make them.

Three of them are files that the competitions' folders hold already.
"""

from dataclasses import dataclass
from pathlib import Path

from podium.accounts.models import User
from podium.common.files import store_path
from podium.datasets.models import Dataset
from podium.datasets.services import create_dataset

HERE = Path(__file__).resolve().parent
TEXTS = HERE / "datasets"  # a description each, and files that no competition has


@dataclass(frozen=True)
class Example:
    """A dataset: what is told of it, and where its files lie."""

    slug: str
    title: str
    subtitle: str
    licence: str
    tags: tuple[str, ...]
    notes: str  # of its first version
    folder: Path
    files: tuple[str, ...]


DATASETS = (
    Example(
        slug="handwritten-digits",
        title="Handwritten digits (MNIST)",
        subtitle="20,000 grey images of 28 by 28 pixels, and which digit each shows",
        licence="CC-BY-SA-3.0",
        tags=("images", "multiclass", "beginner"),
        notes="The first 20,000 training images of MNIST, as they were.",
        folder=HERE / "competitions" / "digits" / "files",
        files=("LICENCE.txt", "README.md", "train.npz"),
    ),
    Example(
        slug="palmer-penguins",
        title="Palmer penguins",
        subtitle="344 penguins of three species, measured by hand, with empty cells",
        licence="CC0-1.0",
        tags=("tabular", "multiclass", "biology", "beginner"),
        notes="240 penguins with their species and 104 without.",
        folder=HERE / "competitions" / "penguins" / "files",
        files=("LICENCE.txt", "README.md", "test.csv.gz", "train.csv.gz"),
    ),
    Example(
        slug="bike-rentals",
        title="Bike rentals by the hour",
        subtitle="8,645 hours of 2011 in Washington D.C., with day and weather",
        licence="CC-BY-4.0",
        tags=("tabular", "regression", "time series"),
        notes="The whole year; rentals until 19 October.",
        folder=HERE / "competitions" / "bike-hours" / "files",
        files=("README.md", "test.csv.gz", "train.csv.gz"),
    ),
    Example(
        slug="diamonds",
        title="Diamonds",
        subtitle="Weight, grades, size and price of 53,940 round diamonds",
        licence="MIT",
        tags=("tabular", "regression", "prices"),
        notes="All 53,940, cut into training and test, with the prices of both.",
        folder=TEXTS / "diamonds",
        files=("LICENCE.txt", "test.csv.gz", "test_labels.csv.gz", "train.csv.gz"),
    ),
)


def load_datasets(owner: User) -> None:
    """Make the datasets that their owner does not have yet."""
    had = set(Dataset.objects.filter(owner=owner).values_list("slug", flat=True))
    for example in DATASETS:
        if example.slug not in had:
            _make(example, owner)


def _make(example: Example, owner: User) -> Dataset:
    return create_dataset(
        owner=owner,
        slug=example.slug,
        title=example.title,
        subtitle=example.subtitle,
        description=(TEXTS / f"{example.slug}.md").read_text(),
        licence=example.licence,
        tags=example.tags,
        visibility="public",
        files={name: store_path(example.folder / name) for name in example.files},
        notes=example.notes,
    )
