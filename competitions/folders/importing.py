"""From a checked folder to a competition: files first, then rows in one transaction."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction

from competitions import hidden
from competitions.errors import NotAllowed, WrongState
from competitions.folders import publishing
from competitions.folders.checking import Folder, check_folder
from competitions.folders.document import Document
from competitions.folders.faults import Fault, FolderFaults
from competitions.folders.opening import opened
from competitions.hidden import KeptRows
from competitions.models import AuditEntry, Competition, RulesVersion, SourceFile
from podium.accounts.models import User
from podium.common.files import store_path
from podium.common.models import StoredFile
from podium.datasets.services import create_dataset, delete_dataset, digest_of
from scoring import metrics


@dataclass(frozen=True)
class Kept:
    """What lies in the store before any row of the competition is made."""

    sources: dict[str, StoredFile]
    rows: KeptRows

    def below(self, folder: str) -> dict[str, StoredFile]:
        """The files of a folder, by their path in it."""
        return {
            path.removeprefix(f"{folder}/"): stored
            for path, stored in self.sources.items()
            if path.startswith(f"{folder}/")
        }


def import_folder(
    path: Path | str, *, host: User, publish: bool = False, slug: str | None = None
) -> Competition:
    """Make a competition of a folder or a zip of one; nothing is half imported.

    Raises FolderFaults with all that is wrong, or NotAllowed where the user may not
    host. `slug` names the competition otherwise than its own key does.
    """
    assert_may_host(host)
    with opened(Path(path)) as files:
        return import_files(files, host=host, publish=publish, slug=slug)


def import_files(
    files: dict[str, Path],
    *,
    host: User,
    publish: bool = False,
    slug: str | None = None,
    replaces: Competition | None = None,
    actor: User | None = None,
) -> Competition:
    """Make a competition of a folder's files, by their paths in it.

    `replaces` is one that nobody has seen yet, whose place the new one takes.
    """
    folder = check_folder(files, host=host, slug=slug, replaces=replaces)
    kept = _keep(folder)
    try:
        with transaction.atomic():
            entries = _withdraw(replaces) if replaces else []
            competition = _create(folder, kept, host)
            AuditEntry.objects.filter(pk__in=entries).update(competition=competition)
            if publish:
                publishing.publish(competition)
            _audit(competition, kept, publish, actor or host)
    except IntegrityError as error:
        if not Competition.objects.filter(slug=folder.slug).exists():
            raise
        message = f"a competition {folder.slug!r} has been made meanwhile"
        raise FolderFaults([Fault("competition.yaml", "slug", message)]) from error
    return competition


def assert_may_host(user: User) -> None:
    """Raise NotAllowed where hosting needs an approval that a user does not have."""
    if settings.HOSTING == "approved" and not (user.may_host or user.is_staff):
        raise NotAllowed(
            f"{user.username} may not host competitions here: staff must allow it."
        )


def _withdraw(competition: Competition) -> list[int]:
    """Delete an unpublished competition and its dataset; its history is handed on."""
    competition = Competition.objects.select_for_update().get(pk=competition.pk)
    if competition.published_at:
        raise WrongState("It is published by now, so its data stays as it is.")
    entries = list(competition.audit_entries.values_list("pk", flat=True))
    AuditEntry.objects.filter(pk__in=entries).update(competition=None)
    version = competition.dataset_version
    competition.dataset_version = competition.hidden_test_set = None
    competition.save(update_fields=["dataset_version", "hidden_test_set"])
    competition.delete()
    if version:
        delete_dataset(dataset=version.dataset, user=version.dataset.owner)
    return entries


def _keep(folder: Folder) -> Kept:
    files = folder.layout.files
    return Kept(
        sources={path: store_path(files[path]) for path in sorted(files)},
        rows=hidden.keep_rows(folder.rows.inputs, folder.rows.labels),
    )


def _create(folder: Folder, kept: Kept, host: User) -> Competition:
    competition = Competition.objects.create(
        slug=folder.slug,
        host=host,
        cover=kept.sources.get("cover.png"),
        overview=folder.layout.texts["overview.md"],
        data_text=folder.layout.texts["data.md"],
        evaluation=folder.layout.texts["evaluation.md"],
        starter=folder.layout.texts.get("starter.py", ""),
        contract=folder.contract.to_dict(),
        **row_values(folder.document),
    )
    RulesVersion.objects.create(
        competition=competition, number=1, text=folder.layout.texts["rules.md"]
    )
    SourceFile.objects.bulk_create(
        SourceFile(competition=competition, path=path, stored=stored)
        for path, stored in kept.sources.items()
    )
    competition.dataset_version = _add_dataset(folder, kept, host)
    digest = digest_of(kept.below("hidden"))
    competition.hidden_test_set = hidden.add_test_set(competition, kept.rows, digest)
    competition.save(update_fields=["dataset_version", "hidden_test_set"])
    return competition


def row_values(document: Document) -> dict:
    """What a competition's row says of a document, but for its slug and contract."""
    return {**_told(document), **_asked(document), **_allowed(document)}


def _told(document: Document) -> dict:
    """The words, the visibility and the dates."""
    return {
        "title": document.title,
        "subtitle": document.subtitle,
        "tags": document.tags,
        "licence": document.licence,
        "visibility": document.visibility,
        "opens_at": document.opens_at,
        "closes_at": document.closes_at,
        "entry_deadline": document.entry_deadline,
        "team_deadline": document.team_deadline,
        "time_zone": document.time_zone,
    }


def _asked(document: Document) -> dict:
    """What submissions are, and what they are measured by."""
    split, specs = document.split, document.metric_specs
    if split != "column":
        split = {"public": str(split.public), "seed": split.seed}
    sample = document.sample
    return {
        "accepts": document.accepts,
        "metrics": specs,
        "direction": metrics.get(specs[0]["key"]).direction,
        "split": split,
        "train_path": _below_files(document.train),
        "test_path": _below_files(document.test),
        "sample": sample
        and {
            "inputs": _below_files(sample.inputs),
            "labels": _below_files(sample.labels),
        },
    }


def _allowed(document: Document) -> dict:
    """Limits, quota and the other rules that are numbers or switches."""
    return {
        "limit_seconds": document.limits.seconds,
        "limit_memory_mb": document.limits.memory_mb,
        "limit_file_mb": document.limits.file_mb,
        "device": document.device,
        "quota_per_day": document.quota.per_day,
        "quota_total": document.quota.total,
        "team_max_size": document.teams.max_size,
        "finals": document.finals,
        "late": document.late,
        "medals": document.medals,
        "feedback_digits": document.feedback.digits,
        "feedback_ladder": document.feedback.ladder,
        "prizes": [prize.model_dump() for prize in document.prizes],
    }


def _below_files(path: str | None) -> str:
    """A path as the dataset has it: without the leading files/."""
    return path.removeprefix("files/") if path else ""


def _add_dataset(folder: Folder, kept: Kept, host: User):
    dataset = create_dataset(
        owner=host,
        slug=folder.slug,
        title=folder.document.title,
        description=folder.layout.texts["data.md"],
        licence=folder.document.licence,
        visibility="private",
        files=kept.below("files"),
    )
    return dataset.latest


def _audit(competition, kept: Kept, published: bool, actor: User) -> None:
    AuditEntry.objects.create(
        actor=actor,
        competition=competition,
        action="import_competition",
        target=competition.slug,
        detail={"files": len(kept.sources), "published": published},
    )
