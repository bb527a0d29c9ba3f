"""The OpenAPI description of the API, and a page that shows it."""

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView


class Schema(SpectacularAPIView):
    """The description; it is the same for everybody, so nobody need sign in."""

    authentication_classes = []


class Docs(SpectacularSwaggerSplitView):
    """The description as a page in which requests can be tried."""

    authentication_classes = []
    url_name = "api:schema"
    template_name = "site/api_docs.html"
