"""The portfolio: who somebody is, what was verified, and what they made."""

from urllib.parse import urlsplit

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from podium.accounts.models import User
from podium.common.lists import page_of, query_without_cursor
from podium.common.text import is_web_address, one_line
from podium.portfolio import gallery, results
from podium.portfolio.models import Project
from podium.portfolio.views.finding import find_person
from podium.portfolio.views.sharing import sharing_of_person

RESULTS = 12  # on a page, so that it prints on one
OTHERS = 6  # projects beside the pinned ones


@require_safe
def portfolio(request, username):
    """Everything that somebody shows, for those who decide in ninety seconds."""
    person = find_person(request, username)
    if person.username != username:
        return redirect("portfolio", person.username, permanent=True)
    is_mine = person == request.user
    entries = results.entries_of(person, request.user)
    page = page_of(request, results.with_names(entries), results.ORDER, RESULTS)
    projects = Project.objects.listed().filter(owner=person)
    pinned = list(
        gallery.for_cards(projects).filter(pinned__isnull=False).order_by("pinned")
    )
    others = gallery.for_cards(projects).filter(pinned=None)
    count = projects.count()
    context = {
        "person": person,
        "name": one_line(person.get_full_name()),
        "is_mine": is_mine,
        "links": [_link(it) for it in person.links if is_web_address(it)],
        "results": results.with_credentials(
            [results.result_of(entry) for entry in page.rows], person
        ),
        "page": page,
        "query": query_without_cursor(request),
        "summary": results.summary_of(entries),
        "pinned": pinned,
        "others": list(others.order_by(*gallery.ORDERS["newest"])[:OTHERS]),
        "project_count": count,
        "lacking": _lacking(person, count) if is_mine else [],
        "drafts": person.projects.filter(published_at=None).count() if is_mine else 0,
        "sharing": sharing_of_person(person),
    }
    return render(request, "portfolio/portfolio.html", context)


def _link(address: str) -> dict:
    """A link as it is printed: without the protocol, and short."""
    parts = urlsplit(address)
    words = (parts.netloc.removeprefix("www.") + parts.path).rstrip("/")
    return {"address": address, "words": words or address}


def _lacking(person: User, project_count: int) -> list[dict]:
    """What would make one's own portfolio tell more, as links to where one adds it."""
    return [
        {"words": words, "page": page}
        for is_missing, words, page in (
            (not person.display_name, "Add your name", "settings"),
            (not person.picture_id, "Add a picture", "settings"),
            (not person.bio, "Say in a sentence or two what you do", "settings"),
            (
                not person.practitioner,
                "Say what kind of practitioner you are",
                "settings",
            ),
            (not person.links, "Add a link to your code or your page", "settings"),
            (not project_count, "Publish a project", "projects:new"),
        )
        if is_missing
    ]
