"""Files that a step of the wizard takes: where each goes in the folder."""

from pathlib import PurePosixPath

from competitions.errors import BadRequest
from competitions.hosting import documents, drafts
from competitions.models import Draft
from podium.accounts.models import User
from podium.common.models import StoredFile
from podium.datasets import keeping
from podium.datasets.uploads import ReceivedFile
from scoring import artifact
from scoring.errors import SubmissionError
from scoring.tables import FORMATS

PNG = b"\x89PNG\r\n\x1a\n"
MAX_COVER = 5_000_000  # bytes


def take(draft: Draft, user: User, step: str, request) -> Draft:
    """Keep what came with a step's form, and take away what was ticked.

    Raises Refused with all that is wrong with the files; none of them is kept then.
    """
    removed = request.POST.getlist("remove")
    if removed:
        draft = drafts.remove_files(draft=draft, user=user, paths=removed)
    uploads, problems = _placed(step, request)
    if problems:
        raise BadRequest(" ".join(problems))
    if uploads:
        with keeping.kept(uploads) as stored:
            draft = drafts.put_files(draft=draft, user=user, files=stored)
        draft = _one_of_a_kind(draft, user, set(uploads))
    if step == "contract":
        draft = _name_baselines(draft, user, request, list(uploads))
    return draft


def _placed(step: str, request) -> tuple[dict[str, ReceivedFile], list[str]]:
    """Uploads by their path in the folder, and what is wrong with them."""
    found: dict[str, ReceivedFile] = {}
    problems = []
    for name, place, check in _PLACES.get(step, ()):
        for file in request.FILES.getlist(name):
            path, problem = place(file), check(file)
            if not file.size:
                problem = f"{file.name} is empty."
            if problem:
                problems.append(problem)
            else:
                found[path] = file
    return found, problems


def _below_files(file) -> str:
    return f"files/{file.name}"


def _hidden(stem: str):
    def place(file) -> str:
        return f"hidden/{stem}{_ending(file.name)}"

    return place


def _baseline(file) -> str:
    return f"baselines/{PurePosixPath(file.name).name}"


def _ending(name: str) -> str:
    return next((e for e in sorted(FORMATS) if name.lower().endswith(e)), "")


def _anything(file) -> str:
    return ""


def _is_table(file) -> str:
    if not _ending(file.name):
        return (
            f"{file.name} is no table and no arrays: send .csv, .csv.gz, .parquet or "
            ".npz."
        )
    with open(file.path, "rb") as opened:
        head = opened.read(4)
    wanted = {".parquet": b"PAR1", ".npz": b"PK", ".csv.gz": b"\x1f\x8b"}
    start = wanted.get(_ending(file.name))
    if start and not head.startswith(start):
        return f"{file.name} is not what its name says: its content is another kind."
    if not start and (b"\0" in head or head.startswith((b"PK", b"PAR1", b"\x1f\x8b"))):
        return f"{file.name} is not what its name says: it holds no plain text."
    return ""


def _is_artifact(file) -> str:
    try:
        artifact.identify(file.path)
    except SubmissionError as error:
        return f"{file.name} cannot be run: {error.message}"
    return ""


def _is_cover(file) -> str:
    with open(file.path, "rb") as opened:
        is_png = opened.read(8) == PNG
    if not is_png or file.size > MAX_COVER:
        return f"{file.name} is no PNG image of at most 5 MB."
    return ""


_PLACES = {
    "data": (("files", _below_files, _anything),),
    "hidden": (
        ("test_file", _hidden("test"), _is_table),
        ("labels_file", _hidden("labels"), _is_table),
    ),
    "contract": (("baseline_files", _baseline, _is_artifact),),
    "pages": (("cover_file", lambda file: "cover.png", _is_cover),),
}


def _one_of_a_kind(draft: Draft, user: User, new: set[str]) -> Draft:
    """hidden/test.csv replaces hidden/test.npz: there is one of each."""
    stale = [
        file.path
        for file in draft.files.all()
        for stem in ("hidden/test.", "hidden/labels.")
        if file.path.startswith(stem)
        and file.path not in new
        and any(path.startswith(stem) for path in new)
    ]
    if not stale:
        return draft
    return drafts.remove_files(draft=draft, user=user, paths=stale)


def _name_baselines(draft: Draft, user: User, request, new: list[str]) -> Draft:
    """The document's list of baselines: those that are there, with their names."""
    paths = {
        file.path for file in draft.files.all() if file.path.startswith("baselines/")
    }
    listed = documents.get(draft.document, "baselines") or []
    kept = [
        {**each, "name": request.POST.get(f"name:{each['file']}", each["name"]).strip()}
        for each in listed
        if each.get("file") in paths
    ]
    known = {each["file"] for each in kept}
    for path in sorted(paths - known):
        stem = PurePosixPath(path).name.partition(".")[0]
        words = stem.replace("_", " ").replace("-", " ").strip().capitalize()
        kept.append({"name": words or stem, "file": path})
    draft, _ = drafts.save(
        draft=draft,
        user=user,
        revision=draft.revision,
        values={"baselines": kept or None},
    )
    return draft


def open_test(draft: Draft, user: User, wanted: bool) -> Draft:
    """Put the hidden inputs among the participants' files, or take them away again."""
    files: dict[str, StoredFile] = {
        file.path: file.stored for file in draft.files.select_related("stored")
    }
    hidden = next((path for path in files if path.startswith("hidden/test.")), None)
    named = draft.document.get("test")
    if wanted and hidden:
        path = f"files/test{_ending(hidden)}"
        draft = drafts.put_files(draft=draft, user=user, files={path: files[hidden]})
        values = {"test": path}
    elif not wanted and named:
        if hidden and named in files and files[named].pk == files[hidden].pk:
            draft = drafts.remove_files(draft=draft, user=user, paths=[named])
        values = {"test": None}
    else:
        return draft
    draft, _ = drafts.save(
        draft=draft, user=user, revision=draft.revision, values=values
    )
    return draft
