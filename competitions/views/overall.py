"""What is drawn of a whole board: the spread of its scores, and the shake-up."""

from statistics import median

from competitions import leaderboard
from competitions.leaderboard import distribution
from competitions.models import Board, Competition, LeaderboardEntry, Split
from competitions.views import drawings, sheet, wording

SHAKEN = 24  # teams of the shake-up
metric_of = wording.metric_of


def of(
    competition: Competition,
    board: Board,
    mine: LeaderboardEntry | None,
    *,
    knows_names: bool,
) -> dict:
    """The drawings of a board; the shake-up belongs to the private one."""
    spread = sheet.kept(
        sheet.key_of(competition, board, "spread"),
        lambda: distribution.distribution_of(competition, board),
    )
    found = {"spread": _spread(competition, spread, mine) if spread else None}
    if board.split == Split.PRIVATE:
        found["shake_up"] = sheet.kept(
            sheet.key_of(
                competition, board, "shake-up", knows_names, mine and mine.team_id
            ),
            lambda: _shake_up(competition, mine, knows_names),
        )
    return found


def _spread(competition, spread: dict, mine) -> dict:
    place = None
    if mine is not None:
        place = distribution.place_in(spread, mine.sort_key)
    ends = [_score_at(competition, spread["edges"][at]) for at in (0, -1)]
    return {
        "bars": drawings.bars(spread["counts"], place),
        "worst": ends[0],
        "best": ends[1],
        "has_mine": place is not None,
        "tallest": max(spread["counts"]),
    }


def _score_at(competition, key: float) -> str:
    sign = -1 if competition.direction == "maximize" else 1
    return wording.score_of(competition, sign * key)


def _shake_up(competition, mine, knows_names) -> dict | None:
    """The first teams of the private board, and where they stood on the public one."""
    ranked = leaderboard.entries(competition, Split.PRIVATE).filter(is_baseline=False)
    entries = list(ranked.prefetch_related(None)[:SHAKEN])
    leaderboard.number(entries)
    public = LeaderboardEntry.objects.filter(
        team__in=[entry.team_id for entry in entries], split=Split.PUBLIC
    )
    before = {entry.team_id: entry for entry in public.with_rank()}
    lines = [
        _way(competition, entry, before[entry.team_id], mine, knows_names)
        for entry in entries
        if entry.team_id in before
    ]
    if len(lines) < 2:
        return None
    shifts = [abs(line["before"] - line["after"]) for line in lines]
    marked = max(2, round(2 * median(shifts)))
    return {
        "slopes": drawings.slopes(lines, marked),
        "height": drawings.FIRST + drawings.STEP * len(lines),
        "marked": marked,
        "median": f"{median(shifts):g}",
        "largest_fall": min(line["before"] - line["after"] for line in lines),
        "largest_rise": max(line["before"] - line["after"] for line in lines),
        "count": len(lines),
    }


def _way(competition, entry, public, mine, knows_names) -> dict:
    is_mine = mine is not None and entry.team_id == mine.team_id
    may_know = is_mine or knows_names
    name = leaderboard.name_of(competition, entry.team, may_know=may_know)
    return {
        "pk": entry.pk,
        "name": name if len(name) <= 16 else f"{name[:15]}…",
        "before": public.rank,
        "after": entry.rank,
        "is_mine": is_mine,
        "public": wording.score_of(competition, public.score),
        "private": wording.score_of(competition, entry.score),
    }
