"""The dashboard's two drawings as numbers: places in per cent, words for readers."""

from competitions.models import Competition
from podium.common import words

HEIGHT = 174  # of the bars, in the plot's pixels
TOP = 24


def days(rows: list[dict]) -> dict:
    """Bars of submissions per day: scored below, failed above, others on top."""
    most = max([row["all"] for row in rows] + [1])
    top = _round_up(most)
    width = 100 / len(rows)
    bars = []
    for number, row in enumerate(rows):
        scored = 100 * row["scored"] / top
        failed = 100 * row["failed"] / top
        others = 100 * row["all"] / top - scored - failed
        bars.append(
            {
                "x": round(number * width + 0.1 * width, 3),
                "width": round(0.8 * width, 3),
                "scored_y": round(100 - scored, 3),
                "scored": round(scored, 3),
                "failed_y": round(100 - scored - failed, 3),
                "failed": round(failed, 3),
                "others_y": round(100 - scored - failed - others, 3),
                "others": round(others, 3),
            }
        )
    total = sum(row["all"] for row in rows)
    lines = [
        {"y": y, "text_y": y + 4, "text": part}
        for part in (0, top // 2, top)
        for y in (TOP + HEIGHT * (1 - part / top),)
    ]
    marks = [
        {"x": 5 + 94 * (number + 0.5) / len(rows), "text": _day(rows[number]["day"])}
        for number in range(0, len(rows), 7)
    ]
    return {
        "bars": bars,
        "lines": lines,
        "marks": marks,
        "total": total,
        "rows": [row for row in rows if row["all"]],
        "label": f"{words.plural(total, 'submission')} in {len(rows)} days, at most "
        f"{most} in one",
    }


def progress(competition: Competition, steps: list[tuple]) -> dict | None:
    """The best score so far as a line of steps; right and up is better."""
    if len(steps) < 2:
        return None
    first, last = steps[0][0], steps[-1][0]
    span = max(1, (last - first).days)
    values = [value for _, value in steps]
    low, high = min(values), max(values)
    is_error = competition.direction == Competition.Direction.MINIMIZE

    def height(value: float) -> float:
        part = (value - low) / ((high - low) or 1)
        return 5 + 90 * (part if is_error else 1 - part)

    path = []
    for number, (day, value) in enumerate(steps):
        x = 100 * (day - first).days / span
        path.append(f"{'H' if number else 'M'}{x:.2f}")
        path.append(f"V{height(value):.2f}" if number else f" {height(value):.2f}")
    return {
        "path": "".join(path),
        "from": words.score_text(values[0]),
        "to": words.score_text(values[-1]),
        "first": _day(first),
        "last": _day(last),
        "rows": [(_day(day), words.score_text(value)) for day, value in steps],
        "label": f"Best public score from {words.score_text(values[0])} to "
        f"{words.score_text(values[-1])}",
    }


def _day(day) -> str:
    return f"{day.day} {day:%b}"


def _round_up(most: int) -> int:
    """An even number that is easy to read and not below `most`."""
    size = 1
    while True:
        for step in (2, 4, 10):
            if most <= step * size:
                return step * size
        size *= 10
