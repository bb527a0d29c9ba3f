"""API tokens as their owner reads and asks for them."""

from rest_framework import serializers

from podium.accounts.models import ApiToken


class TokenRequestSerializer(serializers.Serializer):
    """What somebody sends who wants a token."""

    username = serializers.CharField(max_length=254)
    password = serializers.CharField(max_length=1000, trim_whitespace=False)
    name = serializers.CharField(
        max_length=80,
        required=False,
        allow_blank=True,
        help_text="What the token is for, to know it again.",
    )


class TokenSerializer(serializers.ModelSerializer):
    """A token in its owner's list: never the token itself."""

    created_at = serializers.DateTimeField(source="created")
    expires_at = serializers.DateTimeField(source="expiry", allow_null=True)

    class Meta:
        model = ApiToken
        fields = ["id", "name", "created_at", "expires_at"]
        read_only_fields = fields


class NewTokenSerializer(TokenSerializer):
    """A token as it is shown once, to whoever has just made it."""

    token = serializers.CharField(read_only=True)

    class Meta(TokenSerializer.Meta):
        fields = ["id", "token", "name", "expires_at"]
        read_only_fields = fields
