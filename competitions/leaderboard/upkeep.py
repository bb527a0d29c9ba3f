"""What the housekeeper does for boards: marks of ranks, and the spread of scores."""

import structlog
from django.db.models import F, Q
from django.utils import timezone

from competitions.leaderboard import certainty, distribution, marks
from competitions.models import Board, Competition, Split

log = structlog.get_logger(__name__)

BOARDS = 20  # in one go: the housekeeper has more to do


def catch_up() -> None:
    """Bring up to date what is reckoned of whole boards; running it twice is safe."""
    marks.mark_due()
    changed = Board.objects.filter(ranked__gt=distribution.FEW).filter(
        Q(summed_up=None) | Q(summed_up__lt=F("changes"))
    )
    for board in changed[:BOARDS]:
        sum_up(board)
    _measure_one()


def _measure_one() -> None:
    """Resample for the board that was measured longest ago, a bounded piece at a time.

    Boards that nobody may read yet have their turn too: they are ready at the close.
    """
    changed = Board.objects.filter(
        Q(measured=None) | Q(measured__lt=F("changes")),
        split__in=(Split.PUBLIC, Split.PRIVATE),
        ranked__gt=0,
        competition__hidden_test_set__isnull=False,
    )
    board = changed.order_by(F("measured_at").asc(nulls_first=True), "pk").first()
    if board is None:
        return
    Board.objects.filter(pk=board.pk).update(measured_at=timezone.now())
    try:
        certainty.measure(board)
    except Exception:  # one board's fault must not stop the others
        log.exception("board not measured", board=board.pk)
        Board.objects.filter(pk=board.pk).update(measured=board.changes)


def sum_up(board: Board) -> None:
    """Count the scores of a board anew."""
    competition = Competition.objects.get(pk=board.competition_id)
    made = distribution.make(competition, board.split)
    # As of the changes that were read before it: a newer one makes it due again.
    Board.objects.filter(pk=board.pk).update(distribution=made, summed_up=board.changes)
