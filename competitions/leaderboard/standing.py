"""Reading a board: its lines in order, their ranks, and the line at a rank."""

from collections.abc import Iterable, Iterator

from django.db.models import Prefetch, QuerySet

from competitions.leaderboard.blocks import LARGEST
from competitions.models import (
    Board,
    BoardBlock,
    Competition,
    LeaderboardEntry,
    Split,
)
from podium.accounts.models import User

Status = Competition.Status
_NAMED = User.objects.only("username", "is_active")  # what a line tells of members


def entries(competition: Competition, split: str) -> QuerySet[LeaderboardEntry]:
    """The board of one split in its order; equal scores stand by time.

    Ranks are not among it: `number` gives them to a page, `with_rank` to a few lines.
    """
    return (
        LeaderboardEntry.objects.filter(competition=competition, split=split)
        .select_related("team")
        .prefetch_related(Prefetch("team__members", _NAMED))
        .order_by("sort_key", "achieved_at", "pk")
    )


def is_public(competition: Competition, split: str) -> bool:
    """Whether participants may read a board: the private one from the close on."""
    if split == Split.PRIVATE:
        hidden = competition.hidden_test_set
        over = competition.status in (Status.CLOSED, Status.FINALISED)
        return bool(over and hidden and hidden.private_rows)
    return split == Split.PUBLIC


def board_of(competition: Competition, split: str) -> Board:
    """The board as a whole; an unsaved one where nothing has stood on it yet."""
    found = Board.objects.filter(competition=competition, split=split).first()
    return found or Board(competition=competition, split=split)


def number(rows: list[LeaderboardEntry], *others: LeaderboardEntry | None) -> None:
    """Give `rank` and `is_shared` to neighbouring lines of one board, and to others.

    One query: the first key and the one that follows it are ranked by the blocks, and
    the lines that come after are counted.
    """
    ranked = [entry for entry in rows if not entry.is_baseline]
    follows = next(
        (at for at, e in enumerate(ranked) if e.sort_key != ranked[0].sort_key), None
    )
    asked = {entry.pk for entry in others if entry}
    asked |= {entry.pk for entry in (*ranked[:1], *ranked[-1:])}
    if follows is not None:
        asked.add(ranked[follows].pk)
    found = {}
    if asked:
        known = LeaderboardEntry.objects.filter(pk__in=asked).with_rank().with_sharing()
        known = known.values_list("pk", "rank", "is_shared")
        found = {pk: told for pk, *told in known}
    _count_on(ranked, follows, found)
    for entry in others:
        if entry:
            entry.rank, entry.is_shared = found[entry.pk]
    _unranked(rows)


def _unranked(rows) -> None:
    for entry in rows:
        if entry.is_baseline:
            entry.rank, entry.is_shared = None, False


def numbered(rows: Iterable[LeaderboardEntry]) -> Iterator[LeaderboardEntry]:
    """The lines of a whole board in order, each with its `rank`."""
    rank = teams = 0
    last = None
    for entry in rows:
        entry.rank = None
        if not entry.is_baseline:
            teams += 1
            if entry.sort_key != last:
                rank, last = teams, entry.sort_key
            entry.rank = rank
        yield entry


def _count_on(ranked, follows, found) -> None:
    for at, entry in enumerate(ranked):
        before = ranked[at - 1] if at else None
        if entry.pk in found:
            entry.rank = found[entry.pk][0]
        elif entry.sort_key == before.sort_key:
            entry.rank = before.rank
        else:
            entry.rank = ranked[follows].rank + at - follows
        beside = (before, ranked[at + 1] if at + 1 < len(ranked) else None)
        entry.is_shared = any(e and e.sort_key == entry.sort_key for e in beside)
        if entry.pk in found:
            entry.is_shared |= found[entry.pk][1]


def entry_at_rank(
    competition: Competition, split: str, rank: int
) -> LeaderboardEntry | None:
    """The first line that has a rank, or the next one below it."""
    ranked = entries(competition, split).filter(is_baseline=False)
    blocks = BoardBlock.objects.filter(competition=competition, split=split)
    before = 0
    for lower, count in blocks.order_by("lower").values_list("lower", "count"):
        if before + count >= rank:
            return _inside(ranked.filter(sort_key__gte=lower), rank - before - 1, count)
        before += count
    return None


def _inside(ranked, offset: int, count: int) -> LeaderboardEntry | None:
    """The line at an offset in a block, unless it shares the rank of one before it."""
    if count > LARGEST:  # all of them are equal
        here = ranked.first()
        return here if not offset else ranked.filter(sort_key__gt=here.sort_key).first()
    around = ranked[max(0, offset - 1) : offset + 1]
    *before, here = around
    if before and before[0].sort_key == here.sort_key:
        return ranked.filter(sort_key__gt=here.sort_key).first()
    return here
