"""Blocks give the ranks that a sort of the whole board would give."""

import random
from bisect import bisect_left

import pytest
from django.utils import timezone

from competitions import leaderboard
from competitions.leaderboard import blocks
from competitions.models import Board, BoardBlock, LeaderboardEntry, Team
from tests.factories import make_competition, make_submission, make_team

pytestmark = [pytest.mark.django_db, pytest.mark.services]


@pytest.fixture
def small_blocks(monkeypatch):
    """Blocks of a few lines, so that small boards have many."""
    monkeypatch.setattr(blocks, "LARGEST", 8)
    monkeypatch.setattr(blocks, "FULL", 4)
    monkeypatch.setattr(blocks, "SMALL", 2)
    monkeypatch.setattr("competitions.leaderboard.standing.LARGEST", 8)


def counts_of(competition) -> list[tuple[float, int]]:
    rows = BoardBlock.objects.filter(competition=competition, split="public")
    return list(rows.order_by("lower").values_list("lower", "count"))


def ranks_of(competition) -> dict[int, int]:
    found = LeaderboardEntry.objects.filter(competition=competition, split="public")
    return dict(found.with_rank().values_list("pk", "rank"))


def sorted_ranks_of(competition) -> dict[int, int | None]:
    """What a sort of the whole board gives."""
    entries = list(
        LeaderboardEntry.objects.filter(competition=competition, split="public")
    )
    keys = sorted(entry.sort_key for entry in entries if not entry.is_baseline)
    return {
        entry.pk: None if entry.is_baseline else 1 + bisect_left(keys, entry.sort_key)
        for entry in entries
    }


def assert_cut_well(competition):
    """Each block counts its lines; only one of equal lines may be too large."""
    cut = counts_of(competition)
    keys = sorted(
        LeaderboardEntry.objects.filter(
            competition=competition, split="public", is_baseline=False
        ).values_list("sort_key", flat=True)
    )
    ends = [bisect_left(keys, lower) for lower, _ in cut[1:]] + [len(keys)]
    begins = [0, *ends[:-1]] if cut else []
    for begin, end, (_, count) in zip(begins, ends, cut, strict=False):
        assert end - begin == count
        assert count <= blocks.LARGEST or len(set(keys[begin:end])) == 1


class Moved:
    """A board whose lines are written and moved without running anything."""

    def __init__(self, competition):
        self.competition = competition
        self.submission = make_submission(make_team(competition, is_baseline=True))
        self.number = 0

    def put(self, key, entry=None):
        if entry is None:
            self.number += 1
            team = Team.objects.create(
                competition=self.competition, name=f"Line {self.number}"
            )
            entry = LeaderboardEntry(
                competition=self.competition,
                team=team,
                split="public",
                submission=self.submission,
                achieved_at=timezone.now(),
                last_at=timezone.now(),
                submission_count=1,
            )
        old, entry.sort_key, entry.score = entry.sort_key, key, key
        entry.save()
        blocks.move(self.competition, "public", old, key)
        return entry

    def take(self, entry):
        entry.delete()
        blocks.move(self.competition, "public", entry.sort_key, None)


class TestMove:
    @pytest.mark.parametrize("seed", range(4))
    @pytest.mark.parametrize("kinds", [3, 12, 1000], ids="{} kinds of key".format)
    def test_keeps_the_ranks_of_a_sort(self, small_blocks, seed, kinds):
        chance = random.Random(seed)
        board = Moved(make_competition())
        entries = []
        for step in range(120):
            what = chance.random()
            key = float(chance.randrange(kinds))
            if what < 0.5 or not entries:
                entries.append(board.put(key))
            elif what < 0.8:
                board.put(key, chance.choice(entries))
            else:
                board.take(entries.pop(chance.randrange(len(entries))))
            if step % 20 == 19:
                assert ranks_of(board.competition) == sorted_ranks_of(board.competition)
                assert_cut_well(board.competition)

    def test_gives_heavy_ties_a_block_of_their_own(self, small_blocks):
        board = Moved(make_competition())
        for _ in range(30):
            board.put(5.0)
        for key in (1.0, 2.0, 9.0, 8.0):
            board.put(key)

        assert (5.0, 30) in counts_of(board.competition)
        assert ranks_of(board.competition) == sorted_ranks_of(board.competition)

    def test_joins_what_has_become_small(self, small_blocks):
        board = Moved(make_competition())
        entries = [board.put(float(number)) for number in range(40)]
        assert len(counts_of(board.competition)) > 4

        for entry in entries[3:]:
            board.take(entry)

        assert len(counts_of(board.competition)) <= 2


class TestCut:
    def test_is_what_rebuilding_makes_and_ranks_alike(self, small_blocks):
        chance = random.Random(1)
        board = Moved(make_competition())
        for _ in range(60):
            board.put(float(chance.randrange(12)))
        moved = ranks_of(board.competition)

        leaderboard.rebuild(board.competition, "public")

        assert ranks_of(board.competition) == moved
        assert_cut_well(board.competition)
        whole = Board.objects.get(competition=board.competition, split="public")
        assert whole.ranked == 60

    def test_begins_below_any_key(self):
        assert list(blocks.cut([])) == []
        assert list(blocks.cut([3.0, 3.0, 4.0])) == [(blocks.LOWEST, 3)]


class TestNumber:
    @pytest.mark.parametrize("start", [0, 3, 17, 35, 55])
    def test_numbers_any_page(self, small_blocks, start):
        chance = random.Random(start)
        board = Moved(make_competition())
        for _ in range(60):
            board.put(float(chance.randrange(25)))
        expected = sorted_ranks_of(board.competition)
        entries = leaderboard.entries(board.competition, "public")

        rows = list(entries[start : start + 10])
        other = entries.last()
        leaderboard.number(rows, other)

        shared = list(expected.values())
        for entry in (*rows, other):
            assert entry.rank == expected[entry.pk]
            assert entry.is_shared == (shared.count(entry.rank) > 1)

    def test_finds_the_line_at_a_rank(self, small_blocks):
        chance = random.Random(3)
        board = Moved(make_competition())
        for _ in range(50):
            board.put(float(chance.choice([1, 2, 2, 2, 3, 4, 5, 6, 7, 8])))
        expected = sorted_ranks_of(board.competition)
        ranks = sorted(expected.values())

        for rank in range(1, 53):
            found = leaderboard.entry_at_rank(board.competition, "public", rank)
            wanted = next((each for each in ranks if each >= rank), None)
            assert (found and expected[found.pk]) == wanted
