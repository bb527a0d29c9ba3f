"""The map of /api/v1/."""

from django.urls import include, path, re_path
from django.views.decorators.cache import never_cache

from podium.common.api import NothingHere
from podium.site.api_docs import Docs, Schema

app_name = "api"

urlpatterns = [
    path("", include("podium.accounts.api_urls")),
    path("", include("competitions.api_urls")),
    path("", include("podium.datasets.api_urls")),
    path("", include("podium.portfolio.api_urls")),
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", never_cache(Docs.as_view()), name="docs"),
    re_path(r"^", NothingHere.as_view(), name="nothing"),
]
