"""Everything that a folder must be before any of it is imported."""

from dataclasses import dataclass
from pathlib import Path

from competitions.folders.document import Document
from competitions.folders.faults import Fault, FolderFaults
from competitions.folders.layout import Layout, read_layout
from competitions.folders.paths import slug_problem
from competitions.folders.reading import NAME, Reading, read_document
from competitions.folders.rows import Rows, read_rows
from competitions.folders.yaml import MAX_BYTES, Written
from competitions.models import Competition
from podium.accounts.models import User
from podium.datasets.models import Dataset
from scoring.contract import Contract

HOST_WORDS = {"new", "drafts"}  # stand below /host/, where competitions do too


@dataclass(frozen=True)
class Folder:
    """A competition folder without a fault."""

    slug: str
    document: Document
    contract: Contract
    layout: Layout
    rows: Rows


def check_folder(
    files: dict[str, Path],
    *,
    host: User,
    slug: str | None = None,
    replaces: Competition | None = None,
) -> Folder:
    """Read a whole folder; raise FolderFaults with everything that is wrong."""
    reading = _reading(files)
    layout = read_layout(files, reading)
    rows = read_rows(layout, reading)
    wanted = slug
    if slug is None and reading.document:
        wanted = reading.known("slug")
    if replaces is None or wanted != replaces.slug:
        _check_slug(reading, wanted, host, is_named=slug is not None)
    faults = reading.faults + layout.faults
    if faults or rows is None:
        raise FolderFaults(faults)
    return Folder(wanted, reading.document, reading.contract, layout, rows)


def _reading(files: dict[str, Path]) -> Reading:
    if NAME in files:
        with files[NAME].open("rb") as file:
            return read_document(file.read(MAX_BYTES + 1))
    missing = Fault(NAME, "", "is missing: it must lie at the top of the folder")
    return Reading(Written(), [missing])


def _check_slug(reading: Reading, slug: str | None, host: User, is_named: bool):
    if slug is None:
        return
    problem = slug_problem(slug)
    if slug in HOST_WORDS:
        problem = f"{slug!r} is a word of Podium's own: choose another"
    if not problem and Competition.objects.filter(slug=slug).exists():
        problem = f"there is a competition {slug!r} already: name another with --slug"
    elif not problem and Dataset.objects.filter(owner=host, slug=slug).exists():
        problem = (
            f"{host.username} has a dataset {slug!r} already: name another slug with "
            "--slug"
        )
    if problem and is_named:
        reading.faults.append(Fault("--slug", "", problem))
    elif problem:
        reading.fault("slug", problem)
