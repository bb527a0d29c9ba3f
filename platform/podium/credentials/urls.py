"""/verify/, the downloads of a credential, and what programs fetch to check one."""

from django.urls import path

from podium.credentials.views import checking, deeds, detail, published

app_name = "credentials"

one = "verify/<slug:code>/"

urlpatterns = [
    path("verify/", checking.check, name="check"),
    path("verify/status/<int:number>/", published.status, name="status"),
    path(
        "verify/status/<int:number>.json", published.status_document, name="status-json"
    ),
    path(one, detail.detail, name="detail"),
    path(f"{one}credential.jwt", detail.text, name="text"),
    path(f"{one}badge.svg", detail.svg, name="svg"),
    path(f"{one}badge.png", detail.png, name="png"),
    path(f"{one}revoke/", deeds.revoke, name="revoke"),
    path("competitions/<slug:slug>/credential/", deeds.issue, name="issue"),
    path(".well-known/did.json", published.did_document, name="did"),
    path(".well-known/keys.json", published.key_set, name="keys"),
]
