"""Sending a kept file: whole or a range of it, never through memory."""

import re
from urllib.parse import quote

from django.core.files.storage import storages
from django.http import (
    FileResponse,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
    StreamingHttpResponse,
)

from podium.common.models import StoredFile
from podium.common.problems import MEDIA_TYPE, problem

CHUNK = 1 << 16
BINARY = "application/octet-stream"
_RANGE = re.compile(r"bytes=(\d*)-(\d*)\Z")


def send_file(request, stored: StoredFile, name: str):
    """The bytes as a download of this name; the ETag is their SHA-256.

    One range is answered with 206, one that lies outside with 416; several at once
    get the whole file, as the standard allows. What lies in a bucket comes from there,
    by a link that is good for some minutes, unless the operator has links switched off.
    """
    etag = f'"{stored.sha256}"'
    if _names(request.headers.get("If-None-Match", ""), etag):
        response = HttpResponse(status=304)
        del response.headers["Content-Type"]
        response.headers["ETag"] = etag
        return response
    storage = storages[stored.store]
    if request.method == "GET" and getattr(storage, "links", False):
        return _redirected(storage.link(stored.name, _attachment(name), BINARY))
    try:
        part = _range(request, stored.size, etag)
    except ValueError:
        detail = f"The file has {stored.size} bytes: the range lies outside of it."
        body = problem(416, detail, getattr(request, "id", None))
        response = JsonResponse(body, status=416, content_type=MEDIA_TYPE)
        return _headed(response, etag, f"*/{stored.size}")
    if part is None:
        response = FileResponse(stored.open(), content_type=BINARY)
        response.headers["Content-Length"] = stored.size
        response.headers["Content-Disposition"] = _attachment(name)
        return _headed(response, etag)
    first, last = part
    response = StreamingHttpResponse(
        _read(stored, first, last), status=206, content_type=BINARY
    )
    response.headers["Content-Length"] = last - first + 1
    response.headers["Content-Disposition"] = _attachment(name)
    return _headed(response, etag, f"{first}-{last}/{stored.size}")


def _redirected(link: str):
    response = HttpResponseRedirect(link)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _range(request, size: int, etag: str) -> tuple[int, int] | None:
    """The first and the last byte asked for; None is all, ValueError is outside."""
    if request.headers.get("If-Range", etag) != etag:
        return None
    found = _RANGE.match(request.headers.get("Range", "").replace(" ", ""))
    if request.method != "GET" or not found or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:  # the last so many bytes
        first, last = max(0, size - int(last)), size - 1 if int(last) else -1
    else:
        first, last = int(first), min(int(last or size - 1), size - 1)
        if found[2] and int(found[2]) < first:
            return None  # not a range at all: as if it were not there
    if first >= size or last < first:
        raise ValueError
    return first, last


def _read(stored: StoredFile, first: int, last: int):
    with stored.open() as handle:
        handle.seek(first)
        left = last - first + 1
        while left > 0 and (chunk := handle.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk


def _headed(response, etag: str, content_range: str = ""):
    response.headers["ETag"] = etag
    response.headers["Accept-Ranges"] = "bytes"
    if content_range:
        response.headers["Content-Range"] = f"bytes {content_range}"
    return response


def _names(header: str, etag: str) -> bool:
    tags = {tag.strip().removeprefix("W/") for tag in header.split(",")}
    return etag in tags or "*" in tags


def _attachment(name: str) -> str:
    plain = "".join(c if c.isascii() and c.isprintable() else "_" for c in name)
    plain = plain.replace('"', "_").replace("\\", "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
