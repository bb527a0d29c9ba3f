"""A copy of a competition as a draft: the same task, without anybody in it."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict
from django.utils import timezone

from competitions import services
from competitions.errors import BadRequest
from competitions.models import (
    AuditEntry,
    Competition,
    HiddenTestSet,
    RulesVersion,
    SourceFile,
)
from podium.accounts.models import User
from podium.common.paths import slug_problem

DATES = ("opens_at", "closes_at", "entry_deadline", "team_deadline")
# What belongs to the one that was run, not to its task
NOT_COPIED = {
    *("id", "host", "slug", "title", "published_at", "finalised_at", "archived_at"),
    *("entry_link", "team_count", "submission_count", "created_at", "revision"),
    *("hidden_test_set", *DATES),
}


@transaction.atomic
def clone(
    *, competition: Competition, by: User, slug: str, title: str = ""
) -> Competition:
    """Make a draft with the same data, contract, metrics, limits, texts and rules.

    Files are not copied, only pointed at once more. Where it had opened, all dates
    move by whole days, so that the draft opens within the next day.
    """
    if problem := slug_problem(slug):
        raise BadRequest(f"The new address: {problem}.")
    if Competition.objects.filter(slug=slug).exists():
        raise BadRequest(f"There is a competition at “{slug}” already.")
    values = {
        field.attname: getattr(competition, field.attname)
        for field in Competition._meta.concrete_fields
        if field.name not in NOT_COPIED
    }
    try:
        with transaction.atomic():
            made = Competition.objects.create(
                **values,
                **_moved_dates(competition),
                slug=slug,
                title=title.strip()[:120] or competition.title,
                host=by,
            )
    except IntegrityError as error:
        raise BadRequest(f"There is a competition at “{slug}” already.") from error
    _copy_rows(competition, made)
    AuditEntry.objects.create(
        actor=by,
        competition=made,
        action="clone_competition",
        target=slug,
        detail={"from": competition.slug},
    )
    return made


def _moved_dates(competition: Competition) -> dict[str, datetime | None]:
    passed = timezone.now() - competition.opens_at
    days = timedelta(days=max(0, passed // timedelta(days=1) + 1))
    dates = {name: getattr(competition, name) for name in DATES}
    return {name: date and date + days for name, date in dates.items()}


def _copy_rows(competition: Competition, made: Competition) -> None:
    rules = services.current_rules(competition)
    RulesVersion.objects.create(
        competition=made, number=1, text=rules.text if rules else ""
    )
    SourceFile.objects.bulk_create(
        SourceFile(competition=made, path=source.path, stored_id=source.stored_id)
        for source in competition.source_files.all()
    )
    hidden = competition.hidden_test_set
    if hidden:
        values = model_to_dict(hidden, exclude=("id", "competition", "number"))
        stored = {name: values.pop(name) for name in ("inputs", "ids", "labels")}
        made.hidden_test_set = HiddenTestSet.objects.create(
            competition=made,
            number=1,
            **values,
            **{f"{name}_id": pk for name, pk in stored.items()},
        )
        made.save(update_fields=["hidden_test_set"])
