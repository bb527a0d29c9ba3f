"""How the scores of a board are spread: a histogram, kept with the board."""

from bisect import bisect_right

import numpy as np

from competitions.models import Board, Competition, LeaderboardEntry

BINS = 24
FEW = 1_000  # lines that a page may read itself
LEFT_OUT = 0.05  # of the worst scores stand together in the first bar


def distribution_of(competition: Competition, board: Board) -> dict | None:
    """The histogram of a board: `edges`, from the worst on, and `counts` between them.

    Of a large board it is the one that the housekeeper made last; None before.
    """
    if board.ranked <= FEW:
        return make(competition, board.split)
    return board.distribution


def make(competition: Competition, split: str) -> dict | None:
    """Count the scores of a whole board."""
    entries = LeaderboardEntry.objects.filter(
        competition=competition, split=split, is_baseline=False
    )
    keys = np.fromiter(
        entries.values_list("sort_key", flat=True).iterator(), dtype=float
    )
    if len(keys) < 5:
        return None
    best, worst = keys.min(), np.quantile(keys, 1 - LEFT_OUT)
    if best == worst:
        return None
    counts, edges = np.histogram(np.minimum(keys, worst), BINS, (best, worst))
    return {"edges": edges[::-1].tolist(), "counts": counts[::-1].tolist()}


def place_in(distribution: dict, key: float) -> int:
    """In which of the bars a key is counted."""
    edges = [-edge for edge in distribution["edges"]]
    return min(BINS - 1, max(0, bisect_right(edges, -key) - 1))
