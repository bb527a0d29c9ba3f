"""A page of a board, rendered once and kept for a moment: most readers see the same.

It is kept by the number of changes that the board has seen, so a new score is on the
next page that anybody asks for; a team's new name, or "3 min ago", within `FRESH_S`.
"""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from competitions import leaderboard
from competitions.models import Board, Competition, LeaderboardEntry
from competitions.views import wording
from competitions.views.lines import Line, Printed
from podium.common.paging import Cursor, Page, read_page

PAGE = 50
BASELINES = 20
ORDER = ("sort_key", "achieved_at", "pk")
FRESH_S = 10
KEPT = 128  # sheets; some 10 MB in all

_kept: OrderedDict = OrderedDict()
_lock = threading.Lock()


@dataclass
class Sheet:
    """A page's lines, in tiers, with all that is printed around them."""

    competition: Competition
    printed: Printed
    tiers: list[dict]  # {number, first, last, lines}; number None: not known
    baselines: list[Line]
    links: dict
    count: int  # of lines
    html: dict = field(default_factory=dict)  # by what it is rendered for

    def body(self, mine: int | None) -> SafeString:
        """The lines as markup; the reader's own one is marked."""
        own = mine if any(line.entry.pk == mine for line in self.lines) else None
        if own not in self.html:
            context = self.context | {"own": own}
            if own and self.competition.anonymous:
                context["tiers"] = self._with_own_name(own)
            self.html[own] = mark_safe(
                render_to_string("competitions/_board_body.html", context)
            )
        return self.html[own]

    def _with_own_name(self, own: int) -> list[dict]:
        """The lines as their own team reads them: it knows its name."""

        def known(line):
            if line.entry.pk != own:
                return line
            return self.printed.line(line.entry, is_mine=True)

        return [
            tier | {"lines": [known(line) for line in tier["lines"]]}
            for tier in self.tiers
        ]

    @property
    def lines(self) -> list[Line]:
        return [line for tier in self.tiers for line in tier["lines"]]

    @property
    def context(self) -> dict:
        """What a line's template reads beside the line."""
        return {
            "tiers": self.tiers,
            "baselines": self.baselines,
            "baseline_at": self.printed.baseline_at,
            "has_moves": bool(self.printed.moved_since) or self.is_private,
            "is_private": self.is_private,
            "is_provisional": self.competition.status == Competition.Status.OPEN,
            "has_history": not self.is_private,
            "width": self.width,
        }

    @property
    def is_private(self) -> bool:
        return self.printed.split == "private"

    @property
    def width(self) -> int:
        """How many columns the table has."""
        moves = bool(self.printed.moved_since) or self.is_private
        last = 2 if self.is_private else 3
        return 4 + moves + len(self.printed.other_metrics) + last

    @property
    def other_titles(self) -> list[str]:
        return [
            wording.metric_words(spec)["title"] for spec in self.printed.other_metrics
        ]


def kept(key: tuple, make):
    """What was made for a key a moment ago, else made now."""
    now = time.monotonic()
    with _lock:
        found = _kept.get(key)
        if found and now - found[0] < FRESH_S:
            _kept.move_to_end(key)
            return found[1]
    made = make()
    with _lock:
        _kept[key] = now, made
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return made


def forget() -> None:
    """Keep nothing."""
    with _lock:
        _kept.clear()


def key_of(competition: Competition, board: Board, *what) -> tuple:
    """A key for something of a board as it stands now, for readers of a time zone."""
    return (
        competition.pk,
        competition.created_at,
        competition.revision,
        competition.status,
        competition.anonymous,
        board.split,
        board.changes,
        board.marked_at,
        timezone.get_current_timezone_name(),
        *what,
    )


def make(
    competition: Competition,
    board: Board,
    page: Page,
    *,
    knows_names: bool = False,
) -> Sheet:
    """Print a page of a board."""
    entries = leaderboard.entries(competition, board.split)
    # Baselines have no members, and of the best one only the score is read.
    alone = entries.prefetch_related(None)
    baselines = list(alone.filter(is_baseline=True)[:BASELINES])
    for entry in baselines:
        entry.team._prefetched_objects_cache = {"members": entry.team.members.none()}
    is_first = page.rows and not page.previous
    best = page.rows[0] if is_first else alone.filter(is_baseline=False).first()
    printed = Printed(
        competition,
        page.rows,
        baselines,
        best,
        board=board,
        knows_names=knows_names,
    )
    return Sheet(
        competition,
        printed,
        _tiers(printed.lines(page.rows)),
        printed.lines(baselines),
        _links(page),
        len(page.rows),
    )


def read(competition: Competition, board: Board, cursor: Cursor) -> Page:
    ranked = leaderboard.entries(competition, board.split).filter(is_baseline=False)
    return read_page(ranked, ORDER, cursor, PAGE)


def _tiers(lines: list[Line]) -> list[dict]:
    """Lines by tier; one group without a number where tiers are not known."""
    groups: list[dict] = []
    if not any(line.entry.tier for line in lines):
        return [{"number": None, "lines": lines}] if lines else []
    now = 0
    for line in lines:
        # A line that has just moved is not compared yet: it stands where it stands.
        tier = max(now, line.entry.tier or now or 1)
        if tier != now:
            now = tier
            groups.append({"number": tier, "lines": []})
        groups[-1]["lines"].append(line)
    for group in groups:
        ranks = [line.entry.rank for line in group["lines"]]
        group["first"], group["last"] = ranks[0], ranks[-1]
    return groups


def _links(page: Page) -> dict:
    """The cursors of the pages on both sides; they name a line, not its score."""
    rows = page.rows
    return {
        "next": f"after-{rows[-1].pk}" if rows and page.next else None,
        "previous": f"before-{rows[0].pk}" if rows and page.previous else None,
        "first_rank": getattr(rows[0], "rank", None) if rows else None,
        "last_rank": getattr(rows[-1], "rank", None) if rows else None,
    }


def pinned(sheet: Sheet, entry: LeaderboardEntry) -> SafeString:
    """The reader's own line, above a page on which it is not."""
    printed = Printed(
        sheet.competition,
        [],
        [],
        None,
        entry,
        board=sheet.printed.board,
    )
    printed.axis, printed.baseline_at = sheet.printed.axis, sheet.printed.baseline_at
    line = printed.line(entry)
    return mark_safe(
        render_to_string(
            "competitions/_board_row.html",
            sheet.context | {"line": line, "own": entry.pk},
        )
    )
