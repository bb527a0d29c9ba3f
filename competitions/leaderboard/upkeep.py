"""What the housekeeper does for boards: marks of ranks, and the spread of scores."""

from django.db.models import F, Q

from competitions.leaderboard import distribution, marks
from competitions.models import Board, Competition

BOARDS = 20  # in one go: the housekeeper has more to do


def catch_up() -> None:
    """Bring up to date what is reckoned of whole boards; running it twice is safe."""
    marks.mark_due()
    changed = Board.objects.filter(ranked__gt=distribution.FEW).filter(
        Q(summed_up=None) | Q(summed_up__lt=F("changes"))
    )
    for board in changed[:BOARDS]:
        sum_up(board)


def sum_up(board: Board) -> None:
    """Count the scores of a board anew."""
    competition = Competition.objects.get(pk=board.competition_id)
    made = distribution.make(competition, board.split)
    # As of the changes that were read before it: a newer one makes it due again.
    Board.objects.filter(pk=board.pk).update(
        distribution=made, summed_up=board.changes
    )
