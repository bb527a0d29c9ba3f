"""How a service refuses: one sentence, the same on a page and in REST."""

from datetime import datetime


class Refused(Exception):
    """Something asked for that cannot be had; `status` is HTTP's word for why."""

    status = 409

    def __init__(self, message: str, *, retry_at: datetime | None = None):
        super().__init__(message)
        self.message = message
        self.retry_at = retry_at


class BadRequest(Refused):
    """What was sent is not what is asked for."""

    status = 400


class NotAllowed(Refused):
    """The user may see this but not do it."""

    status = 403


class WrongState(Refused):
    """It is too early, too late, or already done."""

    status = 409


class TooLarge(Refused):
    """The file has more bytes than are taken here."""

    status = 413


class TooMany(Refused):
    """It was asked for too often in a short time."""

    status = 429
