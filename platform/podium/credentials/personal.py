"""What credentials keep of a person: told in an export, taken back with the account."""

from podium.accounts.models import User
from podium.accounts.personal import Keeper
from podium.credentials import services


def export(user: User) -> dict:
    """One's credentials, each with its signed text."""
    fields = ("code", "kind", "jwt", "issued_at", "expires_at", "revoked_at")
    rows = user.credentials.order_by("pk").values(*fields, "revoked_for")
    return {"credentials.json": list(rows)}


def forget(user: User) -> None:
    services.forget(holder=user)


keeper = Keeper(export=export, forget=forget)
