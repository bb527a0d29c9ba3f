"""Reports that take a while: asked for, claimed, written, read."""

from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone

from competitions.models import Competition, HostReport

LEASE = timedelta(minutes=10)  # longer than a report may take
MOST_ATTEMPTS = 3
GIVEN_UP = "It could not be finished in several tries; the operator's log says why."
Status = HostReport.Status


def ask(competition: Competition, kind: str) -> HostReport:
    """Ask for a report, or for a new one in the place of the last."""
    report, _ = HostReport.objects.update_or_create(
        competition=competition,
        kind=kind,
        defaults={
            "status": Status.WAITING,
            "content": {},
            "problem": "",
            "attempts": 0,
            "claimed_at": None,
            "created_at": timezone.now(),
            "finished_at": None,
            "read_at": None,
            "read_by": None,
        },
    )
    return report


def report_of(competition: Competition, kind: str) -> HostReport | None:
    return HostReport.objects.filter(competition=competition, kind=kind).first()


def waiting():
    """Reports that nobody is at just now, the oldest first."""
    lapsed = timezone.now() - LEASE
    return HostReport.objects.filter(
        Q(claimed_at=None) | Q(claimed_at__lt=lapsed), status=Status.WAITING
    ).order_by("created_at", "pk")


def claim_next() -> HostReport | None:
    """Take the next report in line; whoever updates no row chooses again."""
    while candidate := waiting().select_related("competition").first():
        if candidate.attempts >= MOST_ATTEMPTS:
            fail(candidate, GIVEN_UP)
            continue
        claimed = waiting().filter(pk=candidate.pk, attempts=candidate.attempts)
        if claimed.update(attempts=F("attempts") + 1, claimed_at=timezone.now()):
            candidate.attempts += 1
            return candidate
    return None


def finish(report: HostReport, content: dict) -> None:
    """Keep what was reckoned, if the claim still holds."""
    _still_claimed(report).update(
        status=Status.READY, content=content, problem="", finished_at=timezone.now()
    )


def fail(report: HostReport, problem: str) -> None:
    """Keep why there is no report: a sentence for the page."""
    _still_claimed(report).update(
        status=Status.FAILED, problem=problem[:300], finished_at=timezone.now()
    )


def _still_claimed(report: HostReport):
    return HostReport.objects.filter(
        pk=report.pk, attempts=report.attempts, status=Status.WAITING
    )


def mark_read(report: HostReport, user) -> None:
    """Note that somebody has read a finished report."""
    HostReport.objects.filter(
        pk=report.pk, created_at=report.created_at, read_at=None
    ).exclude(status=Status.WAITING).update(read_at=timezone.now(), read_by=user)
