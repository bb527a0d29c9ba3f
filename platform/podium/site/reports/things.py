"""What can be reported and hidden: datasets, projects and profiles."""

from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse

from podium.accounts.models import User
from podium.common.text import one_line
from podium.datasets.models import Dataset
from podium.portfolio.models import Project
from podium.portfolio.views.finding import may_see
from podium.site.reports.models import Report

Kind = Report.Kind


@dataclass(frozen=True)
class Thing:
    """Something of somebody's, with `hidden_at` and `hidden_reason` on its row."""

    kind: str
    row: Dataset | Project | User
    name: str
    owner: User
    address: str


def find_thing(visitor, kind: str, owner: str, slug: str = "") -> Thing:
    """The thing at an address, if this visitor may see it; else 404."""
    if kind == Kind.PROFILE:
        rows = User.objects.filter(username__iexact=owner, is_active=True)
    else:
        model = Project if kind == Kind.PROJECT else Dataset
        rows = model.objects.visible_to(visitor).filter(
            owner__username__iexact=owner, slug=slug
        )
        rows = rows.select_related("owner")
    row = rows.first()
    if row is None or (kind == Kind.PROFILE and not may_see(visitor, row)):
        raise Http404("There is no such thing to report.")
    return thing_of(kind, row)


def thing_of(kind: str, row) -> Thing:
    """A row as something that can be reported."""
    if kind == Kind.PROFILE:
        address = reverse("portfolio", args=[row.username])
        return Thing(kind, row, one_line(row.get_full_name()), row, address)
    if kind == Kind.PROJECT:
        return Thing(kind, row, row.title, row.owner, row.get_absolute_url())
    address = f"/datasets/{row.owner.username}/{row.slug}/"
    return Thing(kind, row, row.title, row.owner, address)


def things_of(reports: list[Report]) -> dict[tuple[str, int], Thing]:
    """The things of some reports, a query for each kind; those deleted are absent."""
    found = {}
    for kind, rows in (
        (Kind.PROFILE, User.objects.all()),
        (Kind.PROJECT, Project.objects.select_related("owner").defer("body")),
        (Kind.DATASET, Dataset.objects.select_related("owner")),
    ):
        keys = {report.target_id for report in reports if report.kind == kind}
        if keys:
            for row in rows.filter(pk__in=keys):
                found[kind, row.pk] = thing_of(kind, row)
    return found
