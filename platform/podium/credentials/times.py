"""Moments as credentials write them."""

from datetime import UTC, datetime


def instant_text(moment: datetime) -> str:
    """A moment in UTC to the second: 2026-11-22T14:02:09Z."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def numeric_date(moment: datetime) -> int:
    """Seconds since 1970, as JSON Web Tokens count."""
    return int(moment.timestamp())
