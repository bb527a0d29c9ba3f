"""The outbox: mails about notices, sent off the request path, each at most once."""

from datetime import timedelta

import structlog
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import timezone

from podium.notices import unsubscribe
from podium.notices.models import Kind, Notice, NoticeChoice

log = structlog.get_logger(__name__)

Mail = Notice.Mail

TRIES = 4
PAUSE = timedelta(minutes=2)  # before the second try; twice as long before each next
LEASE = timedelta(minutes=10)
OLD = timedelta(days=2)  # what it says is no news any more

# What the button says
ACTIONS = {
    Kind.SUBMISSION_SCORED: "See the submission",
    Kind.SUBMISSION_FAILED: "Read what happened",
    Kind.COMPETITION_OPENS: "Go to the competition",
    Kind.COMPETITION_CLOSES_SOON: "Go to your submissions",
    Kind.COMPETITION_CLOSED: "See the leaderboard",
    Kind.DEADLINE_SOON: "Go to the competition",
    Kind.RULES_CHANGED: "Read the rules",
    Kind.TEAM_INVITATION: "Read and answer",
    Kind.TEAM_CHANGED: "See the team",
    Kind.ENTRY_REQUEST: "Decide",
    Kind.ENTRY_ANSWER: "Go to the competition",
    Kind.HOST_NEWS: "Read it",
    Kind.TEAM_JUDGED: "See the team",
    Kind.CREDENTIAL_REVOKED: "See the credential",
}


def deliver(limit: int = 100) -> int:
    """Send mails that wait; return how many left. A failure is logged and waits."""
    now = timezone.now()
    _give_up(now)
    waiting = (
        Notice.objects.filter(mail=Mail.WAITING)
        .filter(Q(mail_not_before=None) | Q(mail_not_before__lte=now))
        .select_related("user")
        .order_by("pk")[:limit]
    )
    notices = list(waiting)
    if not notices:
        return 0
    connection = get_connection()
    sent = sum(_deliver(notice, connection) for notice in notices)
    try:
        connection.close()
    except Exception:  # the mails have left; the server only hung up first
        log.exception("mail connection not closed")
    return sent


def _deliver(notice: Notice, connection) -> bool:
    # Whoever changes no row was too late: another scheduler sends it.
    claimed = Notice.objects.filter(pk=notice.pk, mail=Mail.WAITING).update(
        mail=Mail.SENDING,
        mail_tries=F("mail_tries") + 1,
        mail_not_before=timezone.now() + LEASE,
    )
    if not claimed:
        return False
    address = _address_of(notice)
    if address is None:
        _settle(notice, Mail.NONE)
        return False
    try:
        message_of(notice, address, connection).send()
    except Exception as error:  # whatever a mail server may do
        _try_again(notice, error)
        return False
    _settle(notice, Mail.SENT)
    return True


def _address_of(notice: Notice) -> str | None:
    """Where the mail goes now; None if it is not wanted there any more."""
    user = notice.user
    declined = NoticeChoice.objects.filter(user=user, kind=notice.kind, by_mail=False)
    if not user.is_active or declined.exists():
        return None
    confirmed = EmailAddress.objects.filter(user=user, primary=True, verified=True)
    return confirmed.values_list("email", flat=True).first()


def message_of(notice: Notice, address: str, connection=None) -> EmailMultiAlternatives:
    """The mail about a notice, as text and as HTML."""
    stop = settings.URL + unsubscribe.path_for(notice.user_id, notice.kind)
    context = {
        "notice": notice,
        "name": notice.user.get_full_name(),
        "action": ACTIONS[Kind(notice.kind)],
        "link": settings.URL + notice.url,
        "stop": stop,
        "choices": f"{settings.URL}/settings/notices/",
        "site": settings.URL,
    }
    message = EmailMultiAlternatives(
        subject=notice.title,
        body=render_to_string("notices/mail/notice.txt", context),
        to=[address],
        headers={
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
        connection=connection,
    )
    html = render_to_string("notices/mail/notice.html", context)
    message.attach_alternative(html, "text/html")
    return message


def _try_again(notice: Notice, error: Exception) -> None:
    tries = notice.mail_tries + 1
    log.warning("mail not sent", notice_id=notice.pk, tries=tries, error=repr(error))
    if tries >= TRIES:
        _settle(notice, Mail.FAILED)
    else:
        pause = PAUSE * 2 ** (tries - 1)
        _settle(notice, Mail.WAITING, mail_not_before=timezone.now() + pause)


def _settle(notice: Notice, state: str, **values) -> None:
    Notice.objects.filter(pk=notice.pk, mail=Mail.SENDING).update(mail=state, **values)


def _give_up(now) -> None:
    """What is too old, and what a process that died had begun: it may have left."""
    waited = Q(mail=Mail.WAITING, created_at__lt=now - OLD)
    begun = Q(mail=Mail.SENDING, mail_not_before__lt=now)
    count = Notice.objects.filter(waited | begun).update(mail=Mail.FAILED)
    if count:
        log.warning("mails given up", count=count)
