"""Write an installation's rows, files and keys to one tar file.

The rows are those of one moment. The files come after it, so that each one a row
points at is there; the manifest, which holds a digest of everything, comes last.
"""

import gzip
import hashlib
import io
import json
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from podium.common.models import StoredFile
from podium.site.backup import keys, rows

FORMAT = 1
MANIFEST = "manifest.json"
CHUNK = 1 << 20


def make_backup(path: Path) -> dict:
    """Write a backup and return its manifest; nothing stands at `path` until all does.

    Raises OSError where a file cannot be read or the place cannot be written.
    """
    part = path.with_name(f"{path.name}.part")
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as folder:
        try:
            with part.open("xb") as raw, tarfile.open(fileobj=raw, mode="w") as archive:
                part.chmod(0o600)
                manifest = _fill(archive, Path(folder))
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    return manifest


def _fill(archive: tarfile.TarFile, folder: Path) -> dict:
    manifest = {
        "podium": FORMAT,
        "made_at": datetime.now(UTC).isoformat(),
        "url": settings.URL,
        "tables": {},
        "files": {},
        "keys": {},
    }
    with rows.snapshot(folder):
        manifest["migrations"] = rows.migrations()
        for model in rows.kept_models():
            table = _table(archive, model, folder)
            manifest["tables"][model._meta.label] = table
        files = StoredFile.objects.order_by("pk")
        for stored in files.iterator(chunk_size=rows.ROWS):
            name = f"files/{stored.store}/{stored.name}"
            with stored.open() as file:
                _add(archive, name, file, stored.size)
            manifest["files"][name] = stored.sha256
    for name, path in keys.found().items():
        content = path.read_bytes()
        _add(archive, name, io.BytesIO(content), len(content))
        manifest["keys"][name] = hashlib.sha256(content).hexdigest()
    content = json.dumps(manifest, indent=1).encode()
    _add(archive, MANIFEST, io.BytesIO(content), len(content))
    return manifest


def _table(archive, model, folder: Path) -> dict:
    place = folder / "table"
    with gzip.open(place, "wt", encoding="utf-8") as stream:
        count = rows.write_rows(model, stream)
    name = f"tables/{model._meta.label}.jsonl.gz"
    with place.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        _add(archive, name, file, place.stat().st_size)
    return {"name": name, "rows": count, "sha256": digest}


def _add(archive: tarfile.TarFile, name: str, file, size: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    archive.addfile(entry, file)
