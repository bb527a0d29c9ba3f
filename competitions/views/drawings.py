"""Drawings of a board as numbers for SVG: lines of best scores, bars, slopes."""

from dataclasses import dataclass

from competitions import leaderboard

WIDTH, TOP, BOTTOM = 97, 4, 20  # of a small line, in its own units


def best_so_far(competition, history: list, count: int) -> dict | None:
    """The steps of a team's best score over its submissions, as a path; right is now.

    It is drawn of the scores as participants read them, so it tells no more.
    """
    if not history:
        return None
    sign = 1 if competition.direction == "maximize" else -1
    points = [
        (at, sign * leaderboard.shown_score(competition, score))
        for at, score in history
    ]
    low, high = points[0][1], points[-1][1]
    span = (high - low) or 1.0
    steps, last = [], max(count, points[-1][0])
    for number, (at, score) in enumerate(points):
        x = round(1 + (WIDTH - 1) * (at - 1) / max(1, last - 1), 1)
        y = round(BOTTOM - (BOTTOM - TOP) * (score - low) / span, 1)
        y = TOP if high == low else y
        steps.append(f"M{x:g} {y:g}" if not number else f"H{x:g}V{y:g}")
    return {"path": f"{''.join(steps)}H{WIDTH}", "end": TOP}


@dataclass(frozen=True)
class Bar:
    """One bar of a histogram, in per cent."""

    x: float
    height: float
    top: float
    count: int
    is_mine: bool


def bars(counts: list[int], mine: int | None) -> list[Bar]:
    """The bars of a distribution; the tallest fills the height."""
    highest = max(counts)
    return [
        Bar(
            x=round(100 * number / len(counts), 3),
            height=round(100 * count / highest, 2),
            top=round(100 - 100 * count / highest, 2),
            count=count,
            is_mine=number == mine,
        )
        for number, count in enumerate(counts)
    ]


@dataclass(frozen=True)
class Slope:
    """One team's way from its public to its private rank."""

    name: str
    before: int
    after: int
    shift: int  # ranks gained
    left: int  # heights in pixels
    right: int
    kind: str  # of colour: s0, s2, sb, sa
    is_mine: bool
    public: str
    private: str


STEP, FIRST = 23, 34


def slopes(lines: list[dict], marked: int) -> list[Slope]:
    """Slopes of some teams, who stand in the order of both ranks on the two sides.

    Whoever moved by `marked` ranks or more is coloured.
    """
    by_public = sorted(lines, key=lambda line: (line["before"], line["after"]))
    left = {line["pk"]: FIRST + STEP * at for at, line in enumerate(by_public)}
    drawn = []
    for at, line in enumerate(lines):
        shift = line["before"] - line["after"]
        kind = "s2" if shift >= marked else "sb" if shift <= -marked else "s0"
        drawn.append(
            Slope(
                name=line["name"],
                before=line["before"],
                after=line["after"],
                shift=shift,
                left=left[line["pk"]],
                right=FIRST + STEP * at,
                kind="sa" if line["is_mine"] else kind,
                is_mine=line["is_mine"],
                public=line["public"],
                private=line["private"],
            )
        )
    return drawn
