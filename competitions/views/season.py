"""The time axis of a competition: opened, today, closes."""

from django.utils import timezone

from competitions.models import Competition
from podium.common import words

TICKS = range(0, 101, 10)
ROWS = (42, 60)  # where labels stand, in pixels
LABEL = 17  # per cent of the axis that a label may need


def season_of(competition: Competition) -> dict | None:
    """Where the marks of the axis stand, in per cent; None where there is no end."""
    start, end, now = competition.opens_at, competition.closes_at, timezone.now()
    if end is None:
        return None

    def place(moment) -> float:
        share = (moment - start) / (end - start)
        return round(100 * min(1.0, max(0.0, share)), 2)

    marks = [(start, "opens" if now < start else "opened")]
    if start < now < end:
        marks.append((now, "today"))
    for moment, text in (
        (competition.entry_deadline, "last day to join"),
        (competition.team_deadline, "last day to change teams"),
    ):
        if moment and start < moment < end:
            marks.append((moment, text))
    marks.append((end, "closed" if now >= end else "closes"))
    printed = _printed([(at, text, place(at)) for at, text in sorted(marks)])
    return {
        "ticks": TICKS,
        "now": place(now),
        "marks": printed,
        "has_two_rows": any(mark["y"] > ROWS[0] for mark in printed),
    }


def _printed(marks: list) -> list[dict]:
    """Marks with labels that lean inward at both ends and do not overlap.

    A label that comes too close to the one before it goes to the other row.
    """
    years = {moment.year for moment, _, _ in marks}
    printed, row, last = [], 0, -100.0
    for moment, text, place in marks:
        row = 1 - row if place - last < LABEL else 0
        last = place
        day = words.day_text(moment)
        printed.append(
            {
                "day": day if len(years) > 1 else day.rsplit(words.GAP, 1)[0],
                "text": text,
                "place": place,
                "anchor": "start" if place < 12 else "end" if place > 88 else "middle",
                "y": ROWS[row],
                "is_now": text == "today",
            }
        )
    return printed
