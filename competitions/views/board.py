"""The public leaderboard."""

from dataclasses import dataclass
from statistics import quantiles

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from competitions import leaderboard
from competitions.models import Competition, LeaderboardEntry, Split, Team
from competitions.views import axis, wording
from competitions.views.frame import find, frame
from podium.common.lists import query_without_cursor
from podium.common.paging import Cursor, Page, position_of, read_page

PAGE = 50
BASELINES = 20
NAMES = 3  # members named in a line
ORDER = ("sort_key", "achieved_at", "pk")


@dataclass(frozen=True)
class Line:
    """One line of the board as it is printed."""

    entry: LeaderboardEntry
    rank: str
    score: str
    members: str
    solo: str  # the user name of whoever plays alone
    place: float | None  # on the axis, in per cent; None: off to its left
    is_mine: bool


@require_safe
def board(request, slug):
    """Who stands where, by public score; one's own line is always on the page."""
    competition = find(request, slug)
    context = frame(request, competition, "leaderboard")
    entries = leaderboard.entries(competition, Split.PUBLIC)
    ranked = entries.filter(is_baseline=False)
    baselines = list(entries.filter(is_baseline=True)[:BASELINES])
    mine = ranked.filter(team=context["team"]).first() if context["team"] else None
    query = request.GET.get("q", "").strip()
    page = _page(request, competition, _found(ranked, query), mine)
    printed = Printed(competition, page.rows, baselines, ranked.first(), mine)
    on_page = mine is not None and mine in page.rows
    context |= {
        "lines": printed.lines(page.rows),
        "mine": printed.line(mine) if mine and not on_page else None,
        "has_mine": mine is not None,
        "baselines": printed.lines(baselines),
        "axis": printed.axis,
        "baseline_at": printed.baseline_at,
        "page": _links(page),
        "q": query,
        "query": query_without_cursor(request),
    }
    return render(request, "competitions/leaderboard.html", context)


def _found(ranked: QuerySet, query: str) -> QuerySet:
    """Lines of teams that are called so, or have a member who is."""
    if not query:
        return ranked
    with_member = Team.members.through.objects.filter(
        user__username__icontains=query
    ).values("team")
    found = Q(team__name__icontains=query) | Q(team__in=with_member)
    return ranked.filter(found).with_rank().with_sharing()


def _page(request, competition, ranked: QuerySet, mine) -> Page:
    """The page asked for.

    The address names a line, not its score: a score may be finer than the host lets
    participants read it.
    """
    cursor = Cursor()
    direction, _, pk = request.GET.get("cursor", "").partition("-")
    if pk:
        cursor = _beyond(competition, direction, pk)
    elif request.GET.get("around") == "me" and mine:
        before = read_page(
            ranked, ORDER, Cursor(position_of(mine, ORDER), reverse=True), PAGE // 2
        )
        cursor = Cursor.at(before.rows[0], ORDER) if before.rows else cursor
    return read_page(ranked, ORDER, cursor, PAGE)


def _beyond(competition: Competition, direction: str, pk: str) -> Cursor:
    entry = None
    if direction in ("after", "before") and pk.isdecimal() and len(pk) < 19:
        entry = LeaderboardEntry.objects.filter(
            competition=competition, split=Split.PUBLIC, pk=pk
        ).first()
    if entry is None:
        raise Http404("This page of the board is gone: start at the first one.")
    return Cursor(position_of(entry, ORDER), reverse=direction == "before")


def _links(page: Page) -> dict:
    """The cursors of the pages on both sides."""
    rows = page.rows
    return {
        "next": f"after-{rows[-1].pk}" if rows and page.next else None,
        "previous": f"before-{rows[0].pk}" if rows and page.previous else None,
        "first_rank": rows[0].rank if rows else None,
        "last_rank": rows[-1].rank if rows else None,
    }


class Printed:
    """Turns entries into lines, on one axis for the whole page."""

    def __init__(self, competition, rows, baselines, best, mine=None):
        self.competition = competition
        self.mine = mine
        if not all(hasattr(entry, "rank") for entry in rows):  # not found by search
            leaderboard.number(rows, mine)
        elif mine:
            leaderboard.number([], mine)
        leaderboard.number(baselines)
        self.axis = self.baseline_at = None
        shown = [self.shown(entry) for entry in (best, *baselines[:1]) if entry]
        if shown:
            bounds = wording.metric_of(competition)["range"]
            values = shown + _lower_part([self.shown(entry) for entry in rows])
            self.axis = axis.make(values, competition.direction, bounds)
        if baselines:
            self.baseline_at = self.axis.place(self.shown(baselines[0]))

    def shown(self, entry) -> float:
        return leaderboard.shown_score(self.competition, entry.score)

    def lines(self, entries) -> list[Line]:
        return [self.line(entry) for entry in entries]

    def line(self, entry) -> Line:
        place = self.axis.place(self.shown(entry))
        rank = "–" if entry.rank is None else str(entry.rank)
        return Line(
            entry=entry,
            rank=f"={rank}" if entry.is_shared else rank,
            score=wording.score_of(self.competition, entry.score),
            members=_members(entry.team),
            solo=_solo(entry.team),
            place=place if place >= 0 else None,
            is_mine=self.mine is not None and entry.pk == self.mine.pk,
        )


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
