"""What the page of a dataset shows of the projects that use it."""

from collections.abc import Iterable

from podium.common.text import one_line
from podium.datasets.models import Dataset
from podium.datasets.panels import Panel, Use
from podium.portfolio.models import Project


def uses(dataset: Dataset, user) -> Iterable[Use]:
    """Projects with this dataset that lists show, and the user's own."""
    mine = Project.objects.filter(owner=user) if user.is_authenticated else None
    shown = Project.objects.listed()
    found = (shown | mine if mine is not None else shown).filter(datasets=dataset)
    ordered = found.select_related("owner").defer("body").order_by("-created_at", "-pk")
    for project in ordered.distinct():
        words = f"by {one_line(project.owner.get_full_name())}"
        yield Use(project.title, project.get_absolute_url(), words)


def count(dataset: Dataset) -> int:
    """How many public projects use it."""
    return Project.objects.listed().filter(datasets=dataset).count()


panel = Panel(key="projects", title="Projects", uses=uses, count=count)
