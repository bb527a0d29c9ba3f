"""Keeping files by their content."""

import hashlib
from pathlib import Path

from django.core.files.base import ContentFile, File
from django.core.files.storage import storages
from django.utils import timezone

from podium.common.models import StoredFile


def store_file(file: File, store: str = "private") -> StoredFile:
    """Keep a file's bytes once and return their row; an upload is moved, not copied."""
    sha256 = getattr(file, "sha256", None) or _sha256(file)
    stored = _row(store, sha256, file.size)
    storage = storages[store]
    if not storage.exists(stored.name):
        file.seek(0)
        storage.save(stored.name, file)
    return stored


def _row(store: str, sha256: str, size: int) -> StoredFile:
    """The row of some bytes, fresh: whoever collects unused files leaves it alone.

    It comes before the bytes: a collector that holds the row has deleted both by the
    time it is found gone.
    """
    while True:
        found, is_new = StoredFile.objects.get_or_create(
            store=store, sha256=sha256, defaults={"size": size}
        )
        fresh = StoredFile.objects.filter(pk=found.pk)
        if is_new or fresh.update(stored_at=timezone.now()):
            return found


def store_path(path: Path, store: str = "private") -> StoredFile:
    """Keep a copy of a file of this machine."""
    with path.open("rb") as handle:
        return store_file(File(handle, name=path.name), store)


def store_bytes(content: bytes, store: str = "private") -> StoredFile:
    """Keep a few bytes."""
    return store_file(ContentFile(content, name="bytes"), store)


def _sha256(file: File) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks(1 << 20):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
