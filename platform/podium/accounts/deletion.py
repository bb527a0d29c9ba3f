"""Deleting an account: the person goes, the lines on boards stay without a name."""

import structlog
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from podium.accounts import personal, pictures
from podium.accounts.models import ApiToken, User
from podium.common.errors import WrongState

log = structlog.get_logger(__name__)

# Rows that are about the person alone
_OWN = (EmailAddress, Authenticator, SocialAccount, ApiToken)


def obstacles(user: User) -> list[str]:
    """Why an account cannot be deleted now, a sentence each."""
    found = [text for keeper in personal.keepers() for text in keeper.obstacles(user)]
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk)
    if user.is_superuser and not others.exists():
        found.append(
            "You are the only administrator of this site: make somebody else one first."
        )
    return found


@transaction.atomic
def delete_account(*, user: User) -> None:
    """Take out everything that tells who a user was, and end all their sessions."""
    user = User.objects.select_for_update().get(pk=user.pk)
    against = obstacles(user)
    if against:
        raise WrongState(" ".join(against))
    for keeper in personal.keepers():
        keeper.forget(user)
    for model in _OWN:
        model.objects.filter(user=user).delete()
    for session in UserSession.objects.filter(user=user):
        session.end()
    pictures.remove_picture(user=user)
    name, address = user.get_full_name(), user.email
    _become_nobody(user)
    if address:
        transaction.on_commit(lambda: _say_goodbye(name, address), robust=True)
    log.info("account deleted", user_id=user.pk)


def _become_nobody(user: User) -> None:
    user.username = _free_name(user)
    user.email = user.display_name = user.bio = user.location = ""
    user.practitioner = user.theme = user.hidden_reason = ""
    user.links, user.practitioner_also = [], []
    user.time_zone = "UTC"
    user.last_login = None
    user.is_active = user.is_staff = user.is_superuser = user.may_host = False
    user.deleted_at = timezone.now()
    user.set_unusable_password()  # which also ends sessions that nobody lists
    user.save()
    user.groups.clear()
    user.user_permissions.clear()


def _free_name(user: User) -> str:
    """`deleted-5`; somebody may have been called so before the name was reserved."""
    name, number = f"deleted-{user.pk}", 2
    while User.objects.filter(username__iexact=name).exists():
        name, number = f"deleted-{user.pk}-{number}", number + 1
    return name


def _say_goodbye(name: str, address: str) -> None:
    text = render_to_string(
        "account/email/account_deleted_message.txt", {"name": name, "url": settings.URL}
    )
    try:
        send_mail("Your Podium account is deleted", text, None, [address])
    except Exception:  # the account is gone, whether or not the mail arrives
        log.exception("no mail about a deleted account")
