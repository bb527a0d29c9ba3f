"""Tokens by REST: made with a password, listed and deleted with any token."""

from allauth.account.models import EmailAddress
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import authenticate
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import DestroyAPIView, ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.response import Response

from podium.accounts.models import ApiToken, User
from podium.accounts.serializers import (
    NewTokenSerializer,
    TokenRequestSerializer,
    TokenSerializer,
)
from podium.common.api import ApiView
from podium.common.problems import Problem
from podium.common.throttles import TokenAddressThrottle, TokenThrottle

MOST = 100  # tokens of one user, on the page as well


class TokenList(ApiView, ListAPIView):
    """One's tokens."""

    serializer_class = TokenSerializer
    ordering = ("-created", "-id")

    def get_authenticators(self):
        # Making a token asks for a password, so a stale token must not be in the way.
        return [] if self._makes_one() else super().get_authenticators()

    def get_permissions(self):
        return [AllowAny()] if self._makes_one() else super().get_permissions()

    def get_throttles(self):
        return [TokenAddressThrottle(), TokenThrottle()] if self._makes_one() else []

    def _makes_one(self) -> bool:
        return self.request is not None and self.request.method == "POST"

    def get_queryset(self):
        return ApiToken.objects.filter(user=self.request.user)

    @extend_schema(
        request=TokenRequestSerializer, responses={201: NewTokenSerializer}, auth=[]
    )
    def post(self, request):
        """Make a token; it is shown this once and kept as a hash."""
        form = TokenRequestSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        sent = form.validated_data
        user = authenticate(
            request, username=sent["username"], password=sent["password"]
        )
        if user is None:
            raise Problem(401, "The user name and the password do not fit together.")
        assert_may_make_token(user)
        if ApiToken.objects.filter(user=user).count() >= MOST:
            raise Problem(409, f"You have {MOST} tokens: delete one of them first.")
        row, token = ApiToken.objects.create(user=user, name=sent.get("name", ""))
        row.token = token
        body = NewTokenSerializer(row).data
        return Response(
            body, status=status.HTTP_201_CREATED, headers={"Cache-Control": "no-store"}
        )


class TokenDetail(ApiView, DestroyAPIView):
    """One of one's tokens: deleted, it opens nothing any more."""

    serializer_class = TokenSerializer
    lookup_field = "id"

    def get_queryset(self):
        if not self.request:
            return ApiToken.objects.none()
        return ApiToken.objects.filter(user=self.request.user)


def assert_may_make_token(user: User) -> None:
    """Refuse where a password alone does not suffice to sign in."""
    if is_mfa_enabled(user):
        raise Problem(
            403,
            "This account has a second factor: make the token on the page "
            f"{settings.URL}/settings/tokens/.",
        )
    confirmed = EmailAddress.objects.filter(user=user, verified=True)
    if settings.REQUIRE_EMAIL and not confirmed.exists():
        raise Problem(
            403, "Confirm your e-mail address first: follow the link in our mail."
        )
