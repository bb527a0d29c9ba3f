"""The housekeeper's part of a draft: unpack it, read it, make a competition of it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path, PurePosixPath

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from competitions.errors import Refused
from competitions.folders import FolderFaults, import_files
from competitions.folders.checking import check_folder
from competitions.folders.faults import Fault
from competitions.folders.opening import opened
from competitions.folders.reading import NAME
from competitions.hosting import documents, drafts, reports
from competitions.models import Competition, Draft, HostReport
from podium.common.files import store_path
from podium.common.models import StoredFile
from podium.datasets import keeping, previews

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=20)  # longer than reading the largest folder takes
MOST_ATTEMPTS = 3
State = Draft.State
OURS = Fault("", "", "could not be read here, by no fault of yours: tell the operator")


def waiting():
    """Drafts that wait and that nobody is at, the one that waits longest first."""
    lapsed = timezone.now() - LEASE
    return Draft.objects.filter(
        Q(claimed_at=None) | Q(claimed_at__lt=lapsed),
        state__in=(State.CHECK, State.WAITING),
    ).order_by("updated_at", "pk")


def work_next() -> bool:
    """Check or make the next draft; False where none waits."""
    draft = _claim()
    if draft is None:
        return False
    try:
        if draft.archive_id:
            _unpack(draft)
        _make(draft) if draft.state == State.WAITING else _check(draft)
    except FolderFaults as told:
        _end(draft, State.FAULTY, told.faults)
    except Refused as refused:
        _end(draft, State.FAULTY, [Fault("", "", refused.message)])
    except Exception:  # our fault: it is tried again when its claim has lapsed
        log.exception("draft not made", draft=draft.pk)
    return True


def _claim() -> Draft | None:
    while candidate := waiting().first():
        claim = waiting().filter(pk=candidate.pk, attempts=candidate.attempts)
        if candidate.attempts >= MOST_ATTEMPTS:
            claim.update(state=State.FAULTY, faults=drafts.as_json([OURS]))
        elif claim.update(attempts=F("attempts") + 1, claimed_at=timezone.now()):
            candidate.attempts += 1
            return candidate
    return None


def _end(draft: Draft, state: str, faults: list[Fault] = ()) -> bool:
    """Write down what came of it, unless somebody has changed the draft meanwhile."""
    ended = Draft.objects.filter(
        pk=draft.pk,
        revision=draft.revision,
        attempts=draft.attempts,
        state=draft.state,
    ).update(state=state, faults=drafts.as_json(list(faults)), claimed_at=None)
    return bool(ended)


def _unpack(draft: Draft) -> None:
    """Turn the zip that was sent into files, each kept by its content."""
    archive = draft.archive
    with tempfile.TemporaryDirectory(dir=settings.SCRATCH) as scratch:
        link = Path(scratch) / "upload.zip"
        link.symlink_to(archive.local_path())
        with opened(link) as found:
            files = {path: store_path(place) for path, place in found.items()}
    with transaction.atomic():
        keeping.assert_kept(files.values())
        drafts.take_files(draft, files)
        Draft.objects.filter(pk=draft.pk).update(archive=None)
        previews.expect(
            {p: s for p, s in files.items() if p.startswith(("files/", "hidden/"))}
        )
    draft.archive = None
    keeping.reclaim([archive.pk])


@contextmanager
def _folder(draft: Draft) -> Iterator[dict[str, Path]]:
    """The draft as a folder on disk: links whose names say how to read them."""
    kept: dict[str, StoredFile] = {
        file.path: file.stored for file in draft.files.select_related("stored")
    }
    with tempfile.TemporaryDirectory(dir=settings.SCRATCH, prefix="draft-") as scratch:
        files = {}
        for number, (path, stored) in enumerate(sorted(kept.items())):
            place = Path(scratch) / f"{number}-{PurePosixPath(path).name[-60:]}"
            place.symlink_to(stored.local_path())
            files[path] = place
        if NAME not in files and draft.document:
            place = Path(scratch) / NAME
            place.write_bytes(documents.to_yaml(draft.document))
            files[NAME] = place
        yield files


def _check(draft: Draft) -> None:
    with _folder(draft) as files:
        check_folder(files, host=draft.host, replaces=draft.competition)
    _end(draft, State.OPEN)


def _make(draft: Draft) -> Competition:
    with _folder(draft) as files:
        competition = import_files(
            files,
            host=draft.host,
            actor=draft.updated_by,
            replaces=draft.competition,
        )
    with transaction.atomic():
        Draft.objects.filter(pk=draft.pk).update(competition=competition)
        reports.ask(competition, HostReport.Kind.LAUNCH)
    _end(draft, State.MADE)
    return competition
