"""The leaderboard: its pages, what is drawn of it, and the parts that go elsewhere."""

from csp.decorators import csp_replace
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_POST, require_safe

from competitions import audit, leaderboard
from competitions.leaderboard import medals
from competitions.models import (
    AuditEntry,
    Board,
    Competition,
    LeaderboardEntry,
    Split,
    Team,
)
from competitions.views import overall, sheet
from competitions.views.frame import find, frame
from competitions.views.lines import Printed
from competitions.views.sheet import ORDER, PAGE
from podium.common.answers import see_other
from podium.common.lists import query_without_cursor
from podium.common.paging import Cursor, Page, position_of, read_page

__all__ = ["Printed", "anonymous", "board", "embed", "picture"]

EMBEDDED = 10  # lines of a board on somebody else's page


@require_safe
def board(request, slug):
    """Who stands where; one's own line is always on the page."""
    competition = find(request, slug)
    context = frame(request, competition, "leaderboard")
    split = _split(request, competition, context["is_host"])
    whole = leaderboard.board_of(competition, split)
    mine = _mine(context["team"], split)
    knows_names = context["is_host"]
    query = _query(request, competition, knows_names)
    shown = _sheet(request, competition, whole, query, mine, knows_names)
    context |= _shown(shown, whole, mine) | _switch(competition, split, knows_names)
    context |= {
        "q": query,
        "query": query_without_cursor(request),
        "can_search": not competition.anonymous or knows_names,
    }
    if shown.count:
        context |= overall.of(competition, whole, mine, knows_names=knows_names)
    return render(request, "competitions/leaderboard.html", context)


def _split(request, competition: Competition, is_host: bool) -> str:
    """The board that is asked for; after the close the private one is the first."""
    is_over = leaderboard.is_public(competition, Split.PRIVATE)
    split = request.GET.get("split") or (Split.PRIVATE if is_over else Split.PUBLIC)
    if split not in (Split.PUBLIC, Split.PRIVATE):
        raise Http404("There is no such board.")
    if not leaderboard.is_public(competition, split):
        if not is_host or not _has_private(competition):
            raise Http404("There is no such board, or none that you may see.")
        audit.reading(request.user, competition, "read_leaderboard", split=split)
    return split


def _has_private(competition: Competition) -> bool:
    hidden = competition.hidden_test_set
    return bool(hidden and hidden.private_rows)


def _switch(competition: Competition, split: str, is_host: bool) -> dict:
    """Which board this is, and whether the other one can be read."""
    return {
        "split": split,
        "is_private": split == Split.PRIVATE,
        "can_read_private": is_host
        and _has_private(competition)
        or leaderboard.is_public(competition, Split.PRIVATE),
        "is_over": competition.status
        in (Competition.Status.CLOSED, Competition.Status.FINALISED),
    }


def _mine(team: Team | None, split: str) -> LeaderboardEntry | None:
    if team is None:
        return None
    entry = LeaderboardEntry.objects.filter(team=team, split=split).first()
    if entry:
        entry.team = team
    return entry


def _query(request, competition: Competition, knows_names: bool) -> str:
    """What is searched for; where names are hidden, they cannot be tried out."""
    if competition.anonymous and not knows_names:
        return ""
    return request.GET.get("q", "").strip()


def _sheet(request, competition, whole: Board, query, mine, knows_names) -> sheet.Sheet:
    if query:
        found = _found(competition, whole.split, query)
        page = read_page(found, ORDER, _cursor(request, whole, None), PAGE)
        return sheet.make(competition, whole, page, knows_names=knows_names)
    cursor = _cursor(request, whole, mine)
    return sheet.kept(
        sheet.key_of(competition, whole, "page", cursor, knows_names),
        lambda: sheet.make(
            competition,
            whole,
            sheet.read(competition, whole, cursor),
            knows_names=knows_names,
        ),
    )


def _found(competition: Competition, split: str, query: str) -> QuerySet:
    """Lines of teams that are called so, or have a member who is."""
    ranked = leaderboard.entries(competition, split).filter(is_baseline=False)
    with_member = Team.members.through.objects.filter(
        competition=competition, user__username__icontains=query
    ).values("team")
    named = Q(team__name__icontains=query) | Q(team__in=with_member)
    return ranked.filter(named).with_rank().with_sharing()


