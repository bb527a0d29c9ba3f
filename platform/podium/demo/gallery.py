"""The demo's projects, each with the submission that it is about.

Both are made by their owner through the services that pages call. A result can be
linked once it is scored, which the workers do after the first start: `link_results` is
asked again until it is, and leaves a project alone that its owner has changed since.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

import structlog
from django.core.files.base import File
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import transaction

from competitions.models import Competition, Submission
from competitions.services import join, submit
from podium.accounts.models import User
from podium.common.errors import Refused
from podium.datasets.models import Dataset
from podium.demo.people import JOAO, MIRA
from podium.portfolio.models import Project
from podium.portfolio.pictures import add_picture, address_of
from podium.portfolio.services import create_project, pin, update_project

HERE = Path(__file__).resolve().parent / "projects"
REVISION_AS_MADE = 2  # made, then filled; whoever changes the project counts on
_IMAGE = re.compile(r"(?<=\]\()([\w-]+\.png)(?=\))")  # in Markdown, by its file's name
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Example:
    """A project, its text being `body.md` in its folder."""

    folder: str
    owner: str
    title: str
    summary: str
    tags: tuple[str, ...]
    cover: str  # a file in the folder
    dataset: str  # of the demo's host
    competition: str
    model: str  # a file in the folder, which is submitted
    description: str  # of the submission

    @property
    def path(self) -> Path:
        return HERE / self.folder

    @property
    def form_key(self) -> UUID:
        """As if a page had sent it: sent again, it is the same deed."""
        return uuid5(NAMESPACE_URL, f"podium:demo/{self.folder}")


PROJECTS = (
    Example(
        folder="shifted-digits",
        owner=MIRA,
        title="What two pixels do to a digit reader",
        summary="A network that is right on 98.6 % of centred digits is right on half "
        "of them four pixels off. One line of training helps.",
        tags=("images", "augmentation", "keras"),
        cover="shifts.png",
        dataset="handwritten-digits",
        competition="digits",
        model="digits.keras",
        description="The starter's network, trained on images that are moved about.",
    ),
    Example(
        folder="bikes-in-order",
        owner=JOAO,
        title="Do not shuffle the clock",
        summary="The same forecast of bike rentals, tested on random hours and on the "
        "weeks to come. The first test promises what the second one does not keep.",
        tags=("time series", "validation", "keras"),
        cover="hours.png",
        dataset="bike-rentals",
        competition="bike-hours",
        model="bike-hours.keras",
        description="The starter as it is, to see what its own test is worth.",
    ),
)


def load_projects(host: User) -> None:
    """Submit the models, and make the projects that are not there yet."""
    for example in PROJECTS:
        owner = User.objects.get(username=example.owner)
        submission = _submitted(example, owner) or _submit(example, owner)
        made = Project.objects.filter(owner=owner, form_key=example.form_key).first()
        project = made or _make(example, owner, host)
        _link(project, submission)


def link_results() -> bool:
    """Show in each project the score it is about; whether none is awaited any more."""
    waiting = False
    for example in PROJECTS:
        submission = Submission.objects.filter(form_key=example.form_key).first()
        project = Project.objects.filter(form_key=example.form_key).first()
        if project and submission and project.revision == REVISION_AS_MADE:
            _link(project, submission)
            waiting |= not submission.is_finished
    return not waiting


def _submitted(example: Example, owner: User) -> Submission | None:
    return Submission.objects.filter(
        submitted_by=owner, form_key=example.form_key
    ).first()


def _submit(example: Example, owner: User) -> Submission | None:
    """Join and submit; a competition that was changed by hand may refuse it."""
    competition = Competition.objects.get(slug=example.competition)
    content = (example.path / example.model).read_bytes()
    upload = TemporaryUploadedFile(example.model, "", len(content), None)
    with upload:  # keeping a file moves it, so the one in this folder is copied
        upload.write(content)
        upload.seek(0)
        try:
            join(competition=competition, user=owner)
            return submit(
                competition=competition,
                user=owner,
                file=upload,
                description=example.description,
                form_key=example.form_key,
            )
        except Refused as refused:  # the demo is no reason for a site not to start
            log.warning("demo model not submitted", reason=refused.message)
            return None


@transaction.atomic
def _make(example: Example, owner: User, host: User) -> Project:
    project = create_project(
        owner=owner, title=example.title, form_key=example.form_key
    )
    body = (example.path / "body.md").read_text()
    pictures = {
        name: _add_picture(project, example.path / name)
        for name in {example.cover, *_IMAGE.findall(body)}
    }
    project = update_project(
        project=project,
        summary=example.summary,
        body=_IMAGE.sub(lambda found: address_of(project, pictures[found[0]]), body),
        tags=example.tags,
        cover=pictures[example.cover],
        datasets=Dataset.objects.filter(owner=host, slug=example.dataset),
        visibility=Project.Visibility.PUBLIC,
    )
    return pin(project=project)


def _add_picture(project: Project, path: Path):
    with path.open("rb") as file:
        return add_picture(project=project, file=File(file, name=path.name))


def _link(project: Project, submission: Submission | None) -> None:
    """Show the score in the project, once there is one."""
    is_as_made = project.revision == REVISION_AS_MADE
    if submission and submission.status == Submission.Status.SCORED and is_as_made:
        update_project(project=project, results=[submission])
