"""What the housekeeper does for datasets: previews, one at a time.

A message says only that something waits; the rows say what. The queue is its own, so
that a large upload delays no submission.
"""

import dramatiq
import structlog
from django.conf import settings

from podium.datasets import previews, profiling

log = structlog.get_logger(__name__)

QUEUE = f"{settings.QUEUE_PREFIX}profiles"
_STALE_MS = 60_000  # a wake that nobody took: the housekeeper looks by itself


@dramatiq.actor(queue_name=QUEUE, max_age=_STALE_MS)
def prepare_previews():
    """Reckon the next preview that waits. Running it twice is safe."""
    if prepare_next() and previews.waiting().exists():
        wake()


def wake() -> None:
    """Tell the housekeeper that previews wait; a broker that is away costs time."""
    try:
        prepare_previews.send()
    except Exception as error:  # the housekeeper looks by itself every so often
        log.warning("no preview woken", error=str(error) or type(error).__name__)


def prepare_next() -> bool:
    """Reckon one preview; False where none waits."""
    preview = previews.claim_next()
    if preview is None:
        return False
    try:
        content = profiling.profile(preview.stored.local_path(), preview.format)
    except profiling.Unreadable as error:
        previews.fail(preview, str(error))
    except Exception:  # our fault: it is tried again when its claim has lapsed
        log.exception("preview failed", sha256=preview.stored.sha256)
    else:
        previews.finish(preview, content)
    return True
