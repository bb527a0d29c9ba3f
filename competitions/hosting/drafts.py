"""Drafts of competitions: begun, saved step by step, sent to be made, thrown away."""

from django.db import transaction
from django.utils import timezone

from competitions.errors import BadRequest, WrongState
from competitions.folders import assert_may_host
from competitions.folders.faults import Fault
from competitions.folders.paths import path_problem
from competitions.folders.reading import NAME
from competitions.hosting import documents
from competitions.hosting.merging import Merged, changes, merge
from competitions.models import Competition, Draft, DraftFile
from podium.accounts.models import User
from podium.common.files import store_bytes
from podium.common.models import StoredFile
from podium.datasets import actors as datasets
from podium.datasets import keeping, previews

LOGGED = 60  # saves that a draft remembers
MAX_UPLOAD = 5_000_000_000  # bytes of one upload: a folder, a zip or some files
PAGES = ("overview.md", "data.md", "evaluation.md", "rules.md", "starter.py")
State = Draft.State


class Changed(WrongState):
    """Somebody else changed the same meanwhile; `merged` says what, and who."""

    def __init__(self, merged: Merged):
        names = sorted({name for name, _ in merged.clashes.values()})
        super().__init__(
            f"{' and '.join(names)} changed the same meanwhile. Theirs stands below "
            "each field; save again to put yours in its place."
        )
        self.merged = merged


def begin(*, host: User) -> Draft:
    """Begin an empty draft."""
    assert_may_host(host)
    return Draft.objects.create(host=host, updated_by=host)


def begin_from_archive(*, host: User, archive: StoredFile) -> Draft:
    """Begin with a zip that the housekeeper unpacks, checks and makes."""
    assert_may_host(host)
    return Draft.objects.create(
        host=host, updated_by=host, archive=archive, state=State.WAITING, step="review"
    )


@transaction.atomic
def begin_from_files(*, host: User, files: dict[str, StoredFile]) -> Draft:
    """Begin with a folder's files; it is checked and made as a whole."""
    assert_may_host(host)
    draft = Draft.objects.create(
        host=host, updated_by=host, state=State.WAITING, step="review"
    )
    take_files(draft, files)
    previews.expect(_previewed(files))
    return draft


def take_files(draft: Draft, files: dict[str, StoredFile]) -> None:
    """Put a folder's files into a draft, and read its document."""
    DraftFile.objects.bulk_create(
        DraftFile(draft=draft, path=path, stored=stored)
        for path, stored in files.items()
    )
    if NAME in files:
        with files[NAME].open() as file:
            draft.document = documents.from_yaml(file.read())
    Draft.objects.filter(pk=draft.pk).update(document=draft.document)


@transaction.atomic
def save(
    *,
    draft: Draft,
    user: User,
    revision: int,
    values: dict[str, object],
    step: str = "",
    force: bool = False,
) -> tuple[Draft, Merged]:
    """Put values at their places in the document; None takes a key away.

    `revision` is the one that the form began with: what others saved since then
    stands. Where both changed the same, Changed is raised, unless `force` says that
    somebody has seen it.
    """
    draft = _held(draft)
    texts = texts_of(draft)
    current = {
        place: texts.get(place)
        if place in PAGES
        else documents.get(draft.document, place)
        for place in values
    }
    since = [] if force else [s for s in draft.log if s["revision"] > revision]
    merged = merge(values, current, [s for s in since if s["by"] != user.username])
    if merged.clashes:
        raise Changed(merged)
    _write(draft, user, changes(current, merged.values), step)
    return draft, merged


def _held(draft: Draft) -> Draft:
    draft = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if draft.state == State.WAITING:
        raise WrongState("It is being made just now: wait until that has ended.")
    if draft.competition_id and draft.competition.published_at:
        raise WrongState(
            "This competition is published: change it on its own page from now on."
        )
    return draft


def _write(draft: Draft, user: User, changed: dict, step: str) -> None:
    if step:
        draft.step = step
    new = {place: after for place, (_, after) in changed.items()}
    keys = {place: after for place, after in new.items() if place not in PAGES}
    if keys:
        draft.document = documents.put(draft.document, keys)
        # What it came with no longer says what the document says.
        draft.files.filter(path=NAME).delete()
    for path in new.keys() - keys.keys():
        _write_text(draft, path, new[path])
    _log(draft, user, changed)
    draft.save()


def _write_text(draft: Draft, path: str, text: str | None) -> None:
    if text is None:
        draft.files.filter(path=path).delete()
        return
    stored = store_bytes(text.encode())
    draft.files.update_or_create(path=path, defaults={"stored": stored})


