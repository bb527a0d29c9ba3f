"""The scheduler: sweeps the queue every few seconds, and tells people things."""

import signal
import threading

import structlog
from django.core.management.base import BaseCommand
from django.db import close_old_connections

from competitions import news
from competitions.sweep import sweep, tidy
from podium.notices import mail

log = structlog.get_logger(__name__)

EVERY_S = 2.0
TELL_EVERY_S = 5.0
TIDY_EVERY_S = 3600.0


class Command(BaseCommand):
    help = "Take back what dead workers held, wake idle ones, and send notices."

    def add_arguments(self, parser):
        parser.add_argument("--workers", type=int, default=1)

    def handle(self, *, workers, **options):
        told = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: told.set())
        # Apart from the sweep: a mail server that hangs must not hold the queue up.
        for every_s, deed in ((TELL_EVERY_S, tell), (TIDY_EVERY_S, tidy)):
            threading.Thread(
                target=_again_and_again,
                args=[told, every_s, deed],
                name=deed.__name__,
                daemon=True,
            ).start()
        _again_and_again(told, EVERY_S, lambda: sweep(workers))


def tell() -> None:
    """What time alone brings about becomes notices, and notices become mails."""
    news.announce()
    mail.deliver()


def _again_and_again(told: threading.Event, every_s: float, deed) -> None:
    while not told.wait(every_s):
        close_old_connections()
        try:
            deed()
        except Exception:  # the database is away: try again
            log.exception("sweep failed")
