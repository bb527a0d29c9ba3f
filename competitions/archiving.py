"""Putting a competition away: it can be read by its address and is on no list."""

from django.db import transaction
from django.utils import timezone

from competitions.errors import WrongState
from competitions.models import AuditEntry, Competition
from podium.accounts.models import User

Status = Competition.Status


@transaction.atomic
def set_archived(*, competition: Competition, by: User, archived: bool) -> None:
    """Archive a competition that is over or was never published, or take it back.

    Nothing is deleted: boards, submissions and results stay; nobody can join or
    submit any more, not even late.
    """
    competition = Competition.objects.select_for_update(no_key=True).get(
        pk=competition.pk
    )
    if archived == bool(competition.archived_at):
        return
    if archived and competition.status in (Status.OPEN, Status.SCHEDULED):
        raise WrongState(
            f"This competition is {competition.status}: only one that has closed, or a "
            "draft, can be archived."
        )
    competition.archived_at = timezone.now() if archived else None
    competition.save(update_fields=["archived_at"])
    AuditEntry.objects.create(
        actor=by,
        competition=competition,
        action="archive_competition" if archived else "unarchive_competition",
        target=competition.slug,
    )
