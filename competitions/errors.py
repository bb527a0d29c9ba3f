"""How a service of competitions refuses; the family is the whole site's."""

from podium.common.errors import (
    BadRequest,
    NotAllowed,
    Refused,
    TooLarge,
    TooMany,
    WrongState,
)

__all__ = [
    "BadRequest",
    "Busy",
    "NotAllowed",
    "QuotaSpent",
    "Refused",
    "TooLarge",
    "TooMany",
    "WrongState",
]


class QuotaSpent(Refused):
    """No submission is left; `retry_at` says when there is one again."""

    status = 429


class Busy(Refused):
    """It cannot be done just now; `retry_at` says when to ask again."""

    status = 503
