"""What people ask of projects."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from competitions.models import Submission
from podium.accounts.models import User
from podium.common.errors import BadRequest, NotAllowed, WrongState
from podium.common.tags import clean_tags
from podium.common.text import one_line
from podium.datasets.models import Dataset
from podium.datasets.services import recount_uses
from podium.portfolio.models import PINS, Project, ProjectDraft, ProjectVote
from podium.portfolio.slugs import free_slug

LONGEST_BODY = 100_000  # characters
LINKED = 20  # results, and as many datasets, of one project
MOST = 500  # projects of one user

Visibility = Project.Visibility


@transaction.atomic
def create_project(
    *, owner: User, title: str, form_key: UUID | None = None, **values
) -> Project:
    """Make a project; it is private unless `visibility` says otherwise.

    The same form sent twice makes one project.
    """
    owner = User.objects.select_for_update().get(pk=owner.pk)
    if form_key and (made := owner.projects.filter(form_key=form_key).first()):
        return made
    if owner.projects.count() >= MOST:
        raise WrongState(f"You have {MOST} projects: delete one of them first.")
    project = Project(owner=owner, form_key=form_key)
    project.title = _line(title, "title", 120)
    if not project.title:
        raise BadRequest("A project needs a title.")
    project.slug = free_slug(owner, project.title)
    project.save()
    return _change(project, values) if values else project


@transaction.atomic
def update_project(
    *, project: Project, revision: int | None = None, **values
) -> Project:
    """Change what is named, and put the draft away.

    With a revision, only if nobody else changed the project after it was read.
    """
    project = Project.objects.select_for_update().get(pk=project.pk)
    assert_revision(project, revision)
    _change(project, values)
    ProjectDraft.objects.filter(project=project).delete()
    return project


@transaction.atomic
def save_draft(
    *, project: Project, revision: int, title: str, summary: str, body: str
) -> ProjectDraft:
    """Keep what is being typed, beside what stands."""
    project = Project.objects.select_for_update().get(pk=project.pk)
    assert_revision(project, revision)
    draft, _ = ProjectDraft.objects.update_or_create(
        project=project,
        defaults={
            "title": _line(title, "title", 120),
            "summary": _line(summary, "summary", 240),
            "body": _body(body),
        },
    )
    _count_revision(project)
    draft.project = project
    return draft


@transaction.atomic
def discard_draft(*, project: Project) -> None:
    """Go back to what was saved last."""
    project = Project.objects.select_for_update().get(pk=project.pk)
    ProjectDraft.objects.filter(project=project).delete()
    _count_revision(project)


@transaction.atomic
def delete_project(*, project: Project) -> None:
    """Take a project away, with its pictures and votes."""
    datasets = list(project.datasets.all())
    Project.objects.filter(pk=project.pk).update(cover=None)
    project.delete()
    for dataset in datasets:
        recount_uses(dataset)


@transaction.atomic
def vote(*, project: Project, user: User) -> bool:
    """Give one's vote, or take it back; whether it is given now."""
    if project.owner_id == user.pk:
        raise NotAllowed("This is your own project: others vote for it.")
    if project.visibility == Visibility.PRIVATE:
        raise WrongState("The project is private: nobody can vote for it.")
    # The project's row first, so that two clicks at once count one after the other.
    Project.objects.select_for_update().get(pk=project.pk)
    if take_back_vote(project=project, user=user):
        return False
    ProjectVote.objects.create(project=project, user=user)
    Project.objects.filter(pk=project.pk).update(vote_count=F("vote_count") + 1)
    return True


@transaction.atomic
def take_back_vote(*, project: Project, user: User) -> bool:
    """Take a vote away; whether there was one."""
    deleted, _ = ProjectVote.objects.filter(project=project, user=user).delete()
    if deleted:
        Project.objects.filter(pk=project.pk).update(vote_count=F("vote_count") - 1)
    return bool(deleted)


@transaction.atomic
def pin(*, project: Project) -> Project:
    """Put a project on the portfolio, behind those that are there."""
    pinned = _pinned(project.owner)
    if any(other.pk == project.pk for other in pinned):
        return project
    if len(pinned) >= PINS:
        raise WrongState(f"{PINS} projects are pinned: unpin one of them first.")
    _place([*pinned, project])
    return project


@transaction.atomic
def unpin(*, project: Project) -> None:
    """Take a project off the portfolio's pins."""
    pinned = _pinned(project.owner)
    project.pinned = None
    project.save(update_fields=["pinned"])
    _place([other for other in pinned if other.pk != project.pk])


@transaction.atomic
def move_pin(*, project: Project, step: int) -> None:
    """Move a pinned project one place up (-1) or down (1)."""
    pinned = _pinned(project.owner)
    at = next((i for i, other in enumerate(pinned) if other.pk == project.pk), None)
    if at is None:
        raise WrongState("The project is not pinned: pin it first.")
    to = min(max(at + step, 0), len(pinned) - 1)
    pinned.insert(to, pinned.pop(at))
    _place(pinned)


