"""Opens a competition folder, or a zip of one, without trusting it."""

import shutil
import stat
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from django.conf import settings

from competitions.folders.faults import Fault, FolderFaults
from competitions.folders.paths import path_problem

MAX_FILES = 10_000
MAX_BYTES = 20_000_000_000  # of all files together, unpacked
CHUNK = 1 << 20
ENCRYPTED = 1  # a bit of a zip member's flags
READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
MARKER = "competition.yaml"


@contextmanager
def opened(path: Path) -> Iterator[dict[str, Path]]:
    """The files of a folder or a zip by their path; a zip is unpacked for a while.

    Links, special files, paths that lead elsewhere and zips that are damaged or too
    large raise FolderFaults, all told at once.
    """
    path = Path(path)
    if path.is_dir():
        yield _folder_files(path)
        return
    if not path.is_file() or not zipfile.is_zipfile(path):
        raise _refusal(path, "is neither a folder nor a readable zip of one")
    with tempfile.TemporaryDirectory(dir=settings.SCRATCH, prefix="folder-") as scratch:
        yield _unpacked(path, Path(scratch))


def _refusal(path: Path, message: str) -> FolderFaults:
    return FolderFaults([Fault(path.name, "", message)])


def _folder_files(folder: Path) -> dict[str, Path]:
    files: dict[str, Path] = {}
    faults = []
    for found in sorted(folder.rglob("*")):
        name = found.relative_to(folder).as_posix()
        mode = found.lstat().st_mode
        if stat.S_ISDIR(mode):
            continue
        if not stat.S_ISREG(mode):
            faults.append(_odd(name))
        elif problem := path_problem(name):
            faults.append(Fault(_shown(name), "", problem))
        else:
            files[name] = found
    size = sum(each.stat().st_size for each in files.values())
    _check_amount(folder, len(files) + len(faults), size)
    if faults:
        raise FolderFaults(faults)
    return files


def _unpacked(path: Path, scratch: Path) -> dict[str, Path]:
    """Unpack a zip's regular files below `scratch`, once every name is seen to be safe.

    Files are written under numbers, so that no name of theirs touches the disk.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = _safe_members(path, archive)
            files = {}
            for number, (name, member) in enumerate(sorted(members.items())):
                # The last part keeps its ending, which says how to read it.
                target = scratch / f"{number}-{PurePosixPath(name).name[-60:]}"
                _extract(archive, member, target)
                files[name] = target
            return files
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise _refusal(path, f"is a damaged zip: {error}") from None


def _safe_members(path: Path, archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    members = [each for each in archive.infolist() if not each.is_dir()]
    size = sum(each.file_size for each in members)
    _check_amount(path, len(members), size)
    if size > shutil.disk_usage(settings.SCRATCH).free:
        raise _refusal(path, f"unpacks to {size / 1e9:.1f} GB; no disk space is left")
    top = _top_folder([each.filename for each in members])
    faults, safe = [], {}
    for member in members:
        name = member.filename.removeprefix(top)
        mode = member.external_attr >> 16
        if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            faults.append(_odd(member.filename))
        elif member.flag_bits & ENCRYPTED:
            message = "is encrypted: make the zip without a password"
            faults.append(Fault(_shown(member.filename), "", message))
        elif member.compress_type not in READABLE:
            message = "is compressed in an unusual way: use plain deflate"
            faults.append(Fault(_shown(member.filename), "", message))
        elif problem := path_problem(name):
            faults.append(Fault(_shown(member.filename), "", problem))
        safe[name] = member
    for name, times in Counter(each.filename for each in members).items():
        if times > 1:
            faults.append(Fault(_shown(name), "", f"is in the zip {times} times"))
    if faults:
        raise FolderFaults(faults)
    return safe


def _top_folder(names: list[str]) -> str:
    """The one folder around everything, with its slash, where a zip has one."""
    tops = {name.partition("/")[0] for name in names}
    if len(tops) == 1 and MARKER not in names:
        top = tops.pop()
        if f"{top}/{MARKER}" in names:
            return f"{top}/"
    return ""


def _extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    """Write one member; it never gives more bytes than its entry declares."""
    with archive.open(member) as source, target.open("wb") as file:
        while chunk := source.read(CHUNK):
            file.write(chunk)


def _check_amount(path: Path, files: int, size: int) -> None:
    if files > MAX_FILES:
        raise _refusal(path, f"holds {files:,} files; {MAX_FILES:,} are the most")
    if size > MAX_BYTES:
        raise _refusal(
            path, f"holds {size / 1e9:.1f} GB; {MAX_BYTES // 10**9} GB are the most"
        )


def _odd(name: str) -> Fault:
    return Fault(
        _shown(name), "", "is a link or a special file: put a plain file there"
    )


def _shown(name: str) -> str:
    """A name that any terminal and database can show."""
    return name.encode("utf-8", "backslashreplace").decode()
