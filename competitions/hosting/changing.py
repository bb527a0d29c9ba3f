"""What a host changes after a competition is made: words, dates, limits, quota.

Every change is a row of the audit log with what was there before, which is the history
that the host reads, and what a form that came too late is merged with.
"""

from django.db import transaction

from competitions.errors import BadRequest
from competitions.folders.document import MetricSpec
from competitions.folders.exporting import PAGES, PLACES, set_key
from competitions.folders.importing import row_values
from competitions.folders.reading import Reading
from competitions.hosting import documents
from competitions.hosting.drafts import Changed
from competitions.hosting.forms.base import plain
from competitions.hosting.merging import Merged, changes, merge
from competitions.models import AuditEntry, Competition
from competitions.rules import change_rules
from podium.accounts.models import User

ACTION = "edit_competition"
FIELDS = {place: name for name, place in PLACES.items() if name != "slug"}
TEXTS = {**PAGES, "rules.md": ""}


def document_of(competition: Competition) -> dict:
    """What a host may change, as the keys of `competition.yaml`."""
    document: dict = {}
    for place, name in FIELDS.items():
        value = getattr(competition, name)
        set_key(document, place, plain(value))
    return document


def texts_of(competition: Competition) -> dict[str, str]:
    """The pages, by their file in the folder."""
    rules = competition.rules_versions.order_by("-number").first()
    texts = {path: getattr(competition, name) for path, name in PAGES.items()}
    return {**texts, "rules.md": rules.text if rules else ""}


@transaction.atomic
def save(
    *,
    competition: Competition,
    user: User,
    revision: int,
    values: dict[str, object],
    force: bool = False,
) -> tuple[Competition, Merged]:
    """Put values at their places, or texts at their files; what others saved stands.

    Raises Changed where both changed the same, unless `force` says that it was seen.
    """
    competition = Competition.objects.select_for_update(no_key=True).get(
        pk=competition.pk
    )
    now = {**_flat(document_of(competition)), **texts_of(competition)}
    current = {place: now.get(place) for place in values}
    since = [] if force else _since(competition, revision, user)
    merged = merge(values, current, since)
    if merged.clashes:
        raise Changed(merged)
    changed = changes(current, merged.values)
    if changed:
        _write(competition, user, changed)
    return competition, merged


def _flat(document: dict) -> dict:
    return {place: documents.get(document, place) for place in FIELDS}


def _since(competition: Competition, revision: int, user: User) -> list[dict]:
    entries = (
        AuditEntry.objects.filter(competition=competition, action=ACTION)
        .exclude(actor=user)
        .select_related("actor")
        .order_by("created_at", "pk")
    )
    return [
        {
            "by": entry.actor.username if entry.actor else "Somebody",
            "fields": entry.detail["fields"],
        }
        for entry in entries
        if entry.detail.get("revision", 0) > revision
    ]


def _write(competition: Competition, user: User, changed: dict) -> None:
    unknown = changed.keys() - FIELDS.keys() - TEXTS.keys()
    if unknown:
        raise BadRequest(f"{', '.join(sorted(unknown))} cannot be changed any more.")
    _write_fields(competition, {p: new for p, (_, new) in changed.items()})
    for path, (_, text) in changed.items():
        if path in PAGES:
            setattr(competition, PAGES[path], text or "")
        elif path == "rules.md":
            change_rules(competition=competition, by=user, text=text or "")
    competition.revision += 1
    competition.save()
    AuditEntry.objects.create(
        actor=user,
        competition=competition,
        action=ACTION,
        target=competition.slug,
        detail={"revision": competition.revision, "fields": changed},
    )


def _write_fields(competition: Competition, new: dict) -> None:
    """The columns of the row, by way of the importer's own reading of the keys."""
    places = {place: value for place, value in new.items() if place in FIELDS}
    if not places:
        return
    document = documents.put(document_of(competition), places)
    reading: Reading = documents.read({**document, "slug": competition.slug})
    told = [
        fault.message
        for place in places
        for fault in reading.faults
        if documents.is_at(fault.where, place)
    ]
    if told:
        raise BadRequest(" ".join(told))
    values = row_values(_with_metric(reading, competition))
    for place in places:
        name = FIELDS[place]
        setattr(competition, name, values[name])


def _with_metric(reading: Reading, competition: Competition):
    """The document with what never changes, so that all of a row can be told of it."""
    specs = [MetricSpec.model_validate(spec) for spec in competition.metrics]
    return reading.document.model_copy(update={"metrics": specs})


def history(competition: Competition):
    """What hosts and staff did, the newest first."""
    return competition.audit_entries.select_related("actor")
