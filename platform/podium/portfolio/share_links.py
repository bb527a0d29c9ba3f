"""Links that show a private project until a date: made, opened, deleted."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from podium.common.errors import BadRequest, WrongState
from podium.common.text import one_line
from podium.portfolio.models import Project, ShareLink

LIFETIMES = ((1, "a day"), (7, "a week"), (30, "30 days"), (90, "90 days"))
MOST = 20  # of one project


@transaction.atomic
def make(*, project: Project, days: int, label: str = "") -> ShareLink:
    """Make a link to a private project; the others need none."""
    project = Project.objects.select_for_update().get(pk=project.pk)
    if days not in dict(LIFETIMES):
        raise BadRequest("A link works for 1, 7, 30 or 90 days.")
    if project.visibility != Project.Visibility.PRIVATE:
        raise WrongState(
            f"The project is {project.visibility}: whoever has its address sees it."
        )
    if project.share_links.count() >= MOST:
        raise WrongState(f"The project has {MOST} links: delete one of them first.")
    return ShareLink.objects.create(
        project=project,
        key=secrets.token_urlsafe(32),
        label=one_line(label)[:80],
        expires_at=timezone.now() + timedelta(days=days),
    )


def open_by(key: str, visitor) -> ShareLink | None:
    """The link of a key; None where it opens nothing. Visits of others are counted."""
    found = ShareLink.objects.live().filter(key=key.replace("\x00", ""))
    link = found.select_related("project__owner").first()
    if link and link.project.owner_id != visitor.pk:
        ShareLink.objects.filter(pk=link.pk).update(
            opened=F("opened") + 1, opened_at=timezone.now()
        )
    return link
