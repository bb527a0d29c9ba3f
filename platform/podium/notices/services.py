"""Telling people something, once, and what they want to be told."""

from collections.abc import Iterable
from itertools import islice

from allauth.account.models import EmailAddress
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from podium.accounts.models import User
from podium.notices.models import Announcement, Kind, Notice, NoticeChoice, Watch

BATCH = 500  # users in one query


@transaction.atomic
def notify(
    *, users: Iterable[User], kind: str, subject: str, context: dict, url: str
) -> None:
    """Tell users something by their choices; who was told this already is not again.

    The words are in `templates/notices/words/`. Mail leaves later, by the scheduler.
    """
    title, text = words_of(kind, context)
    told = iter(users)
    while batch := list(islice(told, BATCH)):
        _write(batch, kind=kind, subject=subject, title=title, text=text, url=url)


def _write(users: list[User], *, kind: str, **values) -> None:
    choices = {
        choice.user_id: choice
        for choice in NoticeChoice.objects.filter(kind=kind, user__in=users)
    }
    everything = NoticeChoice()
    # An address that nobody has confirmed may be somebody else's.
    confirmed = set(
        EmailAddress.objects.filter(
            user__in=users, primary=True, verified=True
        ).values_list("user_id", flat=True)
    )
    rows = []
    for user in users:
        choice = choices.get(user.pk, everything)
        by_mail = choice.by_mail and user.pk in confirmed
        if user.is_active and (choice.on_site or by_mail):
            mail = Notice.Mail.WAITING if by_mail else Notice.Mail.NONE
            rows.append(
                Notice(
                    user=user, kind=kind, on_site=choice.on_site, mail=mail, **values
                )
            )
    Notice.objects.bulk_create(rows, ignore_conflicts=True)


def announce(
    *, users: Iterable[User], kind: str, subject: str, context: dict, url: str
) -> bool:
    """Tell users of an event, unless it was announced; whoever comes later is not."""
    # Asked first without a transaction: this is called every few seconds.
    if Announcement.objects.filter(kind=kind, subject=subject).exists():
        return False
    with transaction.atomic():
        _, is_new = Announcement.objects.get_or_create(kind=kind, subject=subject)
        if is_new:
            notify(users=users, kind=kind, subject=subject, context=context, url=url)
    return is_new


def words_of(kind: str, context: dict) -> tuple[str, str]:
    """A notice's title and its text, both plain."""
    rendered = render_to_string(f"notices/words/{kind}.txt", context)
    title, _, text = rendered.strip().partition("\n")
    return " ".join(title.split())[:200], " ".join(text.split())


def mark_read(*, user: User, pk: int | None = None) -> int:
    """Mark one notice of a user read, or all of them; return how many were not."""
    unread = Notice.objects.visible_to(user).unread()
    if pk is not None:
        unread = unread.filter(pk=pk)
    return unread.update(read_at=timezone.now())


def choices_of(user: User) -> list[NoticeChoice]:
    """What a user wants of each kind, in the order of the kinds."""
    stored = {choice.kind: choice for choice in user.notice_choices.all()}
    return [
        stored.get(kind) or NoticeChoice(user=user, kind=kind) for kind in Kind.values
    ]


@transaction.atomic
def choose(*, user: User, kind: str, **wanted: bool) -> None:
    """Switch a kind on or off, `on_site` or `by_mail`."""
    NoticeChoice.objects.update_or_create(user=user, kind=kind, defaults=wanted)


def watch(*, user: User, subject: str, wanted: bool) -> None:
    """Ask to be told about something one is no part of, or take that back."""
    if wanted:
        Watch.objects.get_or_create(user=user, subject=subject)
    else:
        Watch.objects.filter(user=user, subject=subject).delete()


def is_watching(user: User, subject: str) -> bool:
    if not user.is_authenticated:
        return False
    return Watch.objects.filter(user=user, subject=subject).exists()
