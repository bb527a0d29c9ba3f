"""The blocks of a board: how many ranked lines lie in each range of keys.

A block is split when it grows past `LARGEST` lines and joined with a neighbour when it
shrinks. Both happen at keys, so equal scores never lie in two blocks; more equal scores
than a block should hold have one of their own, in which nobody counts.
"""

import sys
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import groupby

from competitions.models import BoardBlock, Competition, LeaderboardEntry

LARGEST = 512  # lines in a block, unless all of them are equal
FULL = LARGEST // 2  # lines in a block that is made
SMALL = LARGEST // 8  # below this it joins a neighbour, if both together are not full
LOWEST = -sys.float_info.max  # where the first block begins


def move(
    competition: Competition, split: str, old: float | None, new: float | None
) -> None:
    """Count a ranked line that went from one key to another; None is off the board.

    The line is stored by now, and the caller's transaction holds the competition's
    row: two changes of one block at once would lose one of them.
    """
    if old == new:
        return
    board = Blocks(competition, split)
    # In this order: cutting a block reads its lines, where the old key is no more.
    if old is not None:
        board.take(old)
    if new is not None:
        board.add(new)


def cut(keys: Iterable[float]) -> Iterator[tuple[float, int]]:
    """The blocks of a whole board, as (lower, count), from its keys in order."""
    lower, count = LOWEST, 0
    for key, equal in groupby(keys):
        here = sum(1 for _ in equal)
        if count and (count >= FULL or count + here > LARGEST):
            yield lower, count
            lower, count = key, 0
        count += here
    if count:
        yield lower, count


class Blocks:
    """The blocks of one board, for changes."""

    def __init__(self, competition: Competition, split: str):
        self.of_board = {"competition": competition, "split": split}
        self.rows = BoardBlock.objects.filter(**self.of_board)
        self.ranked = LeaderboardEntry.objects.filter(
            **self.of_board, is_baseline=False
        )

    def add(self, key: float) -> None:
        block = self._of(key)
        if block is None:
            self._make(LOWEST, 1)
            return
        self._recount(block, block.count + 1)
        while block and block.count > LARGEST:
            block = self._split(block)

    def take(self, key: float) -> None:
        block = self._of(key)
        self._recount(block, block.count - 1)
        if block.count < SMALL:
            self._join(block)

    def _of(self, key: float) -> BoardBlock | None:
        return self.rows.filter(lower__lte=key).order_by("-lower").first()

    def _after(self, block: BoardBlock) -> BoardBlock | None:
        return self.rows.filter(lower__gt=block.lower).order_by("lower").first()

    def _split(self, block: BoardBlock) -> BoardBlock | None:
        """Cut a block near its middle; return its upper part, None if none can be.

        It reads about as many lines as a block holds, however many are equal.
        """
        inside = self.ranked.filter(sort_key__gte=block.lower).order_by("sort_key")
        if after := self._after(block):
            inside = inside.filter(sort_key__lt=after.lower)
        keys = list(inside.values_list("sort_key", flat=True)[: LARGEST + 1])
        at = keys[FULL]
        below = bisect_left(keys, at)
        if not below:  # the first key fills the block: cut behind it
            behind = inside.filter(sort_key__gt=at)
            at = behind.values_list("sort_key", flat=True).first()
            if at is None:
                return None
            below = block.count - behind.count()
        upper = self._make(at, block.count - below)
        self._recount(block, below)
        return upper

    def _join(self, block: BoardBlock) -> None:
        """Put a small block together with a neighbour that has room for it."""
        before = self.rows.filter(lower__lt=block.lower).order_by("-lower").first()
        for first, second in ((before, block), (block, self._after(block))):
            if first and second and first.count + second.count <= FULL:
                second.delete()
                self._recount(first, first.count + second.count)
                return

    def _make(self, lower: float, count: int) -> BoardBlock:
        return BoardBlock.objects.create(**self.of_board, lower=lower, count=count)

    def _recount(self, block: BoardBlock, count: int) -> None:
        block.count = count
        block.save(update_fields=["count"])
