"""Fill an empty installation from a backup, after every byte of it was checked."""

import gzip
import hashlib
import json
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import storages

from competitions.models import Competition
from podium.accounts.models import User
from podium.site.backup import keys, rows
from podium.site.backup.making import CHUNK, FORMAT, MANIFEST


class BackupFault(Exception):
    """A backup that cannot be restored here; the message is a sentence."""


def restore_backup(path: Path) -> dict:
    """Put a backup's rows, files and keys into this installation, which must be empty.

    Its tables must have been migrated. Returns the manifest. Raises BackupFault before
    anything was changed.
    """
    if User.objects.exists() or Competition.objects.exists():
        raise BackupFault(
            "This installation has accounts or competitions already: a backup is "
            "restored into an empty one. Name another PODIUM_HOME, or another database."
        )
    try:
        with tarfile.open(path, "r:") as archive:
            manifest = _manifest(archive)
            _assert_same_migrations(manifest)
            _assert_whole(archive, manifest)
            for name, sha256 in manifest["files"].items():
                _keep(archive, name, sha256)
            rows.replace_rows(_tables(archive, manifest))
            for name in manifest["keys"]:
                keys.put(name, archive.extractfile(name).read())
    except tarfile.TarError as error:
        raise BackupFault(f"{path} is not a whole backup: {error}.") from error
    return manifest


def _manifest(archive: tarfile.TarFile) -> dict:
    try:
        manifest = json.load(archive.extractfile(MANIFEST))
    except (KeyError, ValueError) as error:
        raise BackupFault(
            "The backup has no manifest, which is written last: it was cut off."
        ) from error
    if manifest.get("podium") != FORMAT:
        raise BackupFault(
            f"The backup is of format {manifest.get('podium')!r}; this version reads "
            f"format {FORMAT}."
        )
    return manifest


def _assert_same_migrations(manifest: dict) -> None:
    here, there = set(rows.migrations()), set(manifest["migrations"])
    if ahead := sorted(there - here):
        raise BackupFault(
            f"The backup comes from a newer version (it has {ahead[0]}): restore it "
            "with that version."
        )
    if behind := sorted(here - there):
        raise BackupFault(
            f"The backup comes from an older version (it lacks {behind[0]}): restore "
            "it with that version, then upgrade."
        )


def _assert_whole(archive: tarfile.TarFile, manifest: dict) -> None:
    """Compare every member's bytes with its digest."""
    digests = {table["name"]: table["sha256"] for table in manifest["tables"].values()}
    for name, sha256 in {**digests, **manifest["files"], **manifest["keys"]}.items():
        try:
            file = archive.extractfile(name)
        except KeyError:
            raise BackupFault(f"The backup lacks {name}.") from None
        if _digest(file) != sha256:
            raise BackupFault(f"The backup is damaged: {name} has other bytes.")


def _digest(file) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _keep(archive: tarfile.TarFile, name: str, sha256: str) -> None:
    _, store, address = name.split("/", 2)
    storage = storages[store]
    if storage.exists(address):
        return
    with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as copy:
        file = archive.extractfile(name)
        while chunk := file.read(CHUNK):
            copy.write(chunk)
        copy.seek(0)
        storage.save(address, File(copy, name=sha256))


def _tables(archive: tarfile.TarFile, manifest: dict) -> Iterator:
    for table in manifest["tables"].values():
        with gzip.open(archive.extractfile(table["name"]), "rt", encoding="utf-8") as s:
            yield s
