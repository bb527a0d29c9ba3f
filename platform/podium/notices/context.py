"""What every page knows of notices: how many are unread."""

from django.utils.functional import SimpleLazyObject

from podium.notices.models import Notice

MOST = 99  # more are told as 99+, and not counted


def bell(request):
    """The number on the bell; asked for only where the masthead is shown."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"unread_notices": 0}
    return {"unread_notices": SimpleLazyObject(lambda: _unread(user))}


def _unread(user) -> int:
    return Notice.objects.visible_to(user).unread().order_by()[: MOST + 1].count()
