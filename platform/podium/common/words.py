"""Numbers, sizes and times as people read them."""

import math
from datetime import datetime, timedelta

from django.utils import timezone

THIN = "\u202f"  # no-break, between thousands
GAP = "\u00a0"  # no-break, before a unit
MINUS = "\u2212"


def thousands(number: int) -> str:
    """3906 as 3 906, with a thin space that does not break."""
    return f"{number:,}".replace(",", THIN).replace("-", MINUS)


def size_text(size: int) -> str:
    """A number of bytes in kB, MB or GB of 10^3, 10^6 and 10^9."""
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= factor:
            number = size / factor
            digits = 1 if number < 10 and number != int(number) else 0
            return f"{number:.{digits}f}{GAP}{unit}"
    return f"{size}{GAP}bytes"


def score_text(value: float | None, digits: int | None = None) -> str:
    """A score with so many significant digits, by default five decimals or fewer."""
    if value is None:
        return "–"
    magnitude = math.floor(math.log10(abs(value))) if value else 0
    decimals = 5 - max(0, magnitude)
    if digits is not None:
        decimals = digits - 1 - magnitude
    text = f"{value:,.{min(12, max(0, decimals))}f}"
    return text.replace(",", THIN).replace("-", MINUS)


def moment_text(moment: datetime) -> str:
    """A moment in the reader's time zone: 22 Nov 2026, 14:02 UTC."""
    there = timezone.localtime(moment)
    text = f"{there.day} {there:%b %Y, %H:%M} {zone_text(moment)}"
    return text.replace(" ", GAP, 2)


def day_text(moment: datetime) -> str:
    """A day in the reader's time zone: 22 Nov 2026."""
    there = timezone.localtime(moment)
    return f"{there.day} {there:%b %Y}".replace(" ", GAP)


def clock_text(moment: datetime) -> str:
    """A time of the day in the reader's time zone: 14:02:09."""
    return f"{timezone.localtime(moment):%H:%M:%S}"


def zone_text(moment: datetime) -> str:
    """What the reader's time zone is called at a moment: UTC, CEST, UTC−03."""
    name = timezone.localtime(moment).tzname()
    if name[0] in "+-":  # zones without letters of their own
        return f"UTC{name}".replace("-", MINUS)
    return name


def span_text(span: timedelta) -> str:
    """About how long something takes or took: now, 40 s, 7 min, 3 h, 12 d."""
    seconds = max(0, int(span.total_seconds()))
    if seconds < 60:
        return f"{seconds}{GAP}s"
    if seconds < 3600:
        return f"{seconds // 60}{GAP}min"
    if seconds < 48 * 3600:
        return f"{seconds // 3600}{GAP}h"
    return f"{seconds // 86_400}{GAP}d"


def left_text(span: timedelta) -> str:
    """How long until then, in two units: 22 d 12 h, 5 h 3 min."""
    minutes = max(0, int(span.total_seconds())) // 60
    if minutes >= 2880:
        return f"{minutes // 1440}{GAP}d {minutes % 1440 // 60}{GAP}h"
    return f"{minutes // 60}{GAP}h {minutes % 60}{GAP}min"


def days_text(span: timedelta) -> str:
    """How long until then, in words: 22 days, 31 hours, 5 minutes."""
    seconds = max(0, int(span.total_seconds()))
    for unit, length, least in (("day", 86_400, 2), ("hour", 3600, 1)):
        if seconds >= length * least:
            return plural(seconds // length, unit)
    return plural(seconds // 60, "minute")


def plural(number: int, word: str) -> str:
    """1 team, 2 teams."""
    return f"{thousands(number)}{GAP}{word}{'' if number == 1 else 's'}"
