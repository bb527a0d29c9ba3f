"""What people ask of datasets."""

from collections.abc import Iterable
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, ProtectedError
from django.utils import timezone

from podium.accounts.models import User
from podium.common.errors import BadRequest, NotAllowed, TooLarge, WrongState
from podium.common.models import StoredFile
from podium.common.words import size_text
from podium.datasets import actors, keeping, previews
from podium.datasets.description import catalogue_words, described
from podium.datasets.keeping import digest_of
from podium.datasets.limits import MAX_BYTES, MAX_FILES, MAX_NOTES
from podium.datasets.models import Dataset, DatasetFile, DatasetVersion
from podium.datasets.names import assert_path, assert_paths_agree, choose_slug
from podium.datasets.panels import registry

__all__ = [
    "add_version",
    "assert_files",
    "assert_owner",
    "count_download",
    "create_dataset",
    "delete_dataset",
    "digest_of",
    "edit_dataset",
    "hide_dataset",
    "next_version",
    "recount_uses",
    "show_dataset",
]


def create_dataset(
    *,
    owner: User,
    title: str,
    slug: str = "",
    files: dict[str, StoredFile] | None = None,
    notes: str = "",
    form_key: UUID | None = None,
    **words,
) -> Dataset:
    """Make a dataset, with its first version where files are given.

    `words` are subtitle, description, licence, tags and visibility. A form that was
    taken before gives back the dataset that it made.
    """
    files = files or {}
    values = described(title=title, **words)
    if form_key and (made := _made_by(owner, form_key)):
        if _is_same(made, values["title"], files):
            return made
        form_key = None  # an old page that somebody came back to, for another dataset
    try:
        with transaction.atomic():
            dataset = Dataset(
                owner=owner,
                slug=choose_slug(owner, values["title"], slug),
                form_key=form_key,
                **values,
            )
            _fill_catalogue(dataset)
            dataset.save()
            if files:
                add_version(dataset=dataset, files=files, created_by=owner, notes=notes)
    except IntegrityError:  # the same form, or the same name, at the same moment
        made = form_key and _made_by(owner, form_key)
        if made and _is_same(made, values["title"], files):
            return made
        raise WrongState(
            "You have made a dataset of this name at the same moment: look at it, or "
            "choose another name."
        ) from None
    dataset.refresh_from_db()
    return dataset


def _made_by(owner: User, form_key: UUID) -> Dataset | None:
    found = Dataset.objects.select_related("latest")
    return found.filter(owner=owner, form_key=form_key).first()


def _is_same(dataset: Dataset, title: str, files: dict[str, StoredFile]) -> bool:
    """Whether a form says what a dataset was made of."""
    first = dataset.versions.order_by("number").first()
    digest = first.digest if first else digest_of({})
    return dataset.title == title and digest == digest_of(files)


@transaction.atomic
def edit_dataset(*, dataset: Dataset, user: User, **words) -> Dataset:
    """Change what a dataset is called and who may see it; its address stays."""
    assert_owner(dataset, user)
    for name, value in described(**words).items():
        setattr(dataset, name, value)
    _fill_catalogue(dataset)
    dataset.save()
    return dataset


@transaction.atomic
def add_version(
    *, dataset: Dataset, files: dict[str, StoredFile], created_by: User, notes: str = ""
) -> DatasetVersion:
    """Add the next version of a dataset from files that are already kept."""
    assert_files(files)
    dataset = Dataset.objects.select_for_update().get(pk=dataset.pk)
    keeping.assert_kept(files.values())
    last = dataset.versions.order_by("-number").first()
    version = DatasetVersion.objects.create(
        dataset=dataset,
        number=last.number + 1 if last else 1,
        digest=digest_of(files),
        notes=notes,
        file_count=len(files),
        size=sum(stored.size for stored in files.values()),
        created_by=created_by,
    )
    DatasetFile.objects.bulk_create(
        (
            DatasetFile(version=version, path=path, stored=stored)
            for path, stored in sorted(files.items())
        ),
        batch_size=500,
    )
    Dataset.objects.filter(pk=dataset.pk).update(
        latest=version, updated_at=timezone.now()
    )
    if previews.expect(files):
        transaction.on_commit(actors.wake, robust=True)
    return version


