"""Names of datasets in addresses, and paths of the files in them."""

import unicodedata
from collections.abc import Iterable

from django.utils.text import slugify

from podium.common.errors import BadRequest, WrongState
from podium.common.paths import path_problem, slug_problem
from podium.datasets.models import Dataset

LONGEST = 60  # of a slug that is made from a title; leaves room for a number


def choose_slug(owner, title: str, wanted: str = "") -> str:
    """The slug asked for, else a free one made from the title."""
    if not wanted:
        return _free_slug(owner, title)
    if problem := slug_problem(wanted):
        raise BadRequest(f"The name in the address {problem}.")
    if Dataset.objects.filter(owner=owner, slug=wanted).exists():
        raise WrongState(
            f"You have a dataset with the address name {wanted!r} already: choose "
            "another, or add a version to that one."
        )
    return wanted


def _free_slug(owner, title: str) -> str:
    stem = slugify(title)[:LONGEST].strip("-_") or "dataset"
    if slug_problem(stem):
        stem = f"{stem}-dataset"
    used = set(
        Dataset.objects.filter(owner=owner, slug__startswith=stem).values_list(
            "slug", flat=True
        )
    )
    slug, number = stem, 2
    while slug in used:
        slug, number = f"{stem}-{number}", number + 1
    return slug


def assert_path(path: str) -> None:
    """Refuse a path that cannot stand in a dataset, in one sentence."""
    problem = path_problem(path)
    if not problem and any(unicodedata.bidirectional(c) in _TURNING for c in path):
        problem = "its name must not hold marks that turn the text around"
    if problem:
        raise BadRequest(f"{_shown(path)} cannot be taken: {problem}.")


def assert_paths_agree(paths: Iterable[str]) -> None:
    """Refuse two paths that a folder of some computer could not hold side by side."""
    files: dict[str, str] = {}
    for path in sorted(paths):
        twin = files.setdefault(_key(path), path)
        if twin != path:
            raise BadRequest(
                f"{_shown(twin)} and {_shown(path)} differ only in case or accents: "
                "rename one of them."
            )
    for path in files.values():
        parts = _key(path).split("/")
        for end in range(1, len(parts)):
            if (file := files.get("/".join(parts[:end]))) is not None:
                raise BadRequest(
                    f"{_shown(file)} is a file and a folder at once: rename one of "
                    "them."
                )


_TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def _key(path: str) -> str:
    """What paths share that the file systems of some computers take for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def _shown(path: str) -> str:
    """A path in quotation marks, made harmless and not too long to read."""
    plain = "".join(c if c.isprintable() else "\ufffd" for c in path)
    return f"“{plain}”" if len(plain) <= 120 else f"“{plain[:120]}…”"
