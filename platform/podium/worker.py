"""Entry point of the workers: Django, the broker, the actors, one run at a time.

`python -m podium.worker` starts one worker. The module also serves dramatiq's own
command (`dramatiq --path . platform -- podium.worker`).
"""

import os
import signal
import sys
import threading

# A busy worker must not hold wakes that an idle one could take.
os.environ.setdefault("dramatiq_queue_prefetch", "1")
os.environ.setdefault("dramatiq_restart_delay", "1000")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "podium.settings")

import django  # noqa: E402

django.setup()

import dramatiq  # noqa: E402
import structlog  # noqa: E402
from django.conf import settings  # noqa: E402

from competitions import actors  # noqa: E402
from podium.site import workforce  # noqa: E402
from scoring import sandbox  # noqa: E402

log = structlog.get_logger(__name__)

broker = dramatiq.get_broker()

POLL_MS = 100  # how long a wake may wait in Valkey or Redis
DRAIN_MS = 15_000


def main() -> int:
    """Take runs until told to stop; a run in flight is then handed back."""
    try:
        sandbox.assert_isolated(settings.SANDBOX)
    except sandbox.SandboxUnavailable as error:
        print(f"This worker refuses to score: {error}", file=sys.stderr)
        return 1
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    queue = actors.queue_name(workforce.kind_of(settings.DEVICES))
    worker = dramatiq.Worker(
        broker, queues={queue}, worker_threads=1, worker_timeout=POLL_MS
    )
    sandbox.warm(settings.SCRATCH)  # imports go on while the first wake is awaited
    worker.start()
    log.info("worker ready", worker=actors.WORKER, queue=queue)
    told.wait()
    actors.draining.set()
    worker.stop(timeout=DRAIN_MS)
    sandbox.close()
    log.info("worker stopped", worker=actors.WORKER)
    return 0


if __name__ == "__main__":
    sys.exit(main())