@transaction.atomic
def next_version(
    *,
    dataset: Dataset,
    created_by: User,
    files: dict[str, StoredFile],
    removed: Iterable[str] = (),
    keep: bool = True,
    base: int | None = None,
    notes: str = "",
) -> tuple[DatasetVersion, bool]:
    """Add a version: files that are new or changed, and those that are carried over.

    `base` is the number of the version that the sender looked at, by default the
    newest one. Files that equal the newest version's are no new version: then that one
    comes back, and False. So a form that is sent twice makes one version.
    """
    assert_owner(dataset, created_by)
    if len(notes) > MAX_NOTES:
        raise BadRequest(f"The notes have at most {MAX_NOTES} characters.")
    dataset = Dataset.objects.select_for_update().get(pk=dataset.pk)
    newest = dataset.versions.order_by("-number").first()
    ground = newest
    if newest and base not in (None, newest.number):
        ground = dataset.versions.filter(number=base).first()
    whole = {**(_files_of(ground) if ground and keep else {})}
    for path in removed:
        whole.pop(path, None)
    whole.update(files)
    if newest and digest_of(whole) == newest.digest:
        return newest, False
    if ground != newest:
        raise WrongState(
            f"Version {newest.number} has been made since you opened this page: look "
            "at it, then send your files again."
        )
    return add_version(
        dataset=dataset, files=whole, created_by=created_by, notes=notes.strip()
    ), True


def delete_dataset(*, dataset: Dataset, user: User) -> None:
    """Delete a dataset with all its versions, and the bytes that nothing else holds."""
    assert_owner(dataset, user)
    stored = set(
        DatasetFile.objects.filter(version__dataset=dataset).values_list(
            "stored_id", flat=True
        )
    )
    try:
        with transaction.atomic():
            dataset.delete()
    except ProtectedError as error:
        users = sorted({str(each) for each in error.protected_objects})
        raise WrongState(
            f"This dataset is used by {', '.join(users[:3])}, so it cannot be deleted; "
            "make it private instead."
        ) from None
    transaction.on_commit(lambda: keeping.reclaim(stored), robust=True)


def hide_dataset(*, dataset: Dataset, reason: str) -> None:
    """Staff hide a dataset from all but its owner, who is told the reason."""
    if not reason.strip():
        raise BadRequest("Say why the dataset is hidden: its owner reads it.")
    Dataset.objects.filter(pk=dataset.pk).update(
        hidden_at=timezone.now(), hidden_reason=reason.strip()[:400]
    )


def show_dataset(*, dataset: Dataset) -> None:
    """Staff show a hidden dataset again."""
    Dataset.objects.filter(pk=dataset.pk).update(hidden_at=None, hidden_reason="")


def count_download(dataset: Dataset) -> None:
    """Count a download that began."""
    Dataset.objects.filter(pk=dataset.pk).update(download_count=F("download_count") + 1)


def recount_uses(dataset: Dataset) -> int:
    """Ask the panels how often a dataset is used, for the order of the catalogue."""
    count = sum(panel.count(dataset) for panel in registry)
    Dataset.objects.filter(pk=dataset.pk).update(use_count=count)
    return count


def assert_files(files: dict[str, object]) -> None:
    """Refuse files that no version can be made of; they need not be kept yet."""
    if not files:
        raise BadRequest("A version has at least one file: choose some.")
    if len(files) > MAX_FILES:
        raise TooLarge(
            f"There are {len(files)} files: a version has at most {MAX_FILES}. Put "
            "them into an archive."
        )
    for path in files:
        assert_path(path)
    assert_paths_agree(files)
    size = sum(file.size for file in files.values())
    if size > MAX_BYTES:
        raise TooLarge(
            f"The files have {size_text(size)} together: a version has at most "
            f"{size_text(MAX_BYTES)}."
        )


def _files_of(version: DatasetVersion) -> dict[str, StoredFile]:
    return {file.path: file.stored for file in version.files.select_related("stored")}


def _fill_catalogue(dataset: Dataset) -> None:
    for name, value in catalogue_words(dataset).items():
        setattr(dataset, name, value)


def assert_owner(dataset: Dataset, user: User) -> None:
    """Refuse whoever may not change a dataset."""
    if not dataset.is_kept_by(user):
        raise NotAllowed("Only its owner can change a dataset.")
