"""The map of the site and of /api/v1/."""

from allauth.urls import build_provider_urlpatterns
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from podium.accounts.views.profile import picture
from podium.common.api import NothingHere
from podium.common.problems import page_or_problem
from podium.site import views

admin.site.site_header = admin.site.site_title = "Podium, administration"

urlpatterns = [
    path("", include("podium.site.urls")),
    path("competitions/", include("competitions.urls")),
    path("submissions/", include("competitions.submission_urls")),
    path("host/", include("competitions.hosting.urls")),
    path("datasets/", include("podium.datasets.urls")),
    path("", include("podium.credentials.urls")),
    path("", include("podium.portfolio.urls")),
    path("people/", include("podium.portfolio.people_urls")),
    path("", include("podium.site.reports.urls")),
    path("settings/", include("podium.accounts.urls")),
    path("", include("podium.notices.urls")),
    path("pictures/<int:pk>.webp", picture, name="picture"),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", RedirectView.as_view(pattern_name="security")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/sessions/", include("allauth.usersessions.urls")),
    path("accounts/3rdparty/", include("allauth.socialaccount.urls")),
    path("accounts/", include(build_provider_urlpatterns())),
    path("api/v1/", include("podium.api_urls")),
    path("api/<path:rest>", NothingHere.as_view()),
    path("admin/", admin.site.urls),
]

handler400 = page_or_problem(400, views.bad_request)
handler403 = page_or_problem(403, views.forbidden)
handler404 = page_or_problem(404, views.not_found)
handler429 = page_or_problem(429, views.too_many_requests)
handler500 = page_or_problem(500, views.server_error)
