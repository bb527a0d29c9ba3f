"""How long outputs are kept: what counts for ever, older ones as the operator sets.

Kept for ever are the outputs of what a team has chosen or would count without a choice,
of what stands on a board, of each team's last 20 submissions, and of baselines.
"""

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from competitions import leaderboard
from competitions.models import (
    Competition,
    LeaderboardEntry,
    Predictions,
    Replicates,
    Submission,
)
from podium.datasets import keeping

log = structlog.get_logger(__name__)

LAST = 20  # submissions of each team
AT_ONCE = 200


def forget_outputs(now: datetime | None = None) -> int:
    """Delete outputs that are older than PODIUM_KEEP_OUTPUTS_DAYS; return how many."""
    if not settings.KEEP_OUTPUTS_DAYS:
        return 0
    before = (now or timezone.now()) - timedelta(days=settings.KEEP_OUTPUTS_DAYS)
    on_board = LeaderboardEntry.objects.filter(submission=OuterRef("submission"))
    old = (
        Predictions.objects.filter(
            ~Exists(on_board),
            created_at__lt=before,
            submission__selected=False,
            submission__team__is_baseline=False,
            submission__number__lte=F("submission__team__submission_count") - LAST,
        )
        .select_related("submission")
        .order_by("pk")
    )
    count, after = 0, 0
    while rows := list(old.filter(pk__gt=after)[:AT_ONCE]):
        after = rows[-1].pk
        count += sum(_forget(row) for row in rows)
    if count:
        log.info("outputs forgotten", count=count)
    return count


def _forget(row: Predictions) -> bool:
    """Delete one output and what was reckoned of it, unless it counts by now."""
    submission = row.submission
    with transaction.atomic():
        competition = Competition.objects.select_for_update(no_key=True).get(
            pk=submission.competition_id
        )
        scored = Submission.objects.filter(
            team=submission.team_id, status="scored", is_late=False
        )
        counts = leaderboard.counting(competition, scored)
        if submission.pk in counts or _stands(submission):
            return False
        Replicates.objects.filter(submission=submission).delete()
        row.delete()
    keeping.reclaim({row.stored_id})
    return True


def _stands(submission: Submission) -> bool:
    return LeaderboardEntry.objects.filter(submission=submission).exists()
