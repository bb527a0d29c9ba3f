"""Which credentials were revoked: a list of bits that is signed each time it is asked.

Source: W3C, "Bitstring Status List v1.0" (2025).
"""

import gzip
import secrets
from base64 import urlsafe_b64encode
from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from podium.credentials import keys
from podium.credentials.document import CONTEXT, status_address
from podium.credentials.models import Credential, StatusList
from podium.credentials.signing import sign
from podium.credentials.times import instant_text, numeric_date

HOLDS = timedelta(days=7)  # an older copy says too little
FULL = StatusList.BITS // 2  # then a random place is still found at once
TRIES = 20


def signed_list(status_list: StatusList) -> str:
    """The list as a signed credential of its own."""
    now = timezone.now()
    address = status_address(status_list.pk)
    payload = {
        "@context": [CONTEXT],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": keys.did(),
        "validFrom": instant_text(now),
        "validUntil": instant_text(now + HOLDS),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": _encoded(_revoked(status_list)),
        },
        "iss": keys.did(),
        "jti": address,
        "sub": f"{address}#list",
        "nbf": numeric_date(now),
        "exp": numeric_date(now + HOLDS),
    }
    return sign(payload, keys.current(), typ="vc+jwt")


def enveloped(token: str) -> dict:
    """A signed credential as a JSON document, as the data model wraps it."""
    return {
        "@context": CONTEXT,
        "id": f"data:application/vc+jwt,{token}",
        "type": "EnvelopedVerifiableCredential",
    }


def save_with_bit(credential: Credential) -> None:
    """Give a new credential a bit that no other has, in any order, and save it."""
    status_list = _list_with_room()
    for _ in range(TRIES):
        credential.status_list = status_list
        credential.status_index = secrets.randbelow(StatusList.BITS)
        taken = Credential.objects.filter(
            status_list=status_list, status_index=credential.status_index
        )
        if not taken.exists():
            break
    credential.save()
    StatusList.objects.filter(pk=status_list.pk).update(
        credential_count=F("credential_count") + 1
    )


def _list_with_room() -> StatusList:
    newest = StatusList.objects.filter(credential_count__lt=FULL).last()
    return newest or StatusList.objects.create()


def _revoked(status_list: StatusList) -> list[int]:
    revoked = status_list.credentials.filter(revoked_at__isnull=False)
    return list(revoked.values_list("status_index", flat=True))


def _encoded(indices: list[int]) -> str:
    """Bits from the left, compressed, in base64url behind its sign `u`."""
    bits = bytearray(StatusList.BITS // 8)
    for index in indices:
        bits[index // 8] |= 0x80 >> index % 8
    packed = gzip.compress(bytes(bits), mtime=0)
    return "u" + urlsafe_b64encode(packed).rstrip(b"=").decode()
