"""Lists of projects: found by words, tag and owner, in two orders, by cursor."""

from django.db.models import Q, QuerySet

from podium.common.tags import tagged, with_tag_text
from podium.portfolio.models import Project

ORDERS = {
    "newest": ("-published_at", "-pk"),
    "votes": ("-vote_count", "-published_at", "-pk"),
}
SORTS = (("newest", "Newest"), ("votes", "Most votes"))


def sort_of(text: str | None) -> str:
    """A sort that there is; the newest first for any other word."""
    return text if text in ORDERS else "newest"


def found(projects: QuerySet[Project], *, words="", tag="", by="") -> QuerySet[Project]:
    """Projects that have all of the words somewhere, the tag and the owner."""
    projects = tagged(projects, tag)
    if by:
        projects = projects.filter(owner__username__iexact=by)
    if words:
        projects = with_tag_text(projects)
    for word in words.split()[:8]:
        projects = projects.filter(
            Q(title__icontains=word)
            | Q(summary__icontains=word)
            | Q(tag_text__icontains=word)
            | Q(owner__username__icontains=word)
            | Q(owner__display_name__icontains=word)
        )
    return projects


def for_cards(projects: QuerySet[Project]) -> QuerySet[Project]:
    """What a card shows, without the text."""
    return projects.select_related("owner", "cover").defer("body")
