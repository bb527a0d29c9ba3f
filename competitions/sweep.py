"""What keeps the queue moving when messages or workers are lost."""

import structlog

from competitions import actors, check_runs, checks, lifecycle, unserved
from competitions.models import Check, Submission

log = structlog.get_logger(__name__)


def tidy() -> None:
    """Remove what is kept for some days only."""
    if count := checks.forget_old():
        log.info("old checks removed", count=count)


def sweep(workers: int = 1) -> None:
    """Take back lapsed leases and wake at most one worker for each that may be idle."""
    lifecycle.take_back_lapsed()
    check_runs.take_back_lapsed()
    unserved.fail_unserved()
    held = {"lease_until__isnull": False}
    busy = [rows.objects.filter(**held).count() for rows in (Submission, Check)]
    idle = max(1, workers - sum(busy))
    waiting = (lifecycle.waiting(), check_runs.waiting())
    devices = [
        device
        for line in waiting
        for device in line.values_list("device", flat=True)[:idle]
    ][:idle]
    for device in devices:
        actors.wake(device)
