"""How a service of competitions refuses; the family is the whole site's."""

from podium.common.errors import (
    BadRequest,
    NotAllowed,
    Refused,
    TooLarge,
    WrongState,
)

__all__ = [
    "BadRequest",
    "NotAllowed",
    "QuotaSpent",
    "Refused",
    "TooLarge",
    "WrongState",
]


class QuotaSpent(Refused):
    """No submission is left; `retry_at` says when there is one again."""

    status = 429
