"""Finding a dataset, a version, a file; what one may not see is not there: 404."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from podium.common.downloads import send_file
from podium.datasets import links, services
from podium.datasets.archives import send_zip
from podium.datasets.models import Dataset, DatasetFile, DatasetVersion


def find(user, owner: str, slug: str) -> Dataset:
    """The dataset at an address, if the user may see it."""
    return get_object_or_404(_all().visible_to(user), owner__username=owner, slug=slug)


def find_signed(user, owner: str, slug: str, number: str, signature: str):
    """The same and its version; a signature opens what the user may not see."""
    if not signature:
        dataset = find(user, owner, slug)
        return dataset, version_of(dataset, number)
    dataset = get_object_or_404(_all(), owner__username=owner, slug=slug)
    version = version_of(dataset, number)
    if not links.opens(signature, dataset, version.number):
        return (found := find(user, owner, slug)), version_of(found, number)
    return dataset, version


def version_of(dataset: Dataset, number: str = "") -> DatasetVersion:
    """A version by its number as an address has it, by default the newest one."""
    if not number:
        if dataset.latest is None:
            raise Http404("This dataset has no version yet.")
        dataset.latest.dataset = dataset
        return dataset.latest
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise Http404("A version is a whole number.")
    version = get_object_or_404(dataset.versions, number=int(number))
    version.dataset = dataset
    return version


def file_of(version: DatasetVersion, path: str) -> DatasetFile:
    """A file of a version."""
    files = version.files.select_related("stored")
    # PostgreSQL refuses this character, and no path has it.
    return get_object_or_404(files, path=path.replace("\x00", "\ufffd"))


def download_file(request, version: DatasetVersion, path: str):
    """One file, whole or a range of it."""
    file = file_of(version, path)
    response = send_file(request, file.stored, path.rsplit("/", 1)[-1])
    _count(request, version, response)
    return response


def download_all(request, version: DatasetVersion):
    """All files as a zip."""
    response = send_zip(request, version)
    _count(request, version, response)
    return response


def _count(request, version: DatasetVersion, response) -> None:
    """Count what begins: no check whether it changed, no later part of it."""
    is_part = not request.headers.get("Range", "bytes=0-").startswith("bytes=0-")
    if request.method == "GET" and response.status_code in (200, 206) and not is_part:
        services.count_download(version.dataset)


def _all():
    return Dataset.objects.select_related("owner", "latest")
