"""What is done with credentials: they are asked for, and revoked."""

import secrets
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from competitions.models import AuditEntry, Competition, LeaderboardEntry, Team
from podium.accounts.models import User
from podium.common.errors import BadRequest, NotAllowed, WrongState
from podium.credentials import facts, keys, status
from podium.credentials.document import payload_of
from podium.credentials.models import Credential
from podium.credentials.signing import sign
from podium.notices.models import Kind
from podium.notices.services import notify

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
STANDING_HOLDS = timedelta(days=180)  # an open board moves on
PAUSE = timedelta(days=1)  # between two credentials of the same open board


def issue(*, competition: Competition, user: User) -> tuple[Credential, bool]:
    """Sign what the board says of a user's team; asked again, the same one comes back.

    Returns the credential, and whether it is new.

    Raises
    ------
    NotAllowed
        If the user is in no team of this competition.
    WrongState
        If nothing can be said of its results now.
    """
    entry, kind = result_of(competition, user)
    made = facts.facts_of(entry, kind)
    digest = facts.digest_of(made)
    if found := _issued(user, entry, kind, digest):
        return found, False
    _assert_not_revoked(user, entry)
    # Made before the transaction, as it writes a file.
    key = keys.current()
    try:
        with transaction.atomic():
            return _create(user, entry, kind, made, digest, key), True
    except IntegrityError:  # the same button, pressed twice at once
        return Credential.objects.valid().get(holder=user, facts_digest=digest), False


def result_of(competition: Competition, user: User) -> tuple[LeaderboardEntry, str]:
    """The line on the board that a user's credential would be about, and its kind."""
    team = Team.objects.of(user).filter(competition=competition).first()
    if team is None:
        raise NotAllowed("You are in no team of this competition.")
    kind = facts.kind_of(competition)
    if team.disqualified_at:
        raise WrongState(
            f"{team.name} is disqualified, so the board has no result of it."
        )
    entry = facts.entry_of(team, facts.split_of(competition, kind))
    if entry is None:
        raise WrongState(f"{team.name} has no scored submission on the board.")
    return entry, kind


def newest_of(holder: User) -> dict[int, Credential]:
    """Somebody's newest good credential of each competition, by its key."""
    good = holder.credentials.valid().filter(
        Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    )
    oldest_first = good.select_related("submission").order_by("issued_at", "pk")
    slim = oldest_first.defer("jwt", "facts")
    return {each.submission.competition_id: each for each in slim}


def is_due(credential: Credential | None) -> bool:
    """Whether asking again could give another one than this newest one."""
    if credential is None:
        return True
    is_open = credential.kind == Credential.Kind.STANDING
    return is_open and credential.issued_at <= timezone.now() - PAUSE


def can_be_asked(competition: Competition) -> bool:
    """Whether there is something to sign of a competition now."""
    try:
        facts.kind_of(competition)
    except WrongState:
        return False
    return True


@transaction.atomic
def revoke(
    *, credential: Credential, user: User, reason: str, may_ask_again: bool = False
) -> None:
    """Take a credential back for a reason that everybody who checks it reads."""
    competition = credential.submission.competition
    if not competition.is_run_by(user):
        raise NotAllowed("Only the competition's host and staff may revoke it.")
    reason = " ".join(reason.split())
    if not reason:
        raise BadRequest("Say why: whoever checks the credential will read it.")
    if not _mark(credential, user, reason, may_ask_again):
        raise WrongState("It is revoked already.")
    AuditEntry.objects.create(
        actor=user,
        competition=competition,
        action="revoke_credential",
        target=credential.code,
        detail={"reason": reason, "holder": credential.holder.username},
    )
    notify(
        users=[credential.holder],
        kind=Kind.CREDENTIAL_REVOKED,
        subject=f"credential-{credential.pk}",
        context={"competition": competition.title, "reason": reason},
        url=credential.get_absolute_url(),
    )


def forget(*, holder: User) -> None:
    """Take back all of somebody who leaves; what was signed tells their name."""
    Credential.objects.valid().filter(holder=holder).update(
        revoked_at=timezone.now(), revoked_for="Its holder deleted their account."
    )
    # A team of one is called like its member.
    Credential.objects.filter(holder=holder).update(jwt="", facts={})


def _issued(user, entry, kind, digest) -> Credential | None:
    valid = Credential.objects.valid().filter(holder=user)
    if kind == Credential.Kind.FINAL:
        return valid.filter(facts_digest=digest).first()
    # Ranks of an open board move all day: one of them a day is enough.
    return valid.filter(
        kind=kind,
        submission=entry.submission_id,
        issued_at__gt=timezone.now() - PAUSE,
    ).first()


def _assert_not_revoked(user, entry) -> None:
    revoked = Credential.objects.filter(
        holder=user,
        submission=entry.submission_id,
        revoked_at__isnull=False,
        may_ask_again=False,
        facts__hiddenTestSet__version=entry.competition.hidden_test_set.number,
    ).first()
    if revoked:
        raise WrongState(f"Your credential was revoked: {revoked.revoked_for}")


def _create(user, entry, kind, made, digest, key) -> Credential:
    now = timezone.now().replace(microsecond=0)
    is_standing = kind == Credential.Kind.STANDING
    credential = Credential(
        code="".join(secrets.choice(ALPHABET) for _ in range(12)),
        holder=user,
        submission=entry.submission,
        kind=kind,
        facts=made,
        facts_digest=digest,
        key=key,
        issued_at=now,
        expires_at=now + STANDING_HOLDS if is_standing else None,
    )
    status.save_with_bit(credential)
    credential.jwt = sign(payload_of(credential), key)
    credential.save(update_fields=["jwt"])
    return credential


def _mark(credential, user, reason, may_ask_again) -> int:
    """Conditional, so that of two who revoke at once one is told."""
    return (
        Credential.objects.valid()
        .filter(pk=credential.pk)
        .update(
            revoked_at=timezone.now(),
            revoked_by=user,
            revoked_for=reason[:500],
            may_ask_again=may_ask_again,
        )
    )
