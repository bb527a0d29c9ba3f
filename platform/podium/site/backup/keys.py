"""The installation's own secrets: where they lie, and their names in a backup."""

import os
from pathlib import Path

from django.conf import settings

_SECRET = "keys/secret-key"  # absent where a setting gives it
_SIGNING = "keys/credentials/"


def found() -> dict[str, Path]:
    """The files of secrets that there are, by their names in a backup."""
    places = {_SECRET: settings.HOME / "secret-key"}
    if settings.CREDENTIAL_KEYS.is_dir():
        for path in sorted(settings.CREDENTIAL_KEYS.iterdir()):
            places[f"{_SIGNING}{path.name}"] = path
    return {name: path for name, path in places.items() if path.is_file()}


def put(name: str, content: bytes) -> None:
    """Write a secret to its place, where its owner alone reads it."""
    if name.startswith(_SIGNING):
        path = settings.CREDENTIAL_KEYS / Path(name).name
    else:
        path = settings.HOME / "secret-key"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    with os.fdopen(os.open(part, flags, 0o600), "wb") as file:
        file.write(content)
    part.replace(path)
