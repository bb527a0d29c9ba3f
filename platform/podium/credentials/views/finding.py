"""Finding a credential by its code: whoever knows it may read it."""

from django.http import Http404

from podium.credentials.models import Credential
from podium.credentials.services import ALPHABET


def find(code: str) -> Credential:
    """A credential with all that its page says; 404 where there is none."""
    found = (
        Credential.objects.filter(code=code)
        .select_related(
            "holder", "key", "submission__team", "submission__competition__host"
        )
        .first()
    )
    if found is None:
        raise Http404("No credential of this code.")
    return found


def tidied(code: str) -> str:
    """A code as it was typed, without its spaces; empty where it cannot be one."""
    plain = "".join(code.lower().replace("-", " ").split())
    fits = len(plain) == 12 and all(letter in ALPHABET for letter in plain)
    return plain if fits else ""
