"""The keys that credentials are signed with: made at first need, changed, published.

The private half is a file in `settings.CREDENTIAL_KEYS` that its owner alone reads; the
public half is a row, and stays published when another key has taken its place.
"""

import json
import os
from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote, urlsplit

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from podium.credentials.models import SigningKey

log = structlog.get_logger(__name__)


class KeyIsMissing(Exception):
    """The private half of the current key is not where it should be."""


def did() -> str:
    """Who signs: this installation, as did:web names it by its address."""
    return f"did:web:{quote(urlsplit(settings.URL).netloc, safe='')}"


def current() -> SigningKey:
    """The key that signs now; made where there is none for this address yet."""
    key = SigningKey.objects.filter(is_current=True).first()
    if key is not None and key.kid.startswith(f"{did()}#"):
        return key
    return rotate()


def rotate() -> SigningKey:
    """Make another key the one that signs; those before it stay published."""
    private = Ed25519PrivateKey.generate()
    public = _base64url(
        private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    )
    kid = f"{did()}#{_thumbprint(public)[:16]}"
    # The file comes first: a row without its file would sign nothing.
    path = _write(kid, private)
    try:
        with transaction.atomic():
            SigningKey.objects.filter(is_current=True).update(
                is_current=None, retired_at=timezone.now()
            )
            key = SigningKey.objects.create(kid=kid, public=public, is_current=True)
    except IntegrityError:  # somebody else made one at the same time
        path.unlink()
        return SigningKey.objects.get(is_current=True)
    log.info("credential key made", kid=kid)
    return key


def private_key(key: SigningKey) -> Ed25519PrivateKey:
    """The half that signs.

    Raises
    ------
    KeyIsMissing
        If its file is gone: a new key is the operator's to make, not ours.
    """
    path = _path(key.kid)
    try:
        return load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise KeyIsMissing(
            f"The private key {key.kid} cannot be read from {path} ({error}). Put the "
            "file back, or run `manage.py rotate_credential_key`."
        ) from error


def key_set() -> dict:
    """All public keys, old ones too, as a JSON Web Key Set."""
    return {"keys": [_jwk(key) for key in SigningKey.objects.all()]}


def did_document() -> dict:
    """What did:web finds here: the keys of this address, the current one first."""
    own = SigningKey.objects.filter(kid__startswith=f"{did()}#")
    keys = sorted(own, key=lambda key: not key.is_current)
    return {
        "@context": [
            "https://www.w3.org/ns/did/v1",
            "https://w3id.org/security/jwk/v1",
        ],
        "id": did(),
        "verificationMethod": [
            {
                "id": key.kid,
                "type": "JsonWebKey",
                "controller": did(),
                "publicKeyJwk": _jwk(key),
            }
            for key in keys
        ],
        "assertionMethod": [key.kid for key in keys],
    }


def _jwk(key: SigningKey) -> dict:
    return {
        "kty": "OKP",
        "crv": "Ed25519",
        "x": key.public,
        "kid": key.kid,
        "alg": "EdDSA",
        "use": "sig",
    }


def _thumbprint(public: str) -> str:
    """The name that a key has by its content: RFC 7638."""
    required = {"crv": "Ed25519", "kty": "OKP", "x": public}
    text = json.dumps(required, sort_keys=True, separators=(",", ":"))
    return _base64url(sha256(text.encode()).digest())


def _path(kid: str) -> Path:
    return settings.CREDENTIAL_KEYS / f"{kid.rpartition('#')[2]}.pem"


def _write(kid: str, private: Ed25519PrivateKey) -> Path:
    path = _path(kid)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    content = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    return path


def _base64url(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()
