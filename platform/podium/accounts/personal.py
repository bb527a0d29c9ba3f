"""What other apps keep of a person: they register here, for accounts import none."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from podium.accounts.models import User


def _nothing(user: User) -> dict[str, Any]:
    return {}


def _no_obstacle(user: User) -> list[str]:
    return []


def _keep(user: User) -> None:
    return None


@dataclass(frozen=True)
class Keeper:
    """An app that keeps something of people.

    `export` answers files by name, each what JSON can hold; `obstacles` says in a
    sentence each why an account cannot be deleted now; `forget` takes out of the app's
    rows what tells whose they were, in the transaction that deletes the account.
    """

    export: Callable[[User], dict[str, Any]] = _nothing
    obstacles: Callable[[User], list[str]] = _no_obstacle
    forget: Callable[[User], None] = _keep


_keepers: dict[str, Keeper] = {}


def register(name: str, keeper: Keeper) -> None:
    """Name an app that keeps something of people; called when Django starts."""
    _keepers[name] = keeper


def keepers() -> list[Keeper]:
    return list(_keepers.values())
