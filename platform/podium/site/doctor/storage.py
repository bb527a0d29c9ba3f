"""The two stores: each takes a file, gives it back as it was, and lets go of it."""

import secrets

from django.core.files.base import ContentFile
from django.core.files.storage import storages

from podium.site.doctor.finding import Finding, lacks, ok

STORES = {"private": "artifacts and hidden rows", "public": "pictures and the like"}


def examine(about: str) -> list[Finding]:
    return [_store(about, name, holds) for name, holds in STORES.items()]


def _store(about: str, name: str, holds: str) -> Finding:
    storage = storages[name]
    place = getattr(storage, "bucket_name", "") or getattr(storage, "location", name)
    told = f"The {name} store ({holds}; {place})"
    content = secrets.token_bytes(1000)
    try:
        kept = storage.save(f"doctor-{secrets.token_hex(8)}", ContentFile(content))
        try:
            with storage.open(kept) as file:
                same = file.read() == content
        finally:
            storage.delete(kept)
        gone = not storage.exists(kept)
    except Exception as error:  # each kind of storage has errors of its own
        return lacks(about, f"{told} does not work: {error}")
    if not same:
        return lacks(about, f"{told} gave back something else than it was given.")
    if not gone:
        return lacks(about, f"{told} does not let go of what is deleted.")
    return ok(about, f"{told} takes, gives back and deletes a file.")
