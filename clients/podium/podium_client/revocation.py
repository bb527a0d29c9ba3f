"""Was it revoked? Read from a copy of the issuer's status list.

Source: W3C, "Bitstring Status List v1.0" (2025).
"""

import json
import zlib
from base64 import urlsafe_b64decode
from datetime import datetime

from podium_client import signatures

MOST_BYTES = 4_000_000  # of a list when it is inflated: 32 million credentials
ENVELOPE = "data:application/vc+jwt,"


class NotKnown(Exception):
    """The list tells nothing of this credential; the message says why."""


def is_revoked(payload: dict, content: bytes, keys: dict, now: datetime) -> bool:
    """Whether the bit of a credential is set in a signed list.

    Raises
    ------
    NotKnown
        If the list is not of this credential, not of its issuer, or too old.
    """
    entry = payload.get("credentialStatus")
    if not isinstance(entry, dict):
        raise NotKnown("the credential names no status list")
    try:
        found, _ = signatures.opened(_token(content), keys)
    except (
        signatures.NoSignature,
        signatures.Cut,
        signatures.Foreign,
        signatures.Tampered,
    ):
        raise NotKnown("the status list is not signed by one of the keys") from None
    subject = found.get("credentialSubject")
    if not isinstance(subject, dict):
        raise NotKnown("the file is no status list")
    wanted = entry.get("statusListCredential")
    if found.get("id") != wanted:
        raise NotKnown(f"it is another list; this one is needed: {wanted}")
    if found.get("iss") != payload.get("iss"):
        raise NotKnown("the status list is of another issuer")
    if now.timestamp() > _number(found.get("exp")):
        raise NotKnown("the status list is too old: fetch a new copy")
    if subject.get("statusPurpose") != "revocation":
        raise NotKnown("the status list is not about revocation")
    return _bit(_bits(subject.get("encodedList")), entry.get("statusListIndex"))


def _token(content: bytes) -> str:
    """The signed text, bare or wrapped in JSON."""
    text = content.decode("utf-8", "replace").strip()
    if not text.startswith("{"):
        return text
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise NotKnown("the status list is no readable JSON") from None
    wrapped = str(document.get("id", ""))
    if not wrapped.startswith(ENVELOPE):
        raise NotKnown("the status list is not signed")
    return wrapped.removeprefix(ENVELOPE)


def _bits(encoded: object) -> bytes:
    if not isinstance(encoded, str) or not encoded.startswith("u"):
        raise NotKnown("the status list is in a form that is not known here")
    try:
        packed = urlsafe_b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4))
        inflator = zlib.decompressobj(wbits=31)
        return inflator.decompress(packed, MOST_BYTES)
    except (ValueError, zlib.error):
        raise NotKnown("the status list is damaged") from None


def _bit(bits: bytes, index: object) -> bool:
    place = int(_number(index))
    if not 0 <= place < 8 * len(bits):
        raise NotKnown("the status list is too short for this credential")
    return bool(bits[place // 8] & 0x80 >> place % 8)


def _number(value: object) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise NotKnown("the status list lacks a number that it needs") from None
