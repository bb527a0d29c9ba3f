"""What is done for datasets every so often, whatever messages were lost."""

import time
from datetime import timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.utils import timezone

from podium.datasets import actors, keeping, previews, services
from podium.datasets.models import Dataset
from podium.datasets.uploads import PREFIX

log = structlog.get_logger(__name__)

LEFTOVER_S = 24 * 3600  # an upload that takes longer has broken off


def catch_up() -> None:
    """Reckon previews for which no message came."""
    if previews.waiting().exists():
        actors.wake()


def tidy() -> None:
    """Delete left-over uploads and unused files, and count anew who uses what."""
    oldest = time.time() - LEFTOVER_S
    for path in Path(settings.FILE_UPLOAD_TEMP_DIR).glob(f"{PREFIX}*"):
        try:
            if path.stat().st_mtime < oldest:
                path.unlink()
        except FileNotFoundError:  # its upload has just ended
            continue
    unused_since = timezone.now() - timedelta(seconds=LEFTOVER_S)
    if freed := keeping.reclaim_unused(before=unused_since):
        log.info("unused files deleted", count=freed)
    for dataset in Dataset.objects.only("pk").iterator(chunk_size=500):
        services.recount_uses(dataset)
