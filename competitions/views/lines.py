"""Lines of a board as they are printed, all on one axis."""

from dataclasses import dataclass
from statistics import quantiles

from competitions import leaderboard
from competitions.leaderboard import marks, medals
from competitions.models import Board, Competition, LeaderboardEntry, Score, Split, Team
from competitions.views import axis, drawings, wording
from podium.common import words

NAMES = 3  # members named in a line


@dataclass(frozen=True)
class Move:
    """How a rank changed: up, down or not; or that the line is new."""

    way: str  # up, down, same, new
    by: str = ""


@dataclass(frozen=True)
class Line:
    """One line of the board as it is printed."""

    entry: LeaderboardEntry
    name: str
    rank: str
    score: str
    members: str
    solo: str  # the user name of whoever plays alone
    place: float | None  # on the axis, in per cent; None: off to its left
    interval: dict | None  # {low, high: text; left, right: places}
    medal: str | None
    move: Move | None
    best_so_far: dict | None
    others: tuple[str, ...]  # scores by the other metrics
    public: str  # on the private board: the public score, and the gap to it
    gap: str
    is_mine: bool = False


class Printed:
    """Turns entries into lines, on one axis for the whole page.

    `rows` are neighbours on the board in its order, or have their ranks already.
    """

    def __init__(
        self,
        competition: Competition,
        rows: list[LeaderboardEntry],
        baselines: list[LeaderboardEntry],
        best: LeaderboardEntry | None,
        mine: LeaderboardEntry | None = None,
        *,
        board: Board | None = None,
        knows_names: bool = False,
    ):
        self.competition, self.mine, self.board = competition, mine, board
        self.knows_names = knows_names
        self.split = board.split if board else Split.PUBLIC
        if rows and hasattr(rows[0], "rank"):  # found by a search
            leaderboard.number([], mine)
        else:
            leaderboard.number(rows, mine)
        leaderboard.number(baselines)
        shown = [*rows, *baselines, *([mine] if mine else [])]
        self._read_more(shown)
        self.axis = self.baseline_at = None
        ends = [self.shown(entry) for entry in (best, *baselines[:1]) if entry]
        if ends:
            bounds = wording.metric_of(competition)["range"]
            values = ends + _lower_part([self.shown(entry) for entry in rows])
            self.axis = axis.make(values, competition.direction, bounds)
        if baselines:
            self.baseline_at = self.axis.place(self.shown(baselines[0]))

    def _read_more(self, entries) -> None:
        """What a whole board's lines have more than the few of the home page."""
        self.moved_since, self.before, self.by_metric = None, {}, {}
        self.public, self.other_metrics = {}, self.competition.metrics[1:]
        if self.board is None:
            self.other_metrics = []
            return
        if self.split == Split.PRIVATE:
            self._read_public(entries)
        elif self.competition.status == Competition.Status.OPEN:
            self.moved_since = marks.day_ago(self.board)
            if self.moved_since:
                self.before = marks.ranks_at(entries, self.moved_since)
        if self.other_metrics:
            self.by_metric = _scores(self.competition, self.split, entries)

    def _read_public(self, entries) -> None:
        found = LeaderboardEntry.objects.filter(
            team__in=[entry.team_id for entry in entries], split=Split.PUBLIC
        )
        self.public = {entry.team_id: entry for entry in found.with_rank()}
        public = {team: entry.rank for team, entry in self.public.items()}
        self.before = {entry.pk: public.get(entry.team_id) for entry in entries}

    def shown(self, entry) -> float:
        return leaderboard.shown_score(self.competition, entry.score)

    def lines(self, entries) -> list[Line]:
        return [self.line(entry) for entry in entries]

    def line(self, entry, *, is_mine: bool | None = None) -> Line:
        place = self.axis.place(self.shown(entry))
        rank = "–" if entry.rank is None else str(entry.rank)
        if is_mine is None:
            is_mine = self.mine is not None and entry.pk == self.mine.pk
        may_know = is_mine or self.knows_names
        hides = self.competition.anonymous and not may_know
        public = self.public.get(entry.team_id)
        return Line(
            entry=entry,
            name=leaderboard.name_of(self.competition, entry.team, may_know=may_know),
            rank=f"={rank}" if entry.is_shared else rank,
            score=wording.score_of(self.competition, entry.score),
            members="" if hides else _members(entry.team),
            solo="" if hides else _solo(entry.team),
            place=place if place >= 0 else None,
            interval=self._interval(entry),
            medal=self._medal(entry),
            move=self._move(entry),
            best_so_far=self._best_so_far(entry),
            others=self._others(entry),
            public=wording.score_of(self.competition, public and public.score),
            gap=self._gap(entry, public),
            is_mine=is_mine,
        )

    def _interval(self, entry) -> dict | None:
        if entry.interval_low is None:
            return None
        ends = [
            leaderboard.shown_score(self.competition, value)
            for value in (entry.interval_low, entry.interval_high)
        ]
        places = sorted(self.axis.place(value) for value in ends)
        return {
            "low": wording.score_of(self.competition, ends[0]),
            "high": wording.score_of(self.competition, ends[1]),
            "left": max(0.0, places[0]),
            "right": max(0.0, places[1]),
            "is_cut": places[0] < 0,
        }

    def _medal(self, entry) -> str | None:
        if self.board is None or not self.competition.medals or entry.is_baseline:
            return None
        return medals.zone_of(entry.rank, self.board.ranked)

    def _move(self, entry) -> Move | None:
        is_compared = self.moved_since or self.split == Split.PRIVATE
        if not is_compared or entry.is_baseline:
            return None
        before = self.before.get(entry.pk)
        if before is None:
            return Move("new")
        if before == entry.rank:
            return Move("same")
        way = "up" if before > entry.rank else "down"
        return Move(way, words.thousands(abs(before - entry.rank)))

    def _best_so_far(self, entry) -> dict | None:
        if self.board is None or self.split != Split.PUBLIC or entry.is_baseline:
            return None
        return drawings.best_so_far(
            self.competition, entry.history, entry.submission_count
        )

    def _others(self, entry) -> tuple[str, ...]:
        return tuple(
            wording.score_of(
                self.competition,
                self.by_metric.get(
                    (entry.submission_id, leaderboard.metric_name(spec))
                ),
            )
            for spec in self.other_metrics
        )

    def _gap(self, entry, public) -> str:
        if public is None:
            return "–"
        gap = self.shown(entry) - self.shown(public)
        text = words.score_text(abs(gap), self.competition.feedback_digits and 2)
        return f"{words.MINUS if gap < 0 else '+'}{text}"


def _scores(competition, split, entries) -> dict[tuple[int, str], float]:
    """Scores of the lines' submissions by all metrics."""
    found = Score.objects.filter(
        submission__in=[entry.submission_id for entry in entries],
        hidden_test_set=competition.hidden_test_set_id,
        split=split,
    )
    return {
        (pk, metric): value
        for pk, metric, value in found.values_list("submission_id", "metric", "value")
    }


def _lower_part(values: list[float]) -> list[float]:
    """Both quarter marks of a page: a few bad scores do not squeeze the others."""
    return quantiles(values, n=4) if len(values) > 3 else values


def _solo(team: Team) -> str:
    members = team.members.all()
    alone = len(members) == 1 and members[0].is_active
    return members[0].username if alone else ""


def _members(team: Team) -> str:
    """The first members' names; nothing where the team is called like its only one."""
    names = [member.username for member in team.members.all()]
    if names == [team.name] or not names:
        return ""
    if len(names) <= NAMES + 1:
        return ", ".join(names)
    return f"{', '.join(names[:NAMES])} and {len(names) - NAMES} more"
