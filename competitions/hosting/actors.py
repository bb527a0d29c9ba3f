"""What the housekeeper does for hosts: drafts, launch checks, similarity reports.

A message says only that something waits; the rows say what. The queue is that of the
previews, so that nothing here delays a submission.
"""

import dramatiq
import structlog

from competitions import similarity
from competitions.hosting import making, reports
from competitions.launch import running
from competitions.models import HostReport
from podium.datasets.actors import QUEUE

log = structlog.get_logger(__name__)

_STALE_MS = 60_000  # a wake that nobody took: the housekeeper looks by itself
_REPORTS = {
    HostReport.Kind.LAUNCH: running.check,
    HostReport.Kind.SIMILARITY: similarity.compare,
}


@dramatiq.actor(queue_name=QUEUE, max_age=_STALE_MS)
def serve_hosts():
    """Do the next thing that a host waits for. Running it twice is safe."""
    if work_next():
        catch_up()


def wake() -> None:
    """Tell the housekeeper that hosts wait; a broker that is away costs time."""
    try:
        serve_hosts.send()
    except Exception as error:  # the housekeeper looks by itself every so often
        log.warning("no housekeeper woken", error=str(error) or type(error).__name__)


def catch_up() -> None:
    """Wake the housekeeper for what no message came for."""
    if making.waiting().exists() or reports.waiting().exists():
        wake()


def work_next() -> bool:
    """Make one draft or one report; False where nothing waits."""
    return making.work_next() or _report_next()


def _report_next() -> bool:
    report = reports.claim_next()
    if report is None:
        return False
    try:
        content = _REPORTS[report.kind](report.competition)
    except running.Unfinished as told:
        reports.fail(report, str(told))
    except Exception:  # our fault: it is tried again when its claim has lapsed
        log.exception("report failed", report=report.pk, kind=report.kind)
    else:
        reports.finish(report, content)
    return True
