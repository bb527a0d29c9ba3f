"""Keeping files by their content."""

import hashlib
from pathlib import Path

from django.core.files.base import ContentFile, File
from django.core.files.storage import storages

from podium.common.models import StoredFile


def store_file(file: File, store: str = "private") -> StoredFile:
    """Keep a file's bytes once and return their row; an upload is moved, not copied."""
    sha256 = getattr(file, "sha256", None) or _sha256(file)
    stored = StoredFile(store=store, sha256=sha256, size=file.size)
    storage = storages[store]
    if not storage.exists(stored.name):
        file.seek(0)
        storage.save(stored.name, file)
    found, _ = StoredFile.objects.get_or_create(
        store=store, sha256=sha256, defaults={"size": file.size}
    )
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
