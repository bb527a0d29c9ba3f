"""The page of a dataset."""

from itertools import islice

from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from podium.common.text import one_line
from podium.datasets import panels, previews, reading
from podium.datasets.licences import licence_of
from podium.datasets.limits import PREVIEWED
from podium.datasets.models import Dataset, DatasetVersion, FilePreview
from podium.datasets.views.drawing import arrays_of, table_of
from podium.datasets.views.tree import tree_of

VERSIONS = 50  # the newest ones, on the page


@require_safe
def detail(request, owner, dataset):
    """What it is, its first rows, its files, its versions, who uses it."""
    dataset = reading.find(request.user, owner, dataset)
    number = request.GET.get("version", "")
    version = reading.version_of(dataset, number) if number or dataset.latest else None
    is_mine = dataset.is_kept_by(request.user)
    context = {
        "dataset": dataset,
        "version": version,
        "is_newest": version == dataset.latest,
        "is_mine": is_mine,
        "licence": licence_of(dataset.licence),
        "uses": _uses(dataset, request.user),
        "versions": dataset.versions.order_by("-number")[:VERSIONS],
        "sharing": _sharing(request, dataset),
    }
    context["use_count"] = sum(panel["count"] for panel in context["uses"])
    context["has_uses"] = any(panel["uses"] for panel in context["uses"])
    if version:
        context |= _files(request, version, {"version": number} if number else {})
    return render(request, "datasets/detail.html", context)


def _files(request, version: DatasetVersion, query: dict) -> dict:
    """One folder of the version, and the preview of one file."""
    folder, start = request.GET.get("folder", "").strip("/"), request.GET.get("from")
    start = int(start) if start and start.isascii() and start.isdigit() else 0
    path = request.GET.get("file", "")
    file = reading.file_of(version, path) if path else _first(version)
    return {
        "tree": tree_of(version, folder.replace("\x00", ""), min(start, 10**6), query),
        "file": file,
        "preview": _preview(version, file),
        "query": query,
        "command": _command(version.dataset, query),
    }


def _command(dataset, query: dict) -> str:
    """How a program takes all files, with a token where the dataset asks for one."""
    rest = f"?version={query['version']}" if query else ""
    path = f"/api/v1/datasets/{dataset.owner.username}/{dataset.slug}/archive/{rest}"
    is_open = dataset.visibility != Dataset.Visibility.PRIVATE
    token = "" if is_open else '  -H "Authorization: Bearer $TOKEN" \\\n'
    return f"curl -o {dataset.slug}.zip \\\n{token}  '{settings.URL}{path}'"


def _first(version: DatasetVersion):
    """The file that the page shows by itself: the largest of the uppermost folder."""
    files = (
        version.files.select_related("stored")
        .filter(stored__previews__isnull=False)
        .distinct()[: 2 * PREVIEWED]
    )
    return min(
        (file for file in files if previews.format_of(file.path)),
        key=lambda file: (file.path.count("/"), -file.stored.size, file.path),
        default=None,
    )


def _preview(version: DatasetVersion, file) -> dict | None:
    """What is shown of a file; None for one that has no preview by its kind."""
    format = file and previews.format_of(file.path)
    if not format:
        return None
    row = FilePreview.objects.filter(stored=file.stored, format=format).first()
    if row is None:
        return {"status": "none"}
    told = {"status": row.status, "problem": row.problem}
    if row.status == FilePreview.Status.READY:
        is_table = row.content["kind"] == "table"
        told["table" if is_table else "arrays"] = (
            table_of(row.content) if is_table else arrays_of(row.content)
        )
    return told


def _uses(dataset, user) -> list[dict]:
    found = []
    for panel in panels.registry:
        uses = list(islice(panel.uses(dataset, user), panels.MOST))
        found.append({"panel": panel, "uses": uses, "count": panel.count(dataset)})
    return found


def _sharing(request, dataset) -> dict:
    address = reverse("datasets:detail", args=[dataset.owner.username, dataset.slug])
    return {
        "type": "website",
        "title": dataset.title,
        "description": dataset.subtitle or one_line(dataset.description)[:200],
        "url": request.build_absolute_uri(address),
    }
