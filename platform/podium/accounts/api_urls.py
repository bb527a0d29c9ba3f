"""/api/v1/tokens/."""

from django.urls import path

from podium.accounts import api

urlpatterns = [
    path("tokens/", api.TokenList.as_view(), name="tokens"),
    path("tokens/<uuid:id>/", api.TokenDetail.as_view(), name="token"),
]
