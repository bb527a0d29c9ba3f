"""Pictures of projects: kept anew, told by an address that ends with their size."""

from django.core.files.base import File
from django.db import transaction
from django.urls import reverse

from podium.common.errors import WrongState
from podium.common.files import store_file
from podium.common.pictures import reencode
from podium.portfolio.models import Project, ProjectPicture

MAX_SIDE = 1600  # points
MOST = 60  # of one project


def add_picture(*, project: Project, file: File) -> ProjectPicture:
    """Keep a picture with a project; the same one again is the one that is there."""
    if project.pictures.count() >= MOST:
        raise WrongState(f"The project has {MOST} pictures: delete one of them first.")
    picture = reencode(file, max_side=MAX_SIDE)
    stored = store_file(picture)
    size = f"{picture.width}x{picture.height}"
    with transaction.atomic():
        row, _ = ProjectPicture.objects.get_or_create(
            project=project,
            name=f"{stored.sha256[:16]}-{size}.webp",
            defaults={
                "stored": stored,
                "width": picture.width,
                "height": picture.height,
            },
        )
    return row


def address_of(project: Project, picture: ProjectPicture) -> str:
    """Where a picture is: a path of this site, for Markdown and pages."""
    arguments = [project.owner.username, project.slug, picture.name]
    return reverse("projects:picture", args=arguments)


def markdown_of(project: Project, picture: ProjectPicture) -> str:
    """The line that shows a picture in a text."""
    return f"![What the picture shows]({address_of(project, picture)})"
