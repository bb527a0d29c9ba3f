"""Middleware of the whole site."""

from uuid import uuid4

import structlog
from django.core.exceptions import RequestDataTooBig
from structlog.contextvars import bind_contextvars, clear_contextvars


class RequestIdMiddleware:
    """Give each request an id, in the logs and in the X-Request-ID header."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        clear_contextvars()
        request.id = uuid4().hex
        bind_contextvars(request_id=request.id)
        response = self.get_response(request)
        response.headers["X-Request-ID"] = request.id
        if response.status_code >= 500:
            structlog.get_logger(__name__).error(
                "request failed", path=request.path, status=response.status_code
            )
        return response


class BodyLimitMiddleware:
    """Refuse a body that is too large for its page before a byte of it is read.

    The check against forged requests reads the whole body, files and all, before the
    view is asked. A view that takes files says how large a body may be by its
    attribute `body_limit`: bytes, or a function of the request and the route's words.
    """

    MOST_BYTES = 20_000_000  # of a page that says nothing: forms and small pictures

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if getattr(view, "csrf_exempt", False):
            return  # nothing is read before the view, which looks for itself
        limit = getattr(view, "body_limit", self.MOST_BYTES)
        limit = limit(request, **kwargs) if callable(limit) else limit
        if limit is not None and _length(request) > limit:
            raise RequestDataTooBig(f"A request here has at most {limit} bytes.")


def _length(request) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
