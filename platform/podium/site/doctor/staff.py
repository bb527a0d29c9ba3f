"""Workers: which live, and when they were last seen."""

from django.db import DatabaseError
from django.utils import timezone

from competitions import workers
from competitions.models import Worker
from podium.site.doctor.finding import Finding, note, ok


def examine(about: str) -> list[Finding]:
    try:
        living = list(workers.alive().order_by("pk"))
        gone = Worker.objects.exclude(pk__in=[each.pk for each in living])
        last = gone.order_by("-seen_at").first()
    except DatabaseError:
        return [note(about, "Nothing is known of workers: the database does not tell.")]
    findings = [ok(about, _words(worker)) for worker in living]
    if not living:
        findings.append(
            note(
                about,
                "No worker is at work, so submissions wait: make run starts some, "
                "python -m podium.worker one.",
            )
        )
    if last is not None:
        how = "stopped" if last.sandbox == workers.STOPPED else "was last seen"
        findings.append(note(about, f"{last.name} {how} {_ago(last)}."))
    return findings


def _words(worker: Worker) -> str:
    device = worker.device_name or worker.device
    device = "the processor" if device == "cpu" else device
    stands = sum(each["active"] for each in worker.layers)
    return (
        f"{worker.name} on {device}, seen {_ago(worker)}; {stands} of "
        f"{len(worker.layers)} layers stand, {worker.sandbox}."
    )


def _ago(worker: Worker) -> str:
    seconds = max(0, (timezone.now() - worker.seen_at).total_seconds())
    for size, name in ((3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {name} ago"
    return f"{seconds:.0f} s ago"
