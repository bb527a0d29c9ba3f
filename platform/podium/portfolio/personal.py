"""What a portfolio keeps of a person: told in an export, gone with the account."""

from podium.accounts.models import User
from podium.accounts.personal import Keeper
from podium.portfolio.models import Project, ProjectVote
from podium.portfolio.services import delete_project, take_back_vote

_OF_A_LINK = ("label", "expires_at", "opened", "opened_at", "created_at")


def export(user: User) -> dict:
    """One's projects whole, with drafts, and what one voted for."""
    projects = (
        user.projects.select_related("owner", "draft")
        .prefetch_related("results", "datasets__owner", "pictures", "share_links")
        .order_by("pk")
    )
    votes = ProjectVote.objects.filter(user=user).select_related("project__owner")
    return {
        "projects.json": [_project(project) for project in projects],
        "project_votes.json": [
            {"project": str(vote.project), "created_at": vote.created_at}
            for vote in votes.order_by("pk")
        ],
    }


def forget(user: User) -> None:
    """Delete somebody's projects, and take back their votes."""
    for project in user.projects.all():
        delete_project(project=project)
    for vote in ProjectVote.objects.filter(user=user).select_related("project"):
        take_back_vote(project=vote.project, user=user)


def _project(project: Project) -> dict:
    fields = (
        *("slug", "title", "summary", "body", "repository", "tags", "visibility"),
        *("published_at", "pinned", "vote_count", "hidden_at", "hidden_reason"),
        *("created_at", "updated_at"),
    )
    draft = getattr(project, "draft", None)
    return {name: getattr(project, name) for name in fields} | {
        "results": [result.pk for result in project.results.all()],
        "datasets": [str(dataset) for dataset in project.datasets.all()],
        "pictures": [picture.name for picture in project.pictures.all()],
        "share_links": [
            {name: getattr(link, name) for name in _OF_A_LINK}  # not the key
            for link in project.share_links.all()
        ],
        "draft": draft
        and {name: getattr(draft, name) for name in ("title", "summary", "body")},
    }


keeper = Keeper(export=export, forget=forget)
