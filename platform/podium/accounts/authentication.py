"""How the API knows who calls: a bearer token, or the session of a page."""

from copy import copy

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from drf_spectacular.authentication import SessionScheme
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.auth import TokenAuthentication
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed


class BearerToken(TokenAuthentication):
    """knox's tokens; what cannot be one is refused instead of failing."""

    def authenticate_credentials(self, token):
        if not token.isascii():
            raise AuthenticationFailed("Invalid token.")
        return super().authenticate_credentials(token)


class PageSession(SessionAuthentication):
    """A page's session; its word against forgery counts in the header X-CSRFToken.

    Django would look for it in the body first, and so take in an upload whole before
    anybody could say that it is too large.
    """

    def enforce_csrf(self, request):
        bodiless = copy(request._request)
        bodiless._post, bodiless._files = QueryDict(), MultiValueDict()
        super().enforce_csrf(bodiless)


class BearerTokenScheme(KnoxTokenScheme):
    """The token in the OpenAPI description."""

    target_class = "podium.accounts.authentication.BearerToken"
    name = "token"


class PageSessionScheme(SessionScheme):
    """The session in the OpenAPI description."""

    target_class = "podium.accounts.authentication.PageSession"
