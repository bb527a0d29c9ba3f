"""The standing pages: what this installation is, its terms, and privacy on it."""

from functools import cache
from pathlib import Path

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from podium.site.models import StandingPage

SHIPPED = Path(__file__).with_name("standing_texts")
DESCRIPTIONS = {
    "about": "What this installation of Podium is, and who runs it.",
    "terms": "What those who use this installation agree to.",
    "privacy": "What this installation keeps about people, why, and for how long.",
}


@require_safe
def standing(request, key):
    """A text that the operator can edit."""
    page = StandingPage.objects.filter(key=key).first()
    context = {
        "title": StandingPage.Key(key).label,
        "description": DESCRIPTIONS[key],
        "text": page.text if page else shipped_text(key),
        "changed_at": page.changed_at if page else None,
        "edit": _edit_address(page, key) if _may_edit(request.user) else "",
    }
    return render(request, "site/standing.html", context)


@cache
def shipped_text(key: str) -> str:
    """The text that stands until an operator writes another one."""
    return (SHIPPED / f"{key}.md").read_text()


def _may_edit(user) -> bool:
    return user.is_staff and user.has_perm("podium_site.change_standingpage")


def _edit_address(page: StandingPage | None, key: str) -> str:
    if page:
        return reverse("admin:podium_site_standingpage_change", args=[page.pk])
    return f"{reverse('admin:podium_site_standingpage_add')}?key={key}"
