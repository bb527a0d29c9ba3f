"""All that is kept of a user, as a zip of JSON files."""

import json
import tempfile
import zipfile

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from podium.accounts import personal
from podium.accounts.models import ApiToken, User

IN_MEMORY = 5_000_000  # bytes; a larger zip goes to disk


def export_of(user: User):
    """A file with a zip of everything that is kept of a user."""
    files = {**_of_accounts(user)}
    for keeper in personal.keepers():
        files |= keeper.export(user)
    # Closed by the answer that sends it
    out = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _readme(user, files))
        for name, content in sorted(files.items()):
            text = json.dumps(
                content, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False
            )
            archive.writestr(name, text)
        if user.picture:
            with user.picture.open() as picture:
                archive.writestr("picture.webp", picture.read())
    out.seek(0)
    return out


def _of_accounts(user: User) -> dict:
    tokens = ApiToken.objects.filter(user=user).order_by("created")
    sessions = UserSession.objects.filter(user=user).order_by("created_at")
    factors = Authenticator.objects.filter(user=user).order_by("pk")
    return {
        "profile.json": _profile(user),
        "tokens.json": list(tokens.values("id", "name", "created", "expiry")),
        "sessions.json": list(
            sessions.values("created_at", "last_seen_at", "ip", "user_agent")
        ),
        # Which there are, never what opens them
        "second_factors.json": list(
            factors.values("type", "created_at", "last_used_at")
        ),
        "connections.json": list(
            SocialAccount.objects.filter(user=user).values(
                "provider", "uid", "extra_data", "date_joined", "last_login"
            )
        ),
    }


def _profile(user: User) -> dict:
    fields = (
        *("username", "email", "display_name", "bio", "location", "links"),
        *("practitioner", "practitioner_also", "time_zone", "theme", "date_joined"),
        *("last_login", "is_staff", "may_host", "hidden_at", "hidden_reason"),
    )
    addresses = EmailAddress.objects.filter(user=user)
    return {name: getattr(user, name) for name in fields} | {
        "addresses": list(addresses.values("email", "verified", "primary"))
    }


def _readme(user: User, files: dict) -> str:
    names = "\n".join(f"  {name}" for name in sorted(files))
    return (
        f"What this Podium keeps of {user.username}, as of "
        f"{timezone.now():%d %B %Y, %H:%M} UTC.\n\nAll files are JSON in UTF-8:\n\n"
        f"{names}\n\nPasswords and tokens are kept as hashes and are not in here.\n"
    )
