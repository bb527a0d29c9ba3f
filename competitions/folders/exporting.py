"""From a competition back to its folder: what came stays as it came, byte for byte.

What the host changed since then, words or dates or limits, is written anew; so export
and import give an equal competition.
"""

import shutil
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from zipstream import ZipStream

from competitions.errors import WrongState
from competitions.folders.importing import row_values
from competitions.folders.reading import NAME, as_written, read_document
from competitions.folders.writing import write_document
from competitions.models import Competition
from podium.common.downloads import CHUNK
from podium.common.models import StoredFile

# Where a row's value stands in the document. What is not here never changes.
PLACES = {
    "slug": "slug",
    "title": "title",
    "subtitle": "subtitle",
    "tags": "tags",
    "licence": "licence",
    "visibility": "visibility",
    "opens_at": "opens_at",
    "closes_at": "closes_at",
    "entry_deadline": "entry_deadline",
    "team_deadline": "team_deadline",
    "time_zone": "time_zone",
    "limit_seconds": "limits.seconds",
    "limit_memory_mb": "limits.memory_mb",
    "limit_file_mb": "limits.file_mb",
    "device": "device",
    "quota_per_day": "quota.per_day",
    "quota_total": "quota.total",
    "team_max_size": "teams.max_size",
    "finals": "finals",
    "late": "late",
    "medals": "medals",
    "feedback_digits": "feedback.digits",
    "feedback_ladder": "feedback.ladder",
    "prizes": "prizes",
}
PAGES = {
    "overview.md": "overview",
    "data.md": "data_text",
    "evaluation.md": "evaluation",
    "starter.py": "starter",
}

Content = StoredFile | bytes


def export_files(competition: Competition) -> dict[str, Content]:
    """Every file of a competition's folder, by its path.

    Raises WrongState for a competition that did not come as a folder.
    """
    files: dict[str, Content] = {
        source.path: source.stored
        for source in competition.source_files.select_related("stored")
    }
    if NAME not in files:
        raise WrongState(
            f"{competition.title} was not made of a folder, so it has none to export."
        )
    files[NAME] = _document(competition, files[NAME])
    for path, text in _texts(competition).items():
        if not text:
            files.pop(path, None)
        elif path not in files or _text(files[path]) != text:
            files[path] = text.encode()
    return dict(sorted(files.items()))


def export_folder(competition: Competition, target: Path) -> int:
    """Write a competition's folder, or a zip where `target` ends so; count its files.

    Raises WrongState where there is something already.
    """
    files = export_files(competition)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise WrongState(f"{target} is there already: name a new folder or .zip.")
    if target.name.lower().endswith(".zip"):
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            for piece in zip_of(files, competition.slug):
                file.write(piece)
        return len(files)
    for path, content in files.items():
        place = target / path
        place.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            place.write_bytes(content)
        else:
            with content.open() as source, place.open("wb") as file:
                shutil.copyfileobj(source, file, CHUNK)
    return len(files)


def zip_of(files: dict[str, Content], folder: str) -> ZipStream:
    """The files in a folder of this name, as a stream whose length is known."""
    archive = ZipStream(sized=True)
    for path, content in files.items():
        name = f"{folder}/{path}"
        if isinstance(content, bytes):
            archive.add(content, name)
        else:
            archive.add(_read(content), name, size=content.size)
    return archive


def _read(stored: StoredFile) -> Iterable[bytes]:
    with stored.open() as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _document(competition: Competition, stored: StoredFile) -> Content:
    """The file as it came; written anew where the competition says otherwise."""
    with stored.open() as file:
        reading = read_document(file.read())
    before = {"slug": reading.document.slug, **row_values(reading.document)}
    changed = {
        place: getattr(competition, name)
        for name, place in PLACES.items()
        if getattr(competition, name) != before[name]
    }
    if not changed:
        return stored
    data = as_written(reading.written)
    for place, value in changed.items():
        set_key(data, place, value)
    return write_document(data)


def set_key(data: dict, place: str, value: object) -> None:
    """Put a value where a place such as `quota.per_day` says; None takes it away."""
    key, _, inner = place.partition(".")
    if inner:
        part = {**data.get(key, {}), inner: _plain(value)}
        part = {name: each for name, each in part.items() if each is not None}
        value = part or None
    if value is None:
        data.pop(key, None)
    else:
        data[key] = _plain(value)


def _plain(value: object) -> object:
    """Times as the format writes them; the rest as it is."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return value


def _texts(competition: Competition) -> dict[str, str]:
    texts = {path: getattr(competition, name) for path, name in PAGES.items()}
    rules = competition.rules_versions.order_by("-number").first()
    return {**texts, "rules.md": rules.text if rules else ""}


def _text(content: Content) -> str:
    if isinstance(content, bytes):
        return content.decode()
    with content.open() as file:
        return file.read().decode("utf-8-sig")
