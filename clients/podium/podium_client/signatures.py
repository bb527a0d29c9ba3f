"""JSON Web Signatures by Ed25519: RFC 7515 and RFC 8037, and nothing else of them."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

SIGNATURE = 64  # bytes


class Tampered(Exception):
    """The signature does not fit."""


class Foreign(Exception):
    """The key is not among the given ones."""


class Cut(Exception):
    """Fewer parts or bytes than a signature has."""


class NoSignature(Exception):
    """This is no signed text at all."""


def read_keys(document: object) -> dict[str, Ed25519PublicKey]:
    """The Ed25519 keys of a JSON Web Key Set, by their identifiers.

    Raises
    ------
    ValueError
        If it is no key set, or holds no such key.
    """
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise ValueError("this is no JSON Web Key Set: it lacks the list “keys”")
    keys = {}
    for key in listed:
        if isinstance(key, dict) and (key.get("kty"), key.get("crv")) == (
            *("OKP", "Ed25519"),
        ):
            public = Ed25519PublicKey.from_public_bytes(_bytes(str(key.get("x"))))
            keys[str(key.get("kid"))] = public
    if not keys:
        raise ValueError("there is no Ed25519 key in it")
    return keys


def opened(token: str, keys: dict[str, Ed25519PublicKey]) -> tuple[dict, str]:
    """The payload of a signed text, and the identifier of the key that fits.

    Raises
    ------
    NoSignature, Cut, Foreign, Tampered
        If it is not to be trusted, by what is wrong.
    """
    parts = token.split(".")
    header = _object(parts[0])
    if header is None or len(parts) > 3:
        raise NoSignature("it is not of the three parts that a signed text has")
    if len(parts) < 3 or not _is_whole(parts[2]):
        raise Cut("it ends before its signature does")
    kid = header.get("kid")
    if not isinstance(kid, str) or kid not in keys:
        raise Foreign(f"it names the key {kid}")
    # Base64 has several spellings of the same bytes; only one is what was signed.
    if header.get("alg") != "EdDSA" or not all(map(_is_canonical, parts)):
        raise Tampered
    try:
        signed = f"{parts[0]}.{parts[1]}".encode()
        keys[kid].verify(_bytes(parts[2]), signed)
    except InvalidSignature:
        raise Tampered from None
    payload = _object(parts[1])
    if payload is None:
        raise NoSignature("what is signed is no JSON object")
    return payload, kid


def _object(part: str) -> dict | None:
    try:
        found = json.loads(_bytes(part))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _is_whole(signature: str) -> bool:
    try:
        return len(_bytes(signature)) == SIGNATURE
    except ValueError:
        return False


def _is_canonical(part: str) -> bool:
    try:
        return urlsafe_b64encode(_bytes(part)).rstrip(b"=").decode() == part
    except ValueError:
        return False


def _bytes(part: str) -> bytes:
    return urlsafe_b64decode(part.encode() + b"=" * (-len(part) % 4))