def _log(draft: Draft, user: User, changed: dict) -> None:
    draft.updated_by, draft.updated_at = user, timezone.now()
    if not changed:
        return
    draft.revision += 1
    draft.state = State.OPEN
    draft.faults = [f for f in draft.faults if not _is_about(f, changed)]
    draft.log = [
        *draft.log[1 - LOGGED :],
        {
            "revision": draft.revision,
            "by": user.username,
            "at": draft.updated_at.isoformat(),
            "fields": changed,
        },
    ]


def _is_about(fault: dict, changed: dict) -> bool:
    if fault["file"] != NAME:
        # A file is held against the whole contract, so a change there may mend it.
        keys = {"inputs", "output", "target", "id", "split", "test", "train"}
        return fault["file"] in changed or bool(keys & changed.keys())
    return any(documents.is_at(fault["where"], place) for place in changed)


def put_files(*, draft: Draft, user: User, files: dict[str, StoredFile]) -> Draft:
    """Put files at their paths; what stood there goes. Tables wait for previews."""
    problems = [f"{path}: {told}" for path in files if (told := path_problem(path))]
    if problems:
        raise BadRequest(" ".join(problems))
    with transaction.atomic():
        draft = _held(draft)
        keeping.assert_kept(files.values())
        before = {
            file.path: file.stored
            for file in draft.files.filter(path__in=files).select_related("stored")
        }
        changed = {}
        for path, stored in files.items():
            if path in before and before[path].pk == stored.pk:
                continue
            draft.files.update_or_create(path=path, defaults={"stored": stored})
            old = before[path].sha256[:12] if path in before else None
            changed[path] = [old, stored.sha256[:12]]
        _log(draft, user, changed)
        draft.save()
        waiting = previews.expect(_previewed(files))
    _give_back(stored.pk for stored in before.values())
    if waiting:
        datasets.wake()
    return draft


def _previewed(files: dict[str, StoredFile]) -> dict[str, StoredFile]:
    return {
        path: stored
        for path, stored in files.items()
        if path.startswith(("files/", "hidden/"))
    }


def remove_files(*, draft: Draft, user: User, paths: list[str]) -> Draft:
    """Take files away, and the keys that name them."""
    with transaction.atomic():
        draft = _held(draft)
        found = list(draft.files.filter(path__in=paths).select_related("stored"))
        changed = {file.path: [file.stored.sha256[:12], None] for file in found}
        for file in found:
            file.delete()
        gone = {file.path for file in found}
        for key in ("train", "test"):
            if draft.document.get(key) in gone:
                changed[key] = [draft.document.pop(key), None]
        if changed.keys() - gone:
            draft.files.filter(path=NAME).delete()
        _log(draft, user, changed)
        draft.save()
    _give_back(file.stored_id for file in found)
    return draft


def texts_of(draft: Draft) -> dict[str, str]:
    """The pages of a draft, as they stand."""
    found = {}
    for file in draft.files.filter(path__in=PAGES).select_related("stored"):
        with file.stored.open() as content:
            found[file.path] = content.read().decode("utf-8-sig", "replace")
    return found


@transaction.atomic
def ask_for_check(draft: Draft) -> bool:
    """Let the housekeeper read a draft's rows, where there are some to read."""
    draft = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    paths = set(draft.files.values_list("path", flat=True))
    has_rows = any(path.startswith("hidden/labels.") for path in paths)
    has_contract = all(draft.document.get(key) for key in ("inputs", "output"))
    if draft.state == State.WAITING or not (has_rows and has_contract):
        return False
    _wait(draft, State.CHECK)
    return True


@transaction.atomic
def ask_for_making(*, draft: Draft, user: User) -> Draft:
    """Send a draft to be checked as a whole and made into a competition."""
    assert_may_host(draft.host)
    draft = _held(draft)
    draft.updated_by, draft.updated_at = user, timezone.now()
    _wait(draft, State.WAITING)
    return draft


def _wait(draft: Draft, state: str) -> None:
    draft.state, draft.attempts, draft.claimed_at = state, 0, None
    draft.faults = []
    draft.save()


def delete(*, draft: Draft) -> None:
    """Throw a draft away; the competition made of it, if any, stays."""
    with transaction.atomic():
        draft = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
        if draft.state == State.WAITING:
            raise WrongState("It is being made just now: wait until that has ended.")
        stored = set(draft.files.values_list("stored_id", flat=True))
        stored |= {draft.archive_id} - {None}
        draft.delete()
    _give_back(stored)


def _give_back(stored) -> None:
    pks = set(stored)
    if pks:
        transaction.on_commit(lambda: keeping.reclaim(pks), robust=True)


def as_json(faults: list[Fault]) -> list[dict]:
    """Faults as a draft keeps them."""
    return [
        {"file": fault.file, "where": fault.where, "message": fault.message}
        for fault in faults
    ]


def draft_of(competition: Competition) -> Draft | None:
    """The draft that a competition was made of, where it is still kept."""
    return Draft.objects.filter(competition=competition).first()
