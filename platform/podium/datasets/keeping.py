"""The bytes of datasets: kept by content, given back when nothing holds them.

Who keeps a file and who gives it back may meet. Giving back happens in a transaction
that holds the file's row; whoever makes a version of kept files holds their rows too
and looks whether the bytes are there. So no version points at bytes that are gone.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from podium.common.errors import WrongState
from podium.common.files import store_file
from podium.common.models import StoredFile
from podium.datasets.models import FilePreview

CHUNK = 500  # rows of one transaction, and of one list in a query


def digest_of(files: dict[str, StoredFile]) -> str:
    """The digest of a set of files: SHA-256 over its sorted `sha256  path` lines."""
    lines = (f"{files[path].sha256}  {path}\n" for path in sorted(files))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


@contextmanager
def kept(uploads: dict[str, object]) -> Iterator[dict[str, StoredFile]]:
    """Keep uploads by their content, moved and not copied, for what is made of them.

    Where it cannot be made, they are given back.
    """
    files: dict[str, StoredFile] = {}
    try:
        for path, upload in uploads.items():
            files[path] = store_file(upload)
        yield files
    except BaseException:
        reclaim({stored.pk for stored in files.values()})
        raise


def assert_kept(files: Iterable[StoredFile]) -> None:
    """Hold the rows of some files, and refuse where one has just been given back."""
    wanted = {stored.pk: stored for stored in files}
    found = 0
    # Not the key: whoever writes a row that points here only asks that it stays.
    held = StoredFile.objects.select_for_update(no_key=True)
    for pks in _chunks(sorted(wanted)):
        found += len(held.filter(pk__in=pks).order_by("pk"))
    if found < len(wanted) or not all(map(_is_there, wanted.values())):
        raise WrongState(
            "A file that you sent was being deleted elsewhere at the same moment: send "
            "it again."
        )


def reclaim(pks: Iterable[int]) -> int:
    """Delete those of some files that nothing points at any more; return how many."""
    return sum(_reclaim(Q(pk__in=chunk)) for chunk in _chunks(sorted(pks)))


def reclaim_unused(*, before: datetime) -> int:
    """Delete the files, of any app, that nothing points at and nobody brought since."""
    count = 0
    while freed := _reclaim(_is_free() & Q(stored_at__lt=before)):
        count += freed
    return count


@transaction.atomic
def _reclaim(which: Q) -> int:
    rows = StoredFile.objects.select_for_update()
    held = [row.pk for row in rows.filter(which).order_by("pk")[:CHUNK]]
    free = list(StoredFile.objects.filter(_is_free(), pk__in=held))
    for stored in free:
        storages[stored.store].delete(stored.name)
    StoredFile.objects.filter(pk__in=[stored.pk for stored in free]).delete()
    return len(free)


def _is_free() -> Q:
    """Rows that nothing points at, in whichever app, but for their previews."""
    condition = Q()
    for relation in StoredFile._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete:
            continue
        if relation.related_model is FilePreview:
            continue
        name = relation.field.name
        holders = relation.related_model._base_manager.filter(**{name: OuterRef("pk")})
        condition &= ~Exists(holders)
    return condition


def _is_there(stored: StoredFile) -> bool:
    return storages[stored.store].exists(stored.name)


def _chunks(values: list) -> Iterable[list]:
    return (values[at : at + CHUNK] for at in range(0, len(values), CHUNK))
