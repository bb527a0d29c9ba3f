"""Is a credential good? Every answer has its sentence and its exit code."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from podium_client import pictures, revocation, signatures

CODES = {  # 1 is left to faults of this program, 2 to misspelt commands
    "good": 0,
    "truncated": 3,
    "foreign": 4,
    "revoked": 5,
    "expired": 6,
    "unreadable": 7,
    "status_unknown": 8,
    "tampered": 9,
}
MOST_BYTES = 10_000_000


@dataclass(frozen=True)
class Outcome:
    """What was found: a word of CODES, a sentence, and what may be believed of it.

    `payload` is empty unless the signature is right.
    """

    kind: str
    sentence: str
    payload: dict = field(default_factory=dict)

    @property
    def code(self) -> int:
        return CODES[self.kind]


def verify(
    content: bytes,
    key_set: dict,
    status: bytes | None = None,
    now: datetime | None = None,
) -> Outcome:
    """Check a credential: its text, or a PNG or SVG that holds it.

    Parameters
    ----------
    content : the file's bytes
    key_set : the issuer's JSON Web Key Set, as read from JSON
    status : the issuer's signed status list; without it nothing is told of revocation
    now : the moment that expiry is told by, default the present one

    Raises
    ------
    ValueError
        If `key_set` holds no usable key.
    """
    keys, now = signatures.read_keys(key_set), now or datetime.now(UTC)
    if len(content) > MOST_BYTES:
        return Outcome("unreadable", "NO CREDENTIAL: the file has more than 10 MB.")
    try:
        payload, kid = signatures.opened(pictures.token_in(content), keys)
    except (pictures.Truncated, signatures.Cut) as error:
        return Outcome("truncated", f"TRUNCATED: {error}. Get the whole file.")
    except (pictures.Unreadable, signatures.NoSignature) as error:
        return Outcome("unreadable", f"NO CREDENTIAL: {error}.")
    except signatures.Foreign as error:
        return Outcome("foreign", f"FOREIGN: {error}, which is not in the key set.")
    except signatures.Tampered:
        return Outcome(
            "tampered", "TAMPERED: it was changed after it was signed. Do not trust it."
        )
    if problem := _mismatch(payload, kid):
        return Outcome("unreadable", f"NO CREDENTIAL: {problem}.")
    return _in_force(payload, keys, status, now)


def _mismatch(payload: dict, kid: str) -> str:
    """What keeps a rightly signed text from being an Open Badge of this issuer."""
    issuer, subject = payload.get("issuer"), payload.get("credentialSubject")
    types = payload.get("type")
    if not isinstance(types, list) or "OpenBadgeCredential" not in types:
        return "it is signed, but no Open Badge"
    if not isinstance(issuer, dict) or not isinstance(subject, dict):
        return "it lacks an issuer or a subject"
    pairs = [
        (payload.get("iss"), issuer.get("id")),
        (payload.get("jti"), payload.get("id")),
        (payload.get("sub"), subject.get("id")),
        (kid.partition("#")[0], issuer.get("id")),
    ]
    if any(left != right for left, right in pairs):
        return "its claims contradict one another"
    return ""


def _in_force(payload: dict, keys, status, now: datetime) -> Outcome:
    start, end = payload.get("nbf"), payload.get("exp")
    if isinstance(start, int | float) and now.timestamp() < start - 60:
        sentence = f"NOT VALID YET: it begins on {payload.get('validFrom')}."
        return Outcome("expired", sentence, payload)
    known = ""
    if status is not None:
        try:
            if revocation.is_revoked(payload, status, keys, now):
                sentence = "REVOKED: its issuer took it back; its page says why: "
                return Outcome("revoked", sentence + str(payload.get("id")), payload)
        except revocation.NotKnown as error:
            sentence = f"NOT KNOWN whether it was revoked: {error}."
            return Outcome("status_unknown", sentence, payload)
        known = ", and not revoked by the status list"
    if isinstance(end, int | float) and now.timestamp() >= end:
        sentence = f"EXPIRED: it held until {payload.get('validUntil')}."
        return Outcome("expired", sentence, payload)
    if not known:
        known = "; whether it was revoked was not asked (--status)"
    sentence = f"GOOD: signed by {payload['iss']}, unchanged{known}."
    return Outcome("good", sentence, payload)
