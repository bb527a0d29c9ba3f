"""Downloads of a dataset, and links that open a private one for a while."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from podium.datasets import links as signing
from podium.datasets import reading

SHOWN = 100  # files with a link each


@require_safe
def download_file(request, owner, dataset, path):
    """One file, for whoever may read the dataset or has a signed link."""
    return reading.download_file(request, _version(request, owner, dataset), path)


@require_safe
def download_all(request, owner, dataset):
    """All files in one zip."""
    return reading.download_all(request, _version(request, owner, dataset))


@login_required
@never_cache
@require_safe
def links(request, owner, dataset):
    """Links for its owner to hand on: they work without an account, for a day."""
    dataset = reading.find(request.user, owner, dataset)
    if not dataset.is_kept_by(request.user):
        raise Http404("Only its owner makes links.")
    version = reading.version_of(dataset, request.GET.get("version", ""))
    query = f"?version={version.number}&signature={signing.signature_for(version)}"
    names = [owner, dataset.slug]

    def address(name, *more):
        return request.build_absolute_uri(reverse(name, args=[*names, *more])) + query

    files = version.files.select_related("stored")[:SHOWN]
    context = {
        "dataset": dataset,
        "version": version,
        "whole": address("datasets:download"),
        "files": [
            {"file": file, "url": address("datasets:file", file.path)} for file in files
        ],
        "ends_at": timezone.now() + signing.LIFETIME,
        "more": max(0, version.file_count - SHOWN),
    }
    return render(request, "datasets/links.html", context)


def _version(request, owner: str, dataset: str):
    _, version = reading.find_signed(
        request.user,
        owner,
        dataset,
        request.GET.get("version", ""),
        request.GET.get("signature", ""),
    )
    return version