def linkable_results(owner: User):
    """What a user may show beside a project: scored submissions of their teams."""
    return Submission.objects.filter(
        team__memberships__user=owner, status=Submission.Status.SCORED
    )


def assert_revision(project: Project, revision: int | None) -> None:
    """Refuse what was typed over something older than what stands."""
    if revision is not None and revision != project.revision:
        raise WrongState(
            "The project was changed in another window after this one was opened: "
            "compare the two, then save again to keep what is here."
        )


def _change(project: Project, values: dict) -> Project:
    """Set the named fields, each in its own way."""
    results, datasets = values.pop("results", None), values.pop("datasets", None)
    used = set(project.datasets.all())
    for name, value in values.items():
        _SET[name](project, value)
    if project.visibility != Visibility.PRIVATE:
        project.published_at = project.published_at or timezone.now()
    project.revision = F("revision") + 1
    project.save()
    project.refresh_from_db()
    if results is not None:
        project.results.set(_own_results(project, results))
    if datasets is not None:
        project.datasets.set(_seen_datasets(project, datasets))
    for dataset in used | set(project.datasets.all()):
        recount_uses(dataset)
    return project


def _set_title(project, text):
    project.title = _line(text, "title", 120)
    if not project.title:
        raise BadRequest("A project needs a title.")


def _set_summary(project, text):
    project.summary = _line(text, "summary", 240)


def _set_body(project, text):
    project.body = _body(text)


def _set_repository(project, address):
    if address and not address.startswith("https://"):
        raise BadRequest("The repository is a web address that begins with https://.")
    project.repository = address


def _set_tags(project, tags):
    project.tags = clean_tags(tags)


def _set_visibility(project, visibility):
    if visibility not in Visibility.values:
        raise BadRequest(f"Visibility is one of {', '.join(Visibility.values)}.")
    project.visibility = visibility


def _set_cover(project, picture):
    if picture is not None and picture.project_id != project.pk:
        raise BadRequest("The cover is one of the project's own pictures.")
    project.cover = picture


_SET = {
    "title": _set_title,
    "summary": _set_summary,
    "body": _set_body,
    "repository": _set_repository,
    "tags": _set_tags,
    "visibility": _set_visibility,
    "cover": _set_cover,
}


def _own_results(project: Project, wanted: Iterable[int]) -> list[Submission]:
    """The submissions, all of which are the owner's and scored.

    Those linked before may stay: who left a team keeps what they showed.
    """
    keys = _few(wanted, "results")
    mine = Q(pk__in=linkable_results(project.owner).values("pk"))
    found = list(
        Submission.objects.filter(mine | Q(projects=project), pk__in=keys).distinct()
    )
    if len(found) != len(keys):
        lacking = min(keys - {submission.pk for submission in found})
        raise BadRequest(
            f"Submission {lacking} is not a scored one of yours: link your own results."
        )
    return found


def _seen_datasets(project: Project, wanted: Iterable[int]) -> list[Dataset]:
    keys = _few(wanted, "datasets")
    found = list(Dataset.objects.visible_to(project.owner).filter(pk__in=keys))
    if len(found) != len(keys):
        raise BadRequest("A dataset is not there, or not one that you may see.")
    return found


def _few(wanted: Iterable, name: str) -> set[int]:
    keys = {getattr(each, "pk", each) for each in wanted}
    if len(keys) > LINKED:
        raise BadRequest(f"There are {len(keys)} {name}: link at most {LINKED}.")
    return keys


def _line(text: str, name: str, longest: int) -> str:
    line = one_line(text)
    if len(line) > longest:
        raise BadRequest(
            f"The {name} has {len(line)} characters: write at most {longest}."
        )
    return line


def _body(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\x00", "")
    if len(text) > LONGEST_BODY:
        raise BadRequest(
            f"The text has {len(text)} characters: write at most {LONGEST_BODY}."
        )
    return text


def _pinned(owner: User) -> list[Project]:
    """The pinned projects in their order, held until the transaction ends."""
    User.objects.select_for_update().get(pk=owner.pk)
    return list(
        Project.objects.filter(owner=owner, pinned__isnull=False).order_by("pinned")
    )


def _place(projects: list[Project]) -> None:
    """Give these the places 1, 2, … in their order."""
    if not projects:
        return
    owner = projects[0].owner_id
    Project.objects.filter(owner=owner, pinned__isnull=False).update(pinned=None)
    for place, project in enumerate(projects, start=1):
        Project.objects.filter(pk=project.pk).update(pinned=place)
        project.pinned = place


def _count_revision(project: Project) -> None:
    Project.objects.filter(pk=project.pk).update(revision=F("revision") + 1)
    project.revision += 1