def _cursor(request, whole: Board, mine) -> Cursor:
    """Where the page begins.

    The address names a line, not its score: a score may be finer than the host lets
    participants read it.
    """
    direction, _, pk = request.GET.get("cursor", "").partition("-")
    if pk:
        return _beyond(whole, direction, pk)
    if request.GET.get("around") == "me" and mine:
        ranked = leaderboard.entries(whole.competition, whole.split)
        ranked = ranked.filter(is_baseline=False).prefetch_related(None)
        before = Cursor(position_of(mine, ORDER), reverse=True)
        above: Page = read_page(ranked, ORDER, before, PAGE // 2)
        return Cursor.at(above.rows[0], ORDER) if above.rows else Cursor()
    return Cursor()


def _beyond(whole: Board, direction: str, pk: str) -> Cursor:
    entry = None
    if direction in ("after", "before") and pk.isdecimal() and len(pk) < 19:
        entry = LeaderboardEntry.objects.filter(
            competition=whole.competition, split=whole.split, pk=pk
        ).first()
    if entry is None:
        raise Http404("This page of the board is gone: start at the first one.")
    return Cursor(position_of(entry, ORDER), reverse=direction == "before")


def _shown(shown: sheet.Sheet, whole: Board, mine) -> dict:
    """The table, and the reader's own line where it is not on the page."""
    competition = shown.competition
    on_page = mine and any(line.entry.pk == mine.pk for line in shown.lines)
    own = ""
    if mine and not on_page and shown.count:
        own = sheet.kept(
            sheet.key_of(competition, whole, "own", mine.pk, shown.printed.axis),
            lambda: sheet.pinned(shown, mine),
        )
    return {
        "body": shown.body(mine and mine.pk),
        "own": own,
        "has_lines": bool(shown.count),
        "has_tiers": any(tier["number"] for tier in shown.tiers),
        "has_mine": mine is not None,
        "baselines": shown.baselines,
        "axis": shown.printed.axis,
        "other_titles": shown.other_titles,
        "moved_since": shown.printed.moved_since,
        "page": shown.links,
        "is_provisional": competition.status == Competition.Status.OPEN,
        "teams": whole.ranked,
        "zones": medals.zones(whole.ranked)
        if competition.medals and whole.ranked
        else None,
    }


@login_required
@require_POST
def anonymous(request, slug):
    """Hide the teams' names on the boards, or show them; the host alone does."""
    competition = find(request, slug)
    if not competition.is_run_by(request.user):
        raise Http404("There is nothing here.")
    wanted = request.POST.get("anonymous") == "true"
    with transaction.atomic():
        Competition.objects.filter(pk=competition.pk).update(anonymous=wanted)
        AuditEntry.objects.create(
            actor=request.user,
            competition=competition,
            action="hide_team_names" if wanted else "show_team_names",
            target=competition.slug,
        )
    told = "Teams stand on the boards without their names."
    messages.success(request, told if wanted else "The boards show the teams' names.")
    return see_other("competitions:leaderboard", competition.slug)


def _few(request, slug) -> dict:
    """The first lines of a board, for other people's pages."""
    competition = find(request, slug)
    split = _split(request, competition, is_host=False)
    whole = leaderboard.board_of(competition, split)

    def make():
        ranked = leaderboard.entries(competition, split).filter(is_baseline=False)
        page = Page(list(ranked[:EMBEDDED]), None, None)
        return sheet.make(competition, whole, page)

    shown = sheet.kept(sheet.key_of(competition, whole, "few"), make)
    return {
        "competition": competition,
        "metric": overall.metric_of(competition),
        "lines": shown.lines,
        "axis": shown.printed.axis,
        "baseline_at": shown.printed.baseline_at,
        "teams": whole.ranked,
        "is_private": split == Split.PRIVATE,
    }


@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
def embed(request, slug):
    """The first lines as a page that other sites may frame; nobody is signed in on it.

    It holds no form and no link that does something, so a frame cannot mislead.
    """
    return render(request, "competitions/leaderboard_embed.html", _few(request, slug))


@require_safe
def picture(request, slug):
    """The first lines as an SVG picture."""
    context = _few(request, slug)
    context["rows"] = [
        {"line": line, "y": 76 + 30 * number}
        for number, line in enumerate(context["lines"])
    ]
    context["height"] = 100 + 30 * max(1, len(context["rows"]))
    svg = render_to_string("competitions/leaderboard.svg", context)
    response = HttpResponse(svg, content_type="image/svg+xml; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=60"
    return response
