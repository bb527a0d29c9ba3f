"""How often the API lets somebody do what is dear; the counts lie in the database."""

from hashlib import sha256

from rest_framework.throttling import SimpleRateThrottle


class TokenThrottle(SimpleRateThrottle):
    """Attempts to make a token for one account: each of them tries a password."""

    scope = "tokens"

    def get_cache_key(self, request, view):
        name = request.data.get("username") if hasattr(request.data, "get") else ""
        return f"throttle-tokens-{sha256(str(name).lower().encode()).hexdigest()}"


class TokenAddressThrottle(SimpleRateThrottle):
    """The same by address, so that one machine cannot go through many accounts."""

    scope = "token_addresses"

    def get_cache_key(self, request, view):
        return f"throttle-token-addresses-{self.get_ident(request)}"


class UploadThrottle(SimpleRateThrottle):
    """Uploads, by user, whatever becomes of them."""

    scope = "uploads"

    def get_cache_key(self, request, view):
        return f"throttle-uploads-{request.user.pk}"
