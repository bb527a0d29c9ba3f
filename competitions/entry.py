"""Who may enter a competition that is not for everybody, and who decides it.

`invited` lets in whoever has the link, perhaps after the host's approval, and whoever
is on the list of addresses; `private` goes by the list alone. Others are answered 404.
"""

import re
from secrets import token_urlsafe

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from competitions.errors import BadRequest, WrongState
from competitions.models import (
    Admission,
    AllowedAddress,
    AuditEntry,
    Competition,
)
from podium.accounts.models import User
from podium.common.text import one_line
from podium.notices import services as notices
from podium.notices.models import Kind

State = Admission.State
ADDRESSES_AT_MOST = 2000
_DOMAIN = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+"
_PATTERN = re.compile(rf"[^@\s<>,;]*@{_DOMAIN}")


@transaction.atomic
def set_access(
    *, competition: Competition, by: User, visibility: str, approval: bool
) -> None:
    """Say who finds a competition, and whether the link alone lets people in."""
    if visibility not in Competition.Visibility.values:
        raise BadRequest("Visibility is public, invited or private.")
    before = {"visibility": competition.visibility}
    competition.visibility = visibility
    competition.entry_approval = approval
    competition.save(update_fields=["visibility", "entry_approval"])
    _audit(
        competition,
        by,
        "set_access",
        before=before,
        visibility=visibility,
        approval=approval,
    )


@transaction.atomic
def set_link(*, competition: Competition, by: User, wanted: bool) -> None:
    """Make a new invitation link, or have none; the old one is void."""
    competition.entry_link = token_urlsafe(32) if wanted else ""
    competition.save(update_fields=["entry_link"])
    _audit(competition, by, "make_entry_link" if wanted else "remove_entry_link")


@transaction.atomic
def set_addresses(*, competition: Competition, by: User, text: str) -> None:
    """Let in the people of these confirmed addresses and domains, and no others.

    One a line; `ada@example.org` is a person, `@example.org` everybody there. All that
    is wrong is told at once, by line.
    """
    wanted, faults = _read_addresses(text)
    if faults:
        raise BadRequest(" ".join(faults))
    if len(wanted) > ADDRESSES_AT_MOST:
        raise BadRequest(f"The list takes up to {ADDRESSES_AT_MOST} lines.")
    here = competition.allowed_addresses
    here.exclude(pattern__in=wanted).delete()
    AllowedAddress.objects.bulk_create(
        [AllowedAddress(competition=competition, pattern=one) for one in wanted],
        ignore_conflicts=True,
    )
    _audit(competition, by, "set_addresses", lines=len(wanted))


def _read_addresses(text: str) -> tuple[list[str], list[str]]:
    wanted, faults = {}, []
    for number, line in enumerate(text.splitlines(), 1):
        pattern = line.strip().lower()
        if not pattern:
            continue
        if len(pattern) <= 254 and _PATTERN.fullmatch(pattern):
            wanted[pattern] = True
        elif len(faults) < 10:
            faults.append(
                f"Line {number}, “{one_line(line)[:60]}”, is neither an address like "
                "ada@example.org nor a domain like @example.org."
            )
    return list(wanted), faults


def competition_of_link(slug: str, link: str) -> Competition | None:
    """The competition that an invitation link opens now; None if it opens none."""
    found = Competition.objects.filter(
        slug=slug,
        entry_link=link,
        visibility=Competition.Visibility.INVITED,
        published_at__isnull=False,
    )
    return found.select_related("host").first() if link else None


@transaction.atomic
def enter(*, competition: Competition, user: User, message: str = "") -> Admission:
    """Come by the invitation link: let in at once, or asked of the host.

    Asking twice is asking once; whoever was declined is not asked again.
    """
    admission, is_new = Admission.objects.get_or_create(
        competition=competition, user=user
    )
    if admission.state == State.ASKED and not competition.entry_approval:
        _decide(admission, State.APPROVED)
    elif is_new:
        admission.message = one_line(message)[:300]
        admission.save(update_fields=["message"])
        notices.notify(
            users=[competition.host],
            kind=Kind.ENTRY_REQUEST,
            subject=f"admission:{admission.pk}",
            context={
                "by": user.username,
                "competition": competition.title,
                "message": admission.message,
            },
            url=reverse("competitions:access", args=[competition.slug]),
        )
    return admission


@transaction.atomic
def decide(*, admission: Admission, by: User, approved: bool) -> None:
    """Let somebody in, or not; what was decided can be decided otherwise.

    Whoever takes part already stays: leaving is theirs, disqualifying another deed.
    """
    admission = Admission.objects.select_for_update(no_key=True).get(pk=admission.pk)
    competition = admission.competition
    state = State.APPROVED if approved else State.DECLINED
    if admission.state == state:
        return
    if not approved and competition.memberships.filter(user=admission.user).exists():
        raise WrongState(f"{admission.user.username} takes part already.")
    _decide(admission, state)
    notices.notify(
        users=[admission.user],
        kind=Kind.ENTRY_ANSWER,
        subject=f"admission:{admission.pk}:{timezone.now():%Y%m%dT%H%M%S%f}",
        context={"competition": competition.title, "is_approved": approved},
        url=reverse("competitions:overview", args=[competition.slug])
        if approved
        else reverse("competitions:list"),
    )
    action = "approve_entry" if approved else "decline_entry"
    _audit(competition, by, action, target=admission.user.username)


def _decide(admission: Admission, state: str) -> None:
    admission.state, admission.decided_at = state, timezone.now()
    admission.save(update_fields=["state", "decided_at"])


def _audit(competition, by, action, target="", **detail) -> None:
    AuditEntry.objects.create(
        actor=by,
        competition=competition,
        action=action,
        target=target or competition.slug,
        detail=detail,
    )
