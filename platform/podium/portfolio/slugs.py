"""Names of projects in addresses, made from their titles."""

from django.utils.text import slugify

from podium.accounts.models import User
from podium.accounts.names import RESERVED
from podium.portfolio.models import Project

LONGEST = 60  # leaves room for a number
# What stands, or may come to stand, below a person or below the projects.
TAKEN = RESERVED | {
    *("projects", "results", "resume", "resume.json", "edit", "delete", "new", "mine"),
    *("draft", "drafts", "preview", "pictures", "vote", "pin", "report", "datasets"),
}


def free_slug(owner: User, title: str) -> str:
    """A name that none of the owner's projects has.

    A title without Latin letters gets the plain word.
    """
    stem = slugify(title)[:LONGEST].strip("-_") or "project"
    if stem in TAKEN:
        stem = f"{stem}-project"
    used = set(
        Project.objects.filter(owner=owner, slug__startswith=stem).values_list(
            "slug", flat=True
        )
    )
    if stem not in used:
        return stem
    return next(
        name
        for number in range(2, len(used) + 3)
        if (name := f"{stem}-{number}") not in used
    )
