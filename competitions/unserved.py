"""Submissions that want a device which no worker has: said first, ended at last."""

from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from competitions import news, quota, workers
from competitions.models import Submission, Worker

log = structlog.get_logger(__name__)

Status = Submission.Status
PATIENCE = timedelta(hours=12)  # less than a worker is remembered
WAITING = (
    "No worker here has a {kind} at present, and this competition's models run on one. "
    "A submission waits for it; after {hours} hours without any it ends as our fault "
    "and costs nothing."
)
ENDED = (
    "No worker here had a {kind} for {hours} hours, and this competition's models run "
    "on one. The fault is ours: your team has its submission back, and the host was "
    "told."
)


def sentence(device: str) -> str:
    """What to say before a submission to a competition of some device; often nothing.

    Where no worker lives at all nothing is said: that passes, and holds for everybody.
    """
    if device == "any":
        return ""
    here = workers.kinds()
    return _filled(WAITING, device) if here and device not in here else ""


def fail_unserved() -> int:
    """End, as ours, what has waited too long for a kind of worker that never came."""
    known = Worker.objects.filter(seen_at__gte=Now() - PATIENCE).values_list("device")
    here = {device.partition(":")[0] for (device,) in known}
    missing = {"cpu", "gpu"} - here
    if not here or not missing:
        return 0
    waiting = Submission.objects.filter(
        status__in=(Status.QUEUED, Status.CHECKING),
        lease_until=None,
        device__in=missing,
        created_at__lt=Now() - PATIENCE,
    )
    return sum(_fail(waiting, pk) for pk in waiting.values_list("pk", flat=True))


@transaction.atomic
def _fail(waiting, pk: int) -> bool:
    submission = waiting.select_for_update(no_key=True).filter(pk=pk).first()
    if submission is None:  # a worker came
        return False
    now = timezone.now()
    submission.status = Status.FAILED
    submission.reason = Submission.Reason.PLATFORM_FAULT
    submission.message = _filled(ENDED, submission.device)
    submission.stage_times = {**submission.stage_times, "done": now.isoformat()}
    submission.finished_at = now
    fields = ("status", "reason", "message", "stage_times", "finished_at")
    submission.save(update_fields=fields)
    quota.refund(submission, cause="platform_fault")
    news.tell_failed(submission)
    log.warning("submission unserved", submission_id=pk, device=submission.device)
    return True


def _filled(text: str, device: str) -> str:
    hours = int(PATIENCE.total_seconds() // 3600)
    return text.format(kind=device.upper(), hours=hours)
