"""What the page of a dataset shows of the competitions that use it."""

from collections.abc import Iterable

from django.urls import reverse

from competitions.models import Competition
from podium.datasets.models import Dataset
from podium.datasets.panels import Panel, Use


def uses(dataset: Dataset, user) -> Iterable[Use]:
    """Competitions on any version of a dataset that the user may see."""
    found = Competition.objects.visible_to(user).filter(
        dataset_version__dataset=dataset
    )
    rows = found.select_related("dataset_version").order_by("-opens_at", "-pk")
    for competition in rows:
        yield Use(
            competition.title,
            reverse("competitions:overview", args=[competition.slug]),
            f"version {competition.dataset_version.number}",
        )


def count(dataset: Dataset) -> int:
    """How many published, public competitions use it."""
    return Competition.objects.filter(
        dataset_version__dataset=dataset,
        published_at__isnull=False,
        visibility=Competition.Visibility.PUBLIC,
    ).count()


panel = Panel(key="competitions", title="Competitions", uses=uses, count=count)
