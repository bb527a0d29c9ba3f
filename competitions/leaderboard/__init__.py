"""Who stands where, with ties, on which split; kept on write, so pages only read.

A board of any size is read and written in the same time: its ranks come from the
counts of blocks of lines (`blocks`), never from a sort or a count of the whole.
"""

from competitions.leaderboard.names import name_of
from competitions.leaderboard.scores import metric_name, shown_score, sort_key
from competitions.leaderboard.standing import (
    board_of,
    entries,
    entry_at_rank,
    is_public,
    number,
    numbered,
)
from competitions.leaderboard.updating import counting, rebuild, thinned, update_team

__all__ = [
    "board_of",
    "counting",
    "entries",
    "entry_at_rank",
    "is_public",
    "metric_name",
    "name_of",
    "number",
    "numbered",
    "rebuild",
    "shown_score",
    "sort_key",
    "thinned",
    "update_team",
]
