"""What a user may be called: the name stands in addresses for ever."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, RegexValidator

# Parts of addresses; a user of that name would stand in their way.
RESERVED = frozenset(
    (
        *("list", "data", "submissions", "download", "download-all", "view"),
        *("metadata", "status", "create", "url", "submit", "settings", "pages"),
        *("hosts", "admin", "api", "host", "people", "me", "podium"),
    )
)


# The names of accounts that are gone
_GONE = re.compile(r"deleted-\d+(-\d+)?\Z")
# They turn the text that follows around, and so make a name look like another one.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def refuse_reserved(value: str) -> None:
    if value.lower() in RESERVED or _GONE.match(value.lower()):
        raise ValidationError(f"“{value}” is a word of Podium's own: choose another.")


def refuse_unprintable(value: str) -> None:
    """Refuse what a line of text cannot show; joiners, which emoji need, may stay."""
    for sign in value:
        if sign in _TURNING or unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp"):
            raise ValidationError(
                f"There is an invisible character in it (U+{ord(sign):04X}): type it "
                "again without."
            )


username_validators = [
    RegexValidator(
        r"^[A-Za-z0-9][A-Za-z0-9_-]*\Z",
        "A user name has letters a to z, digits, hyphens and underscores, and starts "
        "with a letter or a digit.",
    ),
    MaxLengthValidator(40, "A user name has at most 40 characters."),
    refuse_reserved,
]
