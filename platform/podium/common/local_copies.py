"""Copies of this machine of files that lie in a bucket, for programs that need a path.

A copy is checked against the digest in its name before anybody sees it. The least
recently used go first when all together grow too large.
"""

import hashlib
import os
import time
from pathlib import Path
from uuid import uuid4

from django.conf import settings

UNTOUCHED_S = 3600  # a run may still be about to open what was asked for lately


def copy_of(storage, name: str) -> Path:
    """The path of a copy of an object whose name ends in its SHA-256."""
    path = settings.LOCAL_COPIES / name
    try:
        os.utime(path)
        return path
    except FileNotFoundError:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{uuid4().hex}.part")
    try:
        storage.download(name, part)
        with part.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != path.name:
            raise OSError(f"{name} came out of its bucket with other bytes: {found}")
        part.chmod(0o600)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    prune(settings.LOCAL_COPIES_BYTES)
    return path


def prune(most_bytes: int) -> None:
    """Delete the copies unused for longest until the rest is small enough."""
    found = []
    for path in settings.LOCAL_COPIES.rglob("*"):
        try:
            status = path.stat()
        except FileNotFoundError:  # somebody else prunes too
            continue
        if path.is_file():
            found.append((status.st_mtime, status.st_size, path))
    together = sum(size for _, size, _ in found)
    for used, size, path in sorted(found):
        if together <= most_bytes or time.time() - used < UNTOUCHED_S:
            return
        path.unlink(missing_ok=True)
        together -= size
