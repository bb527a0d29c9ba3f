"""What programs fetch to check a credential: keys, and which ones were revoked."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from podium.credentials import keys
from podium.credentials import status as status_lists
from podium.credentials.models import StatusList

VC_JWT = "application/vc+jwt"
FRESH = 300  # seconds that others may keep an answer


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
    found = get_object_or_404(StatusList, pk=number)
    token = status_lists.signed_list(found)
    return _open_to_all(HttpResponse(token, content_type=VC_JWT))


@require_safe
@cache_control(public=True, max_age=FRESH)
def status_document(request, number):
    """The same in JSON, to be kept beside `podium-client verify`."""
    found = get_object_or_404(StatusList, pk=number)
    document = status_lists.enveloped(status_lists.signed_list(found))
    return _open_to_all(JsonResponse(document, content_type="application/vc"))
