"""The pages below /settings/."""

from django.urls import path

from podium.accounts.views import appearance, data, profile, security, tokens

urlpatterns = [
    path("", profile.profile, name="settings"),
    path("picture/", profile.change_picture, name="change-picture"),
    path("picture/remove/", profile.remove_picture, name="remove-picture"),
    path("account/", security.account, name="account"),
    path("security/", security.security, name="security"),
    path("sessions/<int:pk>/end/", security.end_session, name="end-session"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<uuid:id>/revoke/", tokens.revoke_token, name="revoke-token"),
    path("appearance/", appearance.appearance, name="appearance"),
    path("data/", data.data, name="data"),
    path("data/export/", data.export, name="export"),
    path("data/delete/", data.delete, name="delete-account"),
]
