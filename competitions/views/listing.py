"""The list of competitions, with search, states and tags."""

import json
from collections import Counter

from django.db.models import Count, Q, TextField
from django.db.models.functions import Cast
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from competitions.models import Competition
from competitions.views.cards import cards_of
from podium.common.lists import page_of, query_without_cursor
from podium.common.text import one_line

PAGE = 12
LONGEST = 200  # characters of a query that are read
WORDS = 8  # of a query that are looked for
ORDER = ("-opens_at", "-pk")
TAGS_READ = 500  # newest competitions that the tags shown are taken from
TAGS_SHOWN = 16
STATES = (("open", "Open"), ("upcoming", "Upcoming"), ("closed", "Closed"))


@require_safe
def listing(request):
    """All competitions that this user may see, newest first."""
    visible = Competition.objects.visible_to(request.user).listed()
    chosen = [state for state, _ in STATES if state in request.GET.getlist("state")]
    query = one_line(request.GET.get("q", ""))[:LONGEST]
    tag = one_line(request.GET.get("tag", ""))
    found = _tagged(matching(visible, query), tag)
    counts = found.aggregate(
        **{state: Count("pk", filter=_in_state(state)) for state, _ in STATES}
    )
    page = page_of(request, _in_states(found, chosen), ORDER, PAGE)
    total = sum(counts[state] for state in chosen or counts)
    context = {
        "page": page,
        "cards": cards_of(page.rows),
        "states": [
            {"key": key, "words": text, "count": counts[key], "on": key in chosen}
            for key, text in STATES
        ],
        "tags": _tags(visible, tag),
        "tag": tag,
        "q": query,
        "total": total,
        "filters_on": len(chosen) + bool(tag) + bool(query),
        "query": query_without_cursor(request),
    }
    return render(request, "competitions/list.html", context)


def matching(competitions, query: str):
    """Competitions in whose title, subtitle or tags all words of a query stand."""
    competitions = _with_tag_text(competitions)
    for word in query.split()[:WORDS]:
        competitions = competitions.filter(
            Q(title__icontains=word)
            | Q(subtitle__icontains=word)
            | Q(tag_text__icontains=word)
        )
    return competitions


def _tagged(competitions, tag: str):
    """Competitions with a tag, whichever way the database writes its JSON."""
    if not tag:
        return competitions
    escaped, plain = json.dumps(tag), json.dumps(tag, ensure_ascii=False)
    return _with_tag_text(competitions).filter(
        Q(tag_text__contains=escaped) | Q(tag_text__contains=plain)
    )


def _with_tag_text(competitions):
    return competitions.annotate(tag_text=Cast("tags", TextField()))


def _in_states(competitions, states: list[str]):
    if not states:
        return competitions
    wanted = Q()
    for state in states:
        wanted |= _in_state(state)
    return competitions.filter(wanted)


def _in_state(state: str) -> Q:
    now = timezone.now()
    over = Q(finalised_at__isnull=False) | Q(closes_at__lte=now)
    if state == "closed":
        return Q(published_at__isnull=False, opens_at__lte=now) & over
    if state == "upcoming":
        return Q(published_at=None) | Q(opens_at__gt=now)
    return Q(published_at__isnull=False, opens_at__lte=now) & ~over


def _tags(competitions, chosen: str) -> list[str]:
    """The most frequent tags of the newest competitions, the chosen one first."""
    newest = competitions.order_by(*ORDER).values_list("tags", flat=True)[:TAGS_READ]
    counted = Counter(tag for tags in newest for tag in tags)
    tags = [tag for tag, _ in counted.most_common(TAGS_SHOWN)]
    if chosen and chosen not in tags:
        tags.insert(0, chosen)
    return tags
