"""Archives opened without trusting them: every member is checked before it is written.

Only regular files with plain relative names are unpacked, by our own code, with the
sizes counted as they come out and not as the archive claims.
"""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from scoring.artifact import (
    COMPRESSED_OTHERWISE,
    ZIP_FAULTS,
    check_zip_directory,
    model_folder,
)
from scoring.errors import FileLimit, RefusedContent, UnreadableFile

MAX_MEMBERS = 2_000
MAX_RATIO = 100
RATIO_FROM_BYTES = 16 * 2**20
COPY_BYTES = 2**20

TOO_LARGE = "The archive unpacks to more than {limit_mb} MB."
BOMB = "The archive is compressed far beyond what a model is."
DAMAGED = "The archive is damaged or cut off."
OTHER_COMPRESSION = "The archive uses a compression that cannot be read; use deflate."


def check_zip(file: BinaryIO, max_bytes: int) -> list[zipfile.ZipInfo]:
    """Check every member of an open zip; return the regular ones."""
    try:
        check_zip_directory(file)
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
    except ZIP_FAULTS as error:
        raise UnreadableFile(DAMAGED) from error
    _check_names([member.filename for member in members])
    for member in members:
        if member.flag_bits & 1:
            raise UnreadableFile("The archive is encrypted.")
        if (member.external_attr >> 16) & 0o170000 == 0o120000:
            raise RefusedContent("The archive holds a link.")
        if member.file_size > RATIO_FROM_BYTES:
            _check_ratio(member.file_size, member.compress_size)
    _check_size(sum(member.file_size for member in members), max_bytes)
    return [member for member in members if not member.is_dir()]


def unpack(file: BinaryIO, folder: Path, max_bytes: int) -> Path:
    """Unpack a SavedModel's zip or tar.gz; return the folder of its saved_model.pb."""
    is_zip = file.read(2) == b"PK"
    file.seek(0)
    if is_zip:
        check_zip(file, max_bytes)
    members = _zip_members(file) if is_zip else _tar_members(file)
    try:
        names = _write(members, folder, max_bytes)
    except COMPRESSED_OTHERWISE as error:
        raise UnreadableFile(OTHER_COMPRESSION) from error
    except (*ZIP_FAULTS, tarfile.TarError) as error:
        raise UnreadableFile(DAMAGED) from error
    inner = model_folder(names)
    if inner is None:
        raise UnreadableFile(
            "The archive holds no saved_model.pb at its root or in a single folder."
        )
    return folder / inner


def _zip_members(file: BinaryIO) -> Iterator[tuple[str, BinaryIO]]:
    with zipfile.ZipFile(file) as archive:
        for member in archive.infolist():
            if not member.is_dir():
                with archive.open(member) as content:
                    yield member.filename, content


def _tar_members(file: BinaryIO) -> Iterator[tuple[str, BinaryIO]]:
    with tarfile.open(fileobj=file, mode="r|gz") as archive:
        for member in archive:
            if member.issym() or member.islnk():
                raise RefusedContent("The archive holds a link.")
            if not (member.isfile() or member.isdir()):
                raise RefusedContent("The archive holds a device or a pipe.")
            if member.isfile():
                yield member.name.removeprefix("./"), archive.extractfile(member)


def _write(members, folder: Path, max_bytes: int) -> list[str]:
    """Write the members below a folder, counting names and bytes as they come."""
    names: list[str] = []
    left = max_bytes
    for name, content in members:
        names.append(name)
        _check_names(names[-1:])
        if len(names) > MAX_MEMBERS:
            raise RefusedContent(f"The archive holds more than {MAX_MEMBERS} members.")
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with open(target, "xb") as out:
                while block := content.read(COPY_BYTES):
                    left -= len(block)
                    _check_size(max_bytes - left, max_bytes)
                    out.write(block)
        except (FileExistsError, IsADirectoryError, NotADirectoryError) as error:
            raise RefusedContent("The archive holds a member twice.") from error
    return names


def _check_names(names: list[str]) -> None:
    if len(names) > MAX_MEMBERS:
        raise RefusedContent(f"The archive holds more than {MAX_MEMBERS} members.")
    if len(set(names)) < len(names):
        raise RefusedContent("The archive holds a member twice.")
    for name in names:
        parts = PurePosixPath(name).parts
        short = all(len(part.encode(errors="replace")) <= 255 for part in parts)
        if not short:
            raise UnreadableFile("The archive holds a member with too long a name.")
        plain = name and not name.startswith("/") and ".." not in parts
        if not plain or "\\" in name or "\0" in name or len(name) > 1000:
            raise RefusedContent("The archive holds a member outside its own folder.")


def _check_ratio(size: int, packed: int) -> None:
    if size > MAX_RATIO * max(packed, 1):
        raise RefusedContent(BOMB)


def _check_size(size: int, max_bytes: int) -> None:
    if size > max_bytes:
        raise FileLimit(TOO_LARGE.format(limit_mb=max_bytes // 1_000_000))
