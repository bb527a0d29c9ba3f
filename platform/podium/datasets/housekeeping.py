"""What is done for datasets every so often, whatever messages were lost."""

import time
from pathlib import Path

import structlog
from django.conf import settings

from podium.datasets import actors, previews, services
from podium.datasets.models import Dataset
from podium.datasets.uploads import PREFIX

log = structlog.get_logger(__name__)

LEFTOVER_S = 24 * 3600  # an upload that takes longer has broken off


def catch_up() -> None:
    """Reckon previews for which no message came."""
    if previews.waiting().exists():
        actors.wake()


def tidy() -> None:
    """Delete what killed processes left of uploads, and count anew who uses what."""
    oldest = time.time() - LEFTOVER_S
    for path in Path(settings.FILE_UPLOAD_TEMP_DIR).glob(f"{PREFIX}*"):
        try:
            if path.stat().st_mtime < oldest:
                path.unlink()
        except FileNotFoundError:  # its upload has just ended
            continue
    for dataset in Dataset.objects.only("pk").iterator(chunk_size=500):
        services.recount_uses(dataset)
