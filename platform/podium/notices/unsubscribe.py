"""Signed addresses that switch one kind of mail off, without signing in."""

from django.core import signing
from django.urls import reverse

from podium.notices.models import Kind

_SALT = "podium.notices.unsubscribe"


def path_for(user_id: int, kind: str) -> str:
    """The path at which whoever got a mail stops more of its kind."""
    return reverse("stop-mail", args=[signing.dumps([user_id, kind], salt=_SALT)])


def read(token: str) -> tuple[int, Kind] | None:
    """Whose mails of which kind a token is about; None if it is none of ours.

    It never expires: it opens nothing but this one switch.
    """
    try:
        user_id, kind = signing.loads(token, salt=_SALT)
        return user_id, Kind(kind)
    except (signing.BadSignature, ValueError, TypeError):
        return None
