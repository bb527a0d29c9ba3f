"""The housekeeper: work that no submission waits for, in a process of its own.

`python -m podium.housekeeper` takes one job at a time, politely: the scoring workers
have the processor first.
"""

import os
import signal
import sys
import threading
import time

os.environ.setdefault("dramatiq_queue_prefetch", "1")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "podium.settings")

import django  # noqa: E402

django.setup()

import dramatiq  # noqa: E402
import structlog  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import close_old_connections  # noqa: E402

from competitions import retention  # noqa: E402
from competitions.hosting import actors as hosting  # noqa: E402
from competitions.leaderboard import upkeep  # noqa: E402
from podium.datasets import actors, housekeeping, profiling  # noqa: E402
from scoring import sandbox  # noqa: E402

log = structlog.get_logger(__name__)

NICENESS = 10
POLL_MS = 500  # how long a wake may wait in Valkey or Redis
CATCH_UP_S = 15  # how late a preview is whose message was lost
TIDY_S = 600


def main() -> int:
    """Work until told to stop; what is under way is tried again by the next one."""
    try:
        sandbox.assert_isolated(settings.SANDBOX)
    except sandbox.SandboxUnavailable as error:
        print(f"The housekeeper refuses to read files: {error}", file=sys.stderr)
        return 1
    if settings.SANDBOX == "strict":
        profiling.walls = "podium.site.walls"
    os.nice(NICENESS)
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    worker = dramatiq.Worker(
        dramatiq.get_broker(),
        queues={actors.QUEUE},
        worker_threads=1,
        worker_timeout=POLL_MS,
    )
    worker.start()
    log.info("housekeeper ready", queue=actors.QUEUE)
    _keep_house(told)
    worker.stop(timeout=1_000)
    return 0


def _keep_house(told: threading.Event) -> None:
    tidied = -TIDY_S
    while not told.is_set():
        close_old_connections()
        try:
            housekeeping.catch_up()
            upkeep.catch_up()
            hosting.catch_up()
            if time.monotonic() - tidied >= TIDY_S:
                housekeeping.tidy()
                retention.forget_outputs()
                tidied = time.monotonic()
        except Exception:  # the database is away: try again
            log.exception("housekeeping failed")
        told.wait(CATCH_UP_S)


if __name__ == "__main__":
    sys.exit(main())
