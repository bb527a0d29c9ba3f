"""Is a credential that somebody holds ours, whole and unchanged?"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

import jwt
from django.utils import timezone

from podium.credentials.models import Credential, SigningKey

SIGNATURE = 64  # bytes, of Ed25519


@dataclass(frozen=True)
class Verdict:
    """What came out: good, expired, revoked, tampered, truncated, foreign, unreadable.

    `credential` is the one whose signature is right, whatever else may be wrong.
    """

    kind: str
    title: str
    words: str
    credential: Credential | None = None


def judge(token: str) -> Verdict:
    """Check the text of a credential against the keys and rows of this installation."""
    parts = token.split(".")
    if len(parts) != 3 or not all(parts):
        return _broken(parts)
    header = _header(parts[0])
    if header is None:
        return _unreadable("Its first part cannot be read.")
    if not _is_whole(parts[2]):
        return _TRUNCATED
    key = SigningKey.objects.filter(kid=str(header.get("kid", ""))[:300]).first()
    if key is None:
        return _FOREIGN
    if header.get("alg") != "EdDSA" or not _is_signed(token, parts, key):
        return _TAMPERED
    found = (
        Credential.objects.filter(jwt=token, key=key)
        .select_related("holder", "submission__competition", "key")
        .first()
    )
    return _of(found) if found else _GONE


def state_of(credential: Credential) -> str:
    """good, revoked or expired; the signature is another matter."""
    if credential.revoked_at:
        return "revoked"
    if credential.expires_at and credential.expires_at <= timezone.now():
        return "expired"
    return "good"


def is_signature_right(credential: Credential) -> bool:
    """Whether the kept text is still what its key signed."""
    parts = credential.jwt.split(".")
    return len(parts) == 3 and _is_signed(credential.jwt, parts, credential.key)


def _of(found: Credential) -> Verdict:
    match state_of(found):
        case "revoked":
            return Verdict(
                "revoked",
                "Revoked.",
                f"It is ours and unchanged, but was taken back: {found.revoked_for}",
                found,
            )
        case "expired":
            return Verdict(
                "expired",
                "Expired.",
                "It is ours and unchanged, but told where an open board stood for a "
                f"while only, until {found.expires_at:%d %B %Y}.",
                found,
            )
    return Verdict(
        "good", "Good.", "It is ours, unchanged, and was not revoked.", found
    )


def _is_signed(token: str, parts: list[str], key: SigningKey) -> bool:
    # Base64 has several spellings of the same bytes; only ours is taken.
    if not all(_is_canonical(part) for part in parts):
        return False
    known = jwt.PyJWK({"kty": "OKP", "crv": "Ed25519", "x": key.public, "alg": "EdDSA"})
    try:
        jwt.api_jws.decode(token, known, algorithms=["EdDSA"])
    except jwt.exceptions.PyJWTError:
        return False
    return True


def _header(part: str) -> dict | None:
    try:
        header = json.loads(_bytes(part))
    except (ValueError, RecursionError):
        return None
    return header if isinstance(header, dict) else None


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


def _broken(parts: list[str]) -> Verdict:
    """Fewer parts than three: cut off, or never a credential."""
    if len(parts) <= 3 and _header(parts[0]) is not None:
        return _TRUNCATED
    return _unreadable("It is not of the three parts that a signed credential has.")


def _unreadable(why: str) -> Verdict:
    return Verdict("unreadable", "This is no credential.", why)


_TRUNCATED = Verdict(
    "truncated",
    "Cut short.",
    "It ends before its signature does: copy all of it, or send the file itself.",
)
_FOREIGN = Verdict(
    "foreign",
    "Not ours.",
    "It names a key that this installation never had. Ask whoever issued it; if it "
    "says that it was issued here, do not trust it.",
)
_TAMPERED = Verdict(
    "tampered",
    "Changed after it was signed.",
    "It names a key of ours, but its signature does not fit its words: do not trust "
    "it.",
)
_GONE = Verdict(
    "revoked",
    "Taken back.",
    "It is ours and unchanged, but its holder deleted their account, and this "
    "installation vouches for it no more.",
)
