"""All files of a version as one zip: stored, streamed, of a length that is known."""

from collections.abc import Iterable

from django.http import StreamingHttpResponse
from zipstream import ZipStream

from podium.common.downloads import CHUNK
from podium.common.models import StoredFile
from podium.datasets.models import DatasetVersion


def send_zip(request, version: DatasetVersion):
    """The version as a download; the files stand in a folder named after the dataset.

    Nothing is compressed: most files are already, and so the length is known and no
    file is read twice. One file is open at a time.
    """
    name = f"{version.dataset.slug}-v{version.number}"
    archive = ZipStream(sized=True)
    for file in version.files.select_related("stored").iterator(chunk_size=2_000):
        archive.add(_read(file.stored), f"{name}/{file.path}", size=file.stored.size)
    length = len(archive)
    content = () if request.method == "HEAD" else _whole(archive)
    response = StreamingHttpResponse(content, content_type="application/zip")
    response.headers["Content-Length"] = length
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    return response


def _read(stored: StoredFile) -> Iterable[bytes]:
    with stored.open() as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _whole(archive: ZipStream) -> Iterable[bytes]:
    """The pieces of a zip, put together to some size: headers are a few bytes each."""
    waiting = bytearray()
    for piece in archive:
        waiting += piece
        if len(waiting) >= CHUNK:
            yield bytes(waiting)
            waiting.clear()
    yield bytes(waiting)
