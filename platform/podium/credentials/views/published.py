"""What programs fetch to check a credential: keys, and which ones were revoked."""

import structlog
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from podium.credentials import keys
from podium.credentials import status as status_lists
from podium.credentials.models import StatusList

log = structlog.get_logger(__name__)

VC_JWT = "application/vc+jwt"
FRESH = 300  # seconds that others may keep an answer


def _signed(number: int) -> str | None:
    """The signed list of a number; None where the key to sign it is missing."""
    found = get_object_or_404(StatusList, pk=number)
    try:
        return status_lists.signed_list(found)
    except keys.KeyIsMissing:
        log.exception("a status list could not be signed")
        return None


def _not_now() -> HttpResponse:
    sentence = "The list cannot be signed now: its operator has to look.\n"
    return HttpResponse(sentence, status=503, content_type="text/plain; charset=utf-8")


def _open_to_all(response):
    """Verifiers run in browsers as well; there is nothing secret in it."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
@cache_control(public=True, max_age=FRESH)
def key_set(request):
    """All public keys, old ones too."""
    return _open_to_all(
        JsonResponse(keys.key_set(), content_type="application/jwk-set+json")
    )


@require_safe
@cache_control(public=True, max_age=FRESH)
def did_document(request):
    """Who signs, as did:web finds it."""
    return _open_to_all(
        JsonResponse(keys.did_document(), content_type="application/did+json")
    )


@require_safe
@cache_control(public=True, max_age=FRESH)
def status(request, number):
    """The list of revoked credentials, signed."""
    token = _signed(number)
    if token is None:
        return _not_now()
    return _open_to_all(HttpResponse(token, content_type=VC_JWT))


@require_safe
@cache_control(public=True, max_age=FRESH)
def status_document(request, number):
    """The same in JSON, to be kept beside `podium-client verify`."""
    token = _signed(number)
    if token is None:
        return _not_now()
    document = status_lists.enveloped(token)
    return _open_to_all(JsonResponse(document, content_type="application/vc"))
