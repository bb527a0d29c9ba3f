"""Previews that wait, are being reckoned, and are there."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone

from podium.common.models import StoredFile
from podium.datasets.limits import PREVIEWED
from podium.datasets.models import FilePreview

LEASE = timedelta(minutes=3)  # longer than one preview may take
MOST_ATTEMPTS = 3

Format, Status = FilePreview.Format, FilePreview.Status
_ENDINGS = {
    ".csv": Format.CSV,
    ".csv.gz": Format.CSV_GZ,
    ".parquet": Format.PARQUET,
    ".npz": Format.NPZ,
}


def format_of(path: str) -> str | None:
    """How a file is previewed, by its name; None where it is not."""
    name = path.lower()
    return next(
        (format for ending, format in _ENDINGS.items() if name.endswith(ending)), None
    )


def previewable(paths: Iterable[str]) -> list[str]:
    """Those paths of a version that get a preview: the first ones, in order."""
    return [path for path in sorted(paths) if format_of(path)][:PREVIEWED]


def expect(files: dict[str, StoredFile]) -> int:
    """Let the files of a version wait for their previews; return how many do now."""
    wanted = {(files[path].pk, format_of(path)) for path in previewable(files)}
    FilePreview.objects.bulk_create(
        [FilePreview(stored_id=pk, format=format) for pk, format in sorted(wanted)],
        ignore_conflicts=True,
    )
    return FilePreview.objects.filter(
        stored__in={pk for pk, _ in wanted}, status=Status.WAITING
    ).count()


def waiting():
    """Previews that nobody is reckoning just now, the oldest first."""
    lapsed = timezone.now() - LEASE
    return FilePreview.objects.filter(
        Q(claimed_at=None) | Q(claimed_at__lt=lapsed), status=Status.WAITING
    ).order_by("created_at", "pk")


def claim_next() -> FilePreview | None:
    """Take the next preview in line; whoever updates no row chooses again."""
    while candidate := waiting().select_related("stored").first():
        if candidate.attempts >= MOST_ATTEMPTS:
            fail(candidate, "Its preview could not be prepared; the file is whole.")
            continue
        claimed = waiting().filter(pk=candidate.pk, attempts=candidate.attempts)
        if claimed.update(attempts=F("attempts") + 1, claimed_at=timezone.now()):
            candidate.attempts += 1
            return candidate
    return None


def finish(preview: FilePreview, content: dict) -> None:
    """Keep what was reckoned, if the claim still holds."""
    _still_claimed(preview).update(status=Status.READY, content=content, problem="")


def fail(preview: FilePreview, problem: str) -> None:
    """Keep why there is no preview: a sentence for the page."""
    _still_claimed(preview).update(status=Status.FAILED, problem=problem)


def _still_claimed(preview: FilePreview):
    return FilePreview.objects.filter(
        pk=preview.pk, attempts=preview.attempts, status=Status.WAITING
    )
