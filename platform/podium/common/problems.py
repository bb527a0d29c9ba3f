"""RFC 9457 problem details for every error of the API."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from math import ceil

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

MEDIA_TYPE = "application/problem+json"
API = "/api/"


class Problem(exceptions.APIException):
    """An error with a status and a sentence of its own."""

    def __init__(self, status: int, detail: str, retry_at: datetime | None = None):
        super().__init__(detail)
        self.status_code = status
        if retry_at is not None:
            seconds = (retry_at - timezone.now()).total_seconds()
            self.wait = max(1, ceil(seconds))


def problem_details(exc: Exception, context: dict) -> Response | None:
    """Answer an exception of an API view; one that is nobody's fault but ours is None.

    Ours go on to Django, which logs them and asks `page_or_problem` for the answer.
    """
    response = exception_handler(_as_api_exception(exc), context)
    if response is None:
        return None
    errors = _errors(response.data)
    response.data = problem(
        response.status_code,
        _sentence(response.data, errors),
        getattr(context.get("request"), "id", None),
        errors,
    )
    response.content_type = MEDIA_TYPE
    if response.status_code == HTTPStatus.UNAUTHORIZED:
        response.headers.setdefault("WWW-Authenticate", "Bearer")
    return response


def problem(
    status: int, detail: str, request_id: str | None, errors: dict | None = None
) -> dict:
    """The members of a problem."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": detail,
    }
    if request_id:
        body["instance"] = f"urn:uuid:{request_id}"
    if errors:
        body["errors"] = errors
    return body


def page_or_problem(status: int, page: Callable) -> Callable:
    """An error handler for the URL map: a page for people, a problem below /api/."""

    def handler(request, exception=None):
        if not request.path_info.startswith(API):
            arguments = (
                [] if status == HTTPStatus.INTERNAL_SERVER_ERROR else [exception]
            )
            return page(request, *arguments)
        body = problem(status, _PLAIN[status], getattr(request, "id", None))
        return JsonResponse(body, status=status, content_type=MEDIA_TYPE)

    return handler


_PLAIN = {
    400: "The request cannot be read.",
    401: "Sign in, or send a token: `Authorization: Bearer TOKEN`.",
    403: "You may not do this.",
    404: "There is nothing here, or nothing that you may see.",
    413: "The request is too large.",
    429: "Too many requests: try again in a minute.",
    500: "Something broke on our side; it has been logged.",
}


def _as_api_exception(exc: Exception) -> Exception:
    """Django's own exceptions in the API's words."""
    match exc:
        case Http404():
            return exceptions.NotFound(_PLAIN[404])
        case exceptions.NotAuthenticated():
            exc.detail = _PLAIN[401]
            return exc
        case RequestDataTooBig():
            return Problem(413, _PLAIN[413])
        case SuspiciousOperation() | BadRequest() | MultiPartParserError():
            return Problem(400, _PLAIN[400])
    return exc


def _errors(data) -> dict[str, list[str]] | None:
    """The faults by field; nested ones by their path, those of no field under ``."""
    if isinstance(data, dict) and set(data) == {"detail"}:
        return None
    found: dict[str, list[str]] = {}
    _collect(data, "", found)
    return found


def _collect(data, path: str, found: dict) -> None:
    if isinstance(data, dict):
        for key, value in data.items():
            name = "" if key == "non_field_errors" else str(key)
            _collect(value, ".".join(filter(None, (path, name))), found)
    elif isinstance(data, list):
        for value in data:
            _collect(value, path, found)
    else:
        found.setdefault(path, []).append(str(data))


def _sentence(data, errors: dict | None) -> str:
    if errors is None:
        return str(data["detail"])
    return " ".join(
        f"{field}: {message}" if field else message
        for field, messages in errors.items()
        for message in messages
    )
