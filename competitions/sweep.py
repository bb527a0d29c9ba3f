"""What keeps the queue moving when messages or workers are lost."""

import structlog

from competitions import actors, lifecycle
from competitions.models import Submission

log = structlog.get_logger(__name__)


def sweep(workers: int = 1) -> None:
    """Take back lapsed leases and wake at most one worker for each that may be idle."""
    lifecycle.take_back_lapsed()
    running = Submission.objects.filter(status=Submission.Status.RUNNING).count()
    idle = max(1, workers - running)
    line = lifecycle.waiting()
    devices = list(line.values_list("device", flat=True)[:idle])
    for device in devices:
        actors.wake(device)
