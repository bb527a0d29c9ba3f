"""Medals by the thresholds that Kaggle publishes."""

GOLD, SILVER, BRONZE = "gold", "silver", "bronze"


def zones(teams: int) -> dict[str, int]:
    """The last rank of each medal on a board with so many teams.

    A share that is no whole number is cut off, and each zone holds at least one rank:
    0 to 99 teams: 10, 20, 40 %; 100 to 249: ranks to 10, 20 %, 40 %; 250 to 999:
    10 + 0.2 %, to 50, to 100; from 1,000 on: 10 + 0.2 %, 5 %, 10 %.

    Source: https://www.kaggle.com/progression
    """
    if teams < 100:
        last = teams // 10, teams // 5, 2 * teams // 5
    elif teams < 250:
        last = 10, teams // 5, 2 * teams // 5
    elif teams < 1000:
        last = 10 + teams // 500, 50, 100
    else:
        last = 10 + teams // 500, teams // 20, teams // 10
    named = zip((GOLD, SILVER, BRONZE), last, strict=True)
    return {medal: max(1, rank) for medal, rank in named}


def zone_of(rank: int, teams: int) -> str | None:
    """The medal that a rank gets; equal scores get the same."""
    return next((medal for medal, last in zones(teams).items() if rank <= last), None)
