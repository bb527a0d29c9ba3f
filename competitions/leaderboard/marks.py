"""Where lines stood before: ranks marked every six hours and kept for a day.

Pages say how a rank changed since a day ago from the marks of their own lines, so that
costs the same on a board of any size. Marking one reads all of it, in the background.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from competitions.leaderboard.standing import numbered
from competitions.models import Board, Competition, LeaderboardEntry, RankMark, Split

DAY = timedelta(days=1)
EVERY = timedelta(hours=6)
BATCH = 1_000


def day_ago(board: Board) -> datetime | None:
    """When the ranks were marked that pages compare with; None on the first day."""
    old = RankMark.objects.filter(board=board.pk, at__lte=timezone.now() - DAY)
    return old.order_by("-at").values_list("at", flat=True).first()


def ranks_at(entries: list[LeaderboardEntry], at: datetime) -> dict[int, int]:
    """The ranks that lines had at a moment when they were marked."""
    marks = RankMark.objects.filter(entry__in=[entry.pk for entry in entries], at=at)
    return dict(marks.values_list("entry", "rank"))


def mark_due(now: datetime | None = None) -> int:
    """Mark the public boards of open competitions whose newest mark is old."""
    now = now or timezone.now()
    boards = Board.objects.filter(
        split=Split.PUBLIC,
        ranked__gt=0,
        competition__in=Competition.objects.open(now).values("pk"),
    ).exclude(marked_at__gt=now - EVERY)
    found = list(boards)
    for board in found:
        mark(board, now)
    return len(found)


def mark(board: Board, at: datetime) -> None:
    """Write down all ranks of a board, and forget marks that no page reads any more."""
    entries = LeaderboardEntry.objects.filter(
        competition=board.competition_id, split=board.split, is_baseline=False
    )
    ordered = entries.order_by("sort_key", "achieved_at", "pk")
    ranks = [(entry.pk, entry.rank) for entry in numbered(ordered.only("sort_key"))]
    for start in range(0, len(ranks), BATCH):
        _write(board, at, ranks[start : start + BATCH])
    Board.objects.filter(pk=board.pk).update(marked_at=at)
    kept = day_ago(board)
    if kept:
        RankMark.objects.filter(board=board, at__lt=kept).delete()


@transaction.atomic
def _write(board: Board, at: datetime, ranks: list[tuple[int, int]]) -> None:
    """Some marks, of the lines that are still there: no line goes while it is held."""
    Competition.objects.select_for_update(no_key=True).get(pk=board.competition_id)
    there = set(
        LeaderboardEntry.objects.filter(pk__in=[pk for pk, _ in ranks]).values_list(
            "pk", flat=True
        )
    )
    RankMark.objects.bulk_create(
        RankMark(entry_id=pk, board=board, at=at, rank=rank)
        for pk, rank in ranks
        if pk in there
    )
