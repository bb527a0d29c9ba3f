"""What a page says of itself where its address is shared: Open Graph."""

from django.conf import settings
from django.urls import reverse

from podium.accounts.models import User
from podium.common.text import one_line
from podium.portfolio.models import Project
from podium.portfolio.pictures import address_of

_DESCRIPTION = 200  # characters


def sharing_of_project(project: Project) -> dict:
    """A project's title, sentence and cover, as absolute addresses."""
    name = one_line(project.owner.get_full_name())
    shared = {
        "type": "article",
        "title": project.title,
        "description": project.summary or f"A project of {name} on Podium.",
        "url": settings.URL + project.get_absolute_url(),
    }
    if project.cover:
        shared |= {
            "image": settings.URL + address_of(project, project.cover),
            "image_width": project.cover.width,
            "image_height": project.cover.height,
        }
    return shared


def sharing_of_person(person: User) -> dict:
    """Somebody's name and what they do."""
    name = one_line(person.get_full_name())
    said = one_line(person.bio) or f"Verified results and projects of {name}."
    if len(said) > _DESCRIPTION:
        said = f"{said[:_DESCRIPTION]}…"
    return {
        "type": "profile",
        "title": f"{name}, portfolio",
        "description": said,
        "url": settings.URL + reverse("portfolio", args=[person.username]),
    }
