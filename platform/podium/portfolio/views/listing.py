"""The gallery, and the list of one's own projects."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from podium.common.lists import page_of, query_without_cursor
from podium.common.tags import frequent_tags
from podium.portfolio import gallery
from podium.portfolio.models import PINS, Project

PAGE = 12
MINE = 50


@require_safe
def listing(request):
    """All public projects: searched, narrowed, the newest or best voted first."""
    asked = {
        "words": request.GET.get("q", "").strip()[:200],
        "tag": request.GET.get("tag", "").strip()[:100],
        "by": request.GET.get("by", "").strip()[:40],
    }
    sort = gallery.sort_of(request.GET.get("sort", ""))
    everything = Project.objects.listed()
    found = gallery.found(everything, **asked)
    ordering = gallery.ORDERS[sort]
    page = page_of(request, gallery.for_cards(found), ordering, PAGE)
    context = {
        "page": page,
        "projects": page.rows,
        "total": found.count(),
        "tags": frequent_tags(everything, gallery.ORDERS["newest"], asked["tag"]),
        "sorts": gallery.SORTS,
        "sort": sort,
        "query": query_without_cursor(request),
        "filters_on": sum(map(bool, asked.values())),
        **asked,
    }
    return render(request, "portfolio/gallery.html", context)


@login_required
@require_safe
def mine(request):
    """One's own projects: drafts, those that are open, and which are pinned."""
    projects = request.user.projects.select_related("draft").defer("body")
    pinned = list(projects.filter(pinned__isnull=False).order_by("pinned"))
    page = page_of(request, projects.filter(pinned=None), ("-updated_at", "-pk"), MINE)
    context = {
        "pinned": pinned,
        "projects": page.rows,
        "page": page,
        "query": query_without_cursor(request),
        "pins": PINS,
        "can_pin": len(pinned) < PINS,
    }
    return render(request, "portfolio/mine.html", context)
