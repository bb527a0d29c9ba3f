"""What every view of the API shares."""

from django.http import HttpResponse
from django.urls import resolve
from django.utils.cache import patch_vary_headers
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound, ParseError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.views import APIView

from podium.common.errors import Refused
from podium.common.problems import Problem

SMALL_BODY = 1_000_000  # bytes; JSON is parsed in memory


class OneKind(BaseContentNegotiation):
    """Answer in the one kind there is, whatever the Accept header says."""

    def select_parser(self, request, parsers):
        kind = request.content_type.split(";")[0].strip().lower()
        return next((p for p in parsers if p.media_type == kind), None)

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class ShallowJson(JSONParser):
    """JSON; what is nested deeper than Python reads is a bad request, not our fault."""

    def parse(self, stream, media_type=None, parser_context=None):
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError("The JSON is nested too deeply.") from None


class ApiView(APIView):
    """A view that reads small bodies only and answers JSON to everybody."""

    content_negotiation_class = OneKind
    parser_classes = [ShallowJson, FormParser, MultiPartParser]

    def initialize_request(self, request, *args, **kwargs):
        self.body_size = _length(request)
        return super().initialize_request(request, *args, **kwargs)

    def initial(self, request, *args, **kwargs):
        self.assert_body_fits()
        super().initial(request, *args, **kwargs)

    def assert_body_fits(self):
        """Refuse a large body before a byte of it is read."""
        if self.body_size > SMALL_BODY:
            raise Problem(413, f"A request here has at most {SMALL_BODY} bytes.")

    def handle_exception(self, exc):
        if isinstance(exc, Refused):
            exc = Problem(exc.status, exc.message, retry_at=exc.retry_at)
        return super().handle_exception(exc)

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(response, ["Authorization"])
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response


def _length(request) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


@extend_schema(exclude=True)
class NothingHere(ApiView):
    """Answer what no other route of the API takes; point to it where a slash lacks."""

    authentication_classes = []
    permission_classes = [AllowAny]

    def dispatch(self, request, *args, **kwargs):
        if _takes_a_slash(request.path_info):
            # 308, not 301: a client sends the same method and body again.
            address = request.get_full_path(force_append_slash=True)
            response = HttpResponse(status=308, headers={"Location": address})
            del response.headers["Content-Type"]
            return response
        return super().dispatch(request, *args, **kwargs)

    def initial(self, request, *args, **kwargs):
        raise NotFound(f"The API has no {request.path}: see /api/v1/docs/.")


def _takes_a_slash(path: str) -> bool:
    if path.endswith("/"):
        return False
    found = resolve(f"{path}/").func
    return getattr(found, "view_class", None) is not NothingHere
