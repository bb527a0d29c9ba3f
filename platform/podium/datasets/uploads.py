"""Taking in many files at once: to disk from the first byte, hashed on the way.

Django's own parser keeps an open file for each upload and drops the folders from their
names. This handler takes the body in its place: a file is closed once it has arrived,
its name is left as it was sent for the dataset to judge, and an upload that breaks off
is refused as a whole and leaves nothing behind.
"""

import contextlib
import errno
import hashlib
import os
import shutil
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler
from django.http import QueryDict, UnreadablePostError
from django.http.multipartparser import (
    FIELD,
    FILE,
    ChunkIter,
    LazyStream,
    MultiPartParserError,
    Parser,
)
from django.utils.datastructures import MultiValueDict

from podium.common.errors import BadRequest, Refused, TooLarge
from podium.common.words import size_text
from podium.datasets.limits import (
    MAX_BYTES,
    MAX_FIELD_BYTES,
    MAX_FIELDS,
    MAX_FILES,
)

CHUNK = 1 << 20
PREFIX = "dataset-"  # of temporary names, so that leftovers are known
SPARE = 200_000_000  # bytes of disk that are left alone
_FORM_BYTES = 10_000_000  # beside the files: fields, names, boundaries
_DRAINED = 64_000_000  # of a refused body, so that a browser gets to read why


class NoRoom(Refused):
    """The disk is full."""

    status = 507


class ReceivedFile:
    """An upload on disk, closed; closing it deletes what has not been moved away."""

    def __init__(self, name: str, path: Path, size: int, sha256: str):
        self.name, self.path, self.size, self.sha256 = name, path, size, sha256

    def temporary_file_path(self) -> str:
        return str(self.path)

    def seek(self, place: int) -> None:
        """It is moved, or read from its beginning."""

    def chunks(self, size: int = CHUNK):
        with open(self.path, "rb") as file:
            while chunk := file.read(size):
                yield chunk

    def close(self) -> None:
        self.path.unlink(missing_ok=True)


def receive(request, most: int = MAX_BYTES) -> None:
    """Take in the body of a request; `request.POST` and `request.FILES` hold it then.

    `most` is how many bytes its files may have together.

    Raises Refused with a sentence; what had arrived is gone then.
    """
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if length > most + _FORM_BYTES:
        raise TooLarge(
            f"The request has {size_text(length)}: at most {size_text(most)} are taken "
            "at once."
        )
    if length + SPARE > shutil.disk_usage(settings.FILE_UPLOAD_TEMP_DIR).free:
        raise _no_room()
    request.upload_handlers = [FolderUpload(request)]
    try:
        request.POST  # noqa: B018  reading it is what parses the body
    except (MultiPartParserError, UnreadablePostError):
        raise _cut_off() from None


def by_path(files: list[ReceivedFile]) -> dict[str, ReceivedFile]:
    """Uploads by the path that each is to have."""
    found: dict[str, ReceivedFile] = {}
    for file in files:
        first = found.setdefault(file.name, file)
        if first.sha256 != file.sha256:
            raise BadRequest(
                f"“{file.name[:120]}” came twice with different content: send it once."
            )
    return found


class FolderUpload(FileUploadHandler):
    """Reads a multipart body in Django's place."""

    chunk_size = CHUNK

    def handle_raw_input(
        self, input_data, META, content_length, boundary, encoding=None
    ):
        intake = _Intake(_Counted(input_data), content_length, encoding or "utf-8")
        try:
            return intake.take(boundary)
        except BaseException as error:
            intake.drop()
            if isinstance(error, Refused):
                intake.drain()
            if isinstance(error, OSError) and error.errno == errno.ENOSPC:
                raise _no_room() from error
            raise


class _Counted:
    """A stream that knows how much was read of it."""

    def __init__(self, stream):
        self.stream, self.count = stream, 0

    def read(self, size: int) -> bytes:
        data = self.stream.read(size)
        self.count += len(data)
        return data


class _Intake:
    """One body on its way to disk."""

    def __init__(self, source: _Counted, length: int, encoding: str):
        self.source, self.length, self.encoding = source, length, encoding
        self.fields = QueryDict(mutable=True, encoding=encoding)
        self.files: MultiValueDict = MultiValueDict()
        self.field_count = self.field_bytes = self.file_count = 0
        self.pending: tuple[str, ReceivedFile] | None = None
        self.open_path: Path | None = None

    def take(self, boundary: bytes):
        parts = Parser(LazyStream(ChunkIter(self.source, CHUNK)), boundary)
        for kind, headers, stream in parts:
            self._complete()  # a file is whole when another part, or the end, follows
            name, file_name = self._names(headers)
            if kind == FIELD:
                self._take_field(name, stream)
            elif kind == FILE and file_name:
                self._take_file(name, file_name, stream)
        if self.pending or self.source.count < self.length:
            raise _cut_off()
        self.fields._mutable = False
        return self.fields, self.files

    def drop(self) -> None:
        """Delete everything that has arrived."""
        for _, files in self.files.lists():
            for file in files:
                file.close()
        if self.open_path:
            self.open_path.unlink(missing_ok=True)

    def drain(self) -> None:
        """Read a little on: a browser reads no answer while it still sends."""
        left = min(self.length - self.source.count, _DRAINED)
        with contextlib.suppress(OSError):
            while left > 0 and (data := self.source.read(min(left, CHUNK))):
                left -= len(data)

    def _complete(self) -> None:
        if self.pending:
            self.files.appendlist(*self.pending)
            self.pending = self.open_path = None

    def _names(self, headers) -> tuple[str, str]:
        parameters = headers.get("content-disposition", ("", {}))[1]
        return tuple(
            _text(parameters.get(key, ""), self.encoding)
            for key in ("name", "filename")
        )

    def _take_field(self, name: str, stream) -> None:
        data = stream.read(size=MAX_FIELD_BYTES + 1)
        self.field_count += 1
        self.field_bytes += len(name) + len(data)
        if self.field_count > MAX_FIELDS or self.field_bytes > MAX_FIELD_BYTES:
            raise TooLarge(
                f"The form has more than {MAX_FIELDS} fields or "
                f"{size_text(MAX_FIELD_BYTES)} of text beside its files."
            )
        self.fields.appendlist(name, _text(data, self.encoding))

    def _take_file(self, name: str, file_name: str, stream) -> None:
        self.file_count += 1
        if self.file_count > MAX_FILES:
            raise TooLarge(
                f"There are more than {MAX_FILES} files: put them into an archive."
            )
        path = Path(settings.FILE_UPLOAD_TEMP_DIR, f"{PREFIX}{uuid4().hex}")
        self.open_path = path
        digest, size = hashlib.sha256(), 0
        with open(path, "wb", opener=_private) as file:
            for chunk in stream:
                file.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        received = ReceivedFile(file_name, path, size, digest.hexdigest())
        self.pending = (name, received)


def _private(path, flags) -> int:
    return os.open(path, flags | os.O_EXCL, 0o600)


def _text(value: bytes | str, encoding: str) -> str:
    return value if isinstance(value, str) else value.decode(encoding, "replace")


def _cut_off() -> BadRequest:
    return BadRequest(
        "The upload broke off before all of it had arrived, so nothing was kept: send "
        "it again."
    )


def _no_room() -> NoRoom:
    return NoRoom(
        "The server has no room for these files: nothing was kept; tell its operator."
    )
