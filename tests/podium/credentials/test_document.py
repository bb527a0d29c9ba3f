"""The document as others read it: Open Badges 3.0 by a library that is not ours."""

import json
from datetime import UTC, datetime

import jwt
import pytest
from openbadgeslib.ob3 import OB3VerificationError, OB3Verifier

from podium.credentials import keys, services, status
from tests.podium.credentials.scene import make_credential

pytestmark = pytest.mark.django_db


def downloads(url: str) -> bytes:
    """What an outside verifier would fetch from this installation."""
    if url.endswith("/.well-known/did.json"):
        return json.dumps(keys.did_document()).encode()
    return status.signed_list(status.StatusList.objects.get()).encode()


def test_outside_library_finds_key_signature_and_status():
    credential = make_credential(username="mira")

    found = OB3Verifier.for_issuer_did(keys.did(), downloads).verify(
        credential.jwt, check_status=True, download=downloads
    )

    assert found.issuer.id == keys.did()
    assert found.recipient_id.endswith("/people/mira/")
    assert found.name.startswith("Won: ")


def test_outside_library_takes_old_keys_and_sees_what_is_revoked():
    old = make_credential()
    keys.rotate()
    verifier = OB3Verifier.for_issuer_did(keys.did(), downloads)
    assert verifier.verify(old.jwt, check_status=True, download=downloads)

    services.revoke(
        credential=old, user=old.submission.competition.host, reason="Wrong."
    )

    with pytest.raises(OB3VerificationError, match="revocation"):
        verifier.verify(old.jwt, check_status=True, download=downloads)


def test_claims_repeat_the_credential():
    credential = make_credential()
    known = jwt.PyJWKSet.from_dict(keys.key_set())
    header = jwt.get_unverified_header(credential.jwt)

    payload = jwt.decode(credential.jwt, known[header["kid"]], algorithms=["EdDSA"])

    assert header == {"alg": "EdDSA", "typ": "JWT", "kid": credential.key.kid}
    assert payload["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert payload["iss"] == payload["issuer"]["id"]
    assert payload["jti"] == payload["id"]
    assert payload["sub"] == payload["credentialSubject"]["id"]
    issued = datetime.fromtimestamp(payload["nbf"], UTC)
    assert payload["validFrom"] == f"{issued:%Y-%m-%dT%H:%M:%SZ}"
    assert payload["credentialSubject"]["podiumResult"] == credential.facts
