"""Reporting something to staff, and what staff do about it."""

from django.db import transaction
from django.utils import timezone

from podium.accounts.models import User
from podium.common.errors import BadRequest, NotAllowed, TooMany, WrongState
from podium.common.text import one_line
from podium.datasets.services import recount_uses
from podium.site.reports.models import Report
from podium.site.reports.things import Thing, things_of

LONGEST = 2000  # characters of a report
LONGEST_REASON = 300
OPEN_AT_ONCE = 20  # reports of one user that nobody has looked at yet

State = Report.State


@transaction.atomic
def report(*, thing: Thing, reporter: User, text: str) -> Report:
    """Tell staff about something; again while that is open, the text is exchanged."""
    if thing.owner.pk == reporter.pk:
        raise NotAllowed("This is your own: change or delete it yourself.")
    text = text.strip()
    if not text:
        raise BadRequest("Say in a sentence what is wrong with it.")
    if len(text) > LONGEST:
        raise BadRequest(
            f"The report has {len(text)} characters: write at most {LONGEST}."
        )
    User.objects.select_for_update().get(pk=reporter.pk)
    mine = Report.objects.filter(reporter=reporter, state=State.OPEN)
    known = mine.filter(kind=thing.kind, target_id=thing.row.pk).first()
    if known:
        known.text = text
        known.save(update_fields=["text"])
        return known
    if mine.count() >= OPEN_AT_ONCE:
        raise TooMany(
            f"{OPEN_AT_ONCE} reports of yours wait to be read: send more after that."
        )
    return Report.objects.create(
        kind=thing.kind,
        target_id=thing.row.pk,
        target_name=thing.name[:200],
        reporter=reporter,
        text=text,
    )


@transaction.atomic
def hide(*, report: Report, staff: User, reason: str) -> None:
    """Hide what was reported; its owner reads the reason, all others find nothing."""
    reason = one_line(reason)
    if not reason:
        raise BadRequest("Give the reason: the owner will read it.")
    if len(reason) > LONGEST_REASON:
        raise BadRequest(
            f"The reason has {len(reason)} characters: write at most {LONGEST_REASON}."
        )
    thing = _thing(report)
    _set_hidden(thing, timezone.now(), reason)
    _settle(report, staff, State.HIDDEN, reason)


@transaction.atomic
def dismiss(*, report: Report, staff: User) -> None:
    """Leave things as they are."""
    _settle(report, staff, State.DISMISSED, "")


@transaction.atomic
def show_again(*, report: Report, staff: User) -> None:
    """Take back what was hidden."""
    _set_hidden(_thing(report), None, "")
    _settle(report, staff, State.DISMISSED, "")


def _thing(report: Report) -> Thing:
    thing = things_of([report]).get((report.kind, report.target_id))
    if thing is None:
        raise WrongState("It was deleted in the meantime: dismiss the report.")
    return thing


def _set_hidden(thing: Thing, moment, reason: str) -> None:
    type(thing.row).objects.filter(pk=thing.row.pk).update(
        hidden_at=moment, hidden_reason=reason
    )
    if thing.kind == Report.Kind.PROJECT:  # a hidden one no longer counts as a use
        for dataset in thing.row.datasets.all():
            recount_uses(dataset)


def _settle(report: Report, staff: User, state: str, reason: str) -> None:
    """End this report, and every other open one about the same thing."""
    same = Report.objects.filter(kind=report.kind, target_id=report.target_id)
    same.filter(state=State.OPEN).exclude(pk=report.pk).update(
        state=state, reason=reason, handled_by=staff, handled_at=timezone.now()
    )
    report.state, report.reason = state, reason
    report.handled_by, report.handled_at = staff, timezone.now()
    report.save()
