"""How pages travel: what browsers keep, what is compressed, what a lost form says."""

from urllib.parse import urlsplit

from django.conf import settings
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import resolve_url


class PageCacheMiddleware:
    """Let nobody's browser keep a page that was made for somebody signed in.

    The Back button then asks again: after a form it shows what is true now, and after
    signing out nothing.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if _is_page(response) and not response.has_header("Cache-Control"):
            response.headers["Cache-Control"] = (
                "private, no-store" if _has_session(request) else "no-cache"
            )
        return response


class VisitorGZipMiddleware(GZipMiddleware):
    """Compress the pages of visitors, and those alone.

    Compressing a page that holds a secret beside text from its address tells of the
    secret by its length (BREACH). A visitor's page holds none: its word against forgery
    is masked anew each time. A page of somebody signed in is sent as it is.
    """

    def process_response(self, request, response):
        if _has_session(request) or not _is_page(response) or response.streaming:
            return response
        return super().process_response(request, response)


class LostFormMiddleware:
    """Let the sign-in page say that a form sent after signing out was not taken.

    A script keeps what was typed where there is script; this is for everybody. The
    address says it, for a script that sends a form may read the page before its user.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method == "POST" and _asks_to_sign_in(request, response):
            response.headers["Location"] += "&lost=1"
        return response


def _asks_to_sign_in(request, response) -> bool:
    login = resolve_url(settings.LOGIN_URL)
    leads = urlsplit(response.headers.get("Location", ""))
    # Signing in, confirming an address and the like send forms of their own.
    is_own = request.path.startswith("/accounts/")
    return leads.path == login and bool(leads.query) and not is_own


def _has_session(request) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def _is_page(response) -> bool:
    return response.headers.get("Content-Type", "").startswith("text/html")
