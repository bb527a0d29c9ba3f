"""The folder below which everything is written: room, and who may read it."""

import os
import shutil
import stat
import tempfile

from django.conf import settings

from podium.site.doctor.finding import Finding, lacks, note, ok

LEAST_BYTES = 10**9  # an upload, its scratch folder and the database at once
PLENTY_BYTES = 10 * 10**9
LEAST_INODES = 50_000  # one run may make 20,000 files


def examine(about: str) -> list[Finding]:
    return [_room(about), *_permissions(about)]


def _room(about: str) -> Finding:
    home = settings.HOME
    try:
        with tempfile.NamedTemporaryFile(dir=home) as file:
            file.write(b"Is this disk writable?")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return lacks(
            about, f"PODIUM_HOME is {home}, which takes no file: {error.strerror}."
        )
    free = shutil.disk_usage(home).free
    files = os.statvfs(home)
    told = f"All is written below {home}, where {free / 1e9:.1f} GB are free"
    if free < LEAST_BYTES:
        return lacks(about, f"{told}: Podium needs 1 GB at the least.")
    if files.f_files and files.f_favail < LEAST_INODES:
        return lacks(about, f"{told}, but only {files.f_favail} more files.")
    if free < PLENTY_BYTES:
        return note(about, f"{told}: artifacts and predictions are kept and add up.")
    return ok(about, f"{told}.")


def _permissions(about: str) -> list[Finding]:
    findings = [_home_is_closed(about)]
    key = settings.HOME / "secret-key"
    if key.exists():
        findings.append(_key_is_closed(about, key))
    else:
        findings.append(ok(about, "The secret key comes from PODIUM_SECRET_KEY."))
    return findings


def _home_is_closed(about: str) -> Finding:
    mode = stat.S_IMODE(settings.HOME.stat().st_mode)
    if mode & 0o007:
        return lacks(
            about,
            f"Every user of this machine can look into {settings.HOME}, where labels "
            f"and uploads lie: chmod o-rwx {settings.HOME}",
        )
    return ok(about, f"Other users of this machine cannot look into it ({mode:04o}).")


def _key_is_closed(about: str, key) -> Finding:
    mode = stat.S_IMODE(key.stat().st_mode)
    if mode & 0o077:
        return lacks(
            about,
            f"Others can read the secret key ({mode:04o}): chmod 600 {key}, and delete "
            "it if somebody may have; the next start makes a new one.",
        )
    return ok(about, f"The secret key is readable by its owner alone ({mode:04o}).")
