"""Signing: a payload becomes a compact JSON Web Signature by the current key."""

import jwt

from podium.credentials import keys
from podium.credentials.models import SigningKey


def sign(payload: dict, key: SigningKey, typ: str = "JWT") -> str:
    """A payload with its signature, three parts joined by dots.

    Open Badges 3.0 §8.2 asks for `typ` JWT and an identifier of the key.
    """
    return jwt.encode(
        payload,
        keys.private_key(key),
        algorithm="EdDSA",
        headers={"kid": key.kid, "typ": typ},
    )
