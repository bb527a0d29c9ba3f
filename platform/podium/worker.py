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
from django.db import DatabaseError, close_old_connections  # noqa: E402

from competitions import actors, workers  # noqa: E402
from podium.site import workforce  # noqa: E402
from scoring import sandbox  # noqa: E402
from scoring.sandbox import gpu  # noqa: E402

log = structlog.get_logger(__name__)

broker = dramatiq.get_broker()

POLL_MS = 100  # how long a wake may wait in Valkey or Redis
DRAIN_MS = 15_000


UNSAFE = (
    "PODIUM_SANDBOX=unsafe: models are run even where they cannot be shut in. Run only "
    "models that you trust."
)


def main() -> int:
    """Take runs until told to stop; a run in flight is then handed back."""
    try:
        device = workforce.own_device(settings.DEVICES)
        layers = sandbox.layers()
        sandbox.assert_isolated(settings.SANDBOX, layers)
    except (sandbox.SandboxUnavailable, ValueError) as error:
        print(f"This worker refuses to score: {error}", file=sys.stderr)
        return 1
    if settings.SANDBOX == "unsafe":
        print(UNSAFE, file=sys.stderr, flush=True)
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    queue = actors.queue_name(workforce.kind_of(device))
    worker = dramatiq.Worker(
        broker, queues={queue}, worker_threads=1, worker_timeout=POLL_MS
    )
    sandbox.warm(settings.SCRATCH, device)  # imports while the first wake is awaited
    _enter(device, layers)
    threading.Thread(target=_live, args=[told, device, layers], daemon=True).start()
    worker.start()
    log.info("worker ready", worker=actors.WORKER, queue=queue, device=device)
    told.wait()
    actors.draining.set()
    worker.stop(timeout=DRAIN_MS)
    sandbox.close()
    _try("not struck off the list", workers.leave, actors.WORKER)
    log.info("worker stopped", worker=actors.WORKER)
    return 0


def _enter(device: str, layers: list[sandbox.Layer]) -> None:
    _try(
        "not on the list of workers",
        *(workers.enter, actors.WORKER, device, settings.SANDBOX, layers),
    )


def _live(told: threading.Event, device: str, layers: list[sandbox.Layer]) -> None:
    """Say every few seconds that this worker lives; end it where its GPU is gone."""
    while not told.wait(workers.BEAT_S):
        try:
            gpu.check_there(device)
        except gpu.NoDevice as error:
            log.error("device gone", worker=actors.WORKER, error=str(error))
            told.set()  # what runs goes back in line; the supervisor starts it again
            return
        if _try("beat lost", workers.beat, actors.WORKER) == 0:
            _enter(device, layers)


def _try(fault: str, deed, *arguments):
    """Do what no run depends on; a database that is away must not end a worker."""
    close_old_connections()
    try:
        return deed(*arguments)
    except DatabaseError as error:
        log.warning(fault, worker=actors.WORKER, error=str(error))
        return None


if __name__ == "__main__":
    sys.exit(main())
