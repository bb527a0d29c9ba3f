"""Times on pages are told in the reader's time zone."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.utils import timezone

API = "/api/"


class TimeZoneMiddleware:
    """Activate the time zone that a user has chosen; UTC for everybody else.

    The API stays in UTC: programs read it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with timezone.override(_zone_of(request)):
            return self.get_response(request)


def _zone_of(request) -> ZoneInfo | None:
    # The session is not so much as looked at where there is none: an answer that
    # hangs on nobody's cookie may be kept by caches.
    is_page = not request.path_info.startswith(API)
    if not is_page or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    user = request.user
    if not user.is_authenticated or user.time_zone == "UTC":
        return None
    try:
        return ZoneInfo(user.time_zone)
    except (ZoneInfoNotFoundError, ValueError):  # a zone that was renamed or dropped
        return None
