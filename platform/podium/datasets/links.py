"""Signed links: whoever has one may download for a while, without an account."""

from datetime import timedelta

from django.core import signing

from podium.datasets.limits import LINK_HOURS
from podium.datasets.models import Dataset, DatasetVersion

_signer = signing.TimestampSigner(salt="podium.datasets.links", sep=".")
LIFETIME = timedelta(hours=LINK_HOURS)


def signature_for(version: DatasetVersion) -> str:
    """A word that opens all files of one version, until it has aged."""
    text = f"{version.dataset_id}-{version.number}"
    return _signer.sign(text)[len(text) + 1 :]


def opens(signature: str, dataset: Dataset, number: int) -> bool:
    """Whether a signature was made for a version and is not too old.

    It opens nothing that staff have hidden, nor what belongs to a closed account.
    """
    if dataset.hidden_at or not dataset.owner.is_active:
        return False
    try:
        _signer.unsign(f"{dataset.pk}-{number}.{signature}", max_age=LIFETIME)
    except signing.BadSignature:
        return False
    return True
