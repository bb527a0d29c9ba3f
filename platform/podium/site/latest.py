"""The newest verified results on public boards, for the home page."""

from competitions.models import Competition, LeaderboardEntry, Split
from competitions.views import wording
from podium.portfolio import results

LINES = 5


def latest_results() -> list[dict]:
    """Teams' newest best scores in competitions that everybody may see."""
    entries = LeaderboardEntry.objects.filter(
        split=Split.PUBLIC,
        is_baseline=False,
        competition__visibility=Competition.Visibility.PUBLIC,
        competition__published_at__isnull=False,
        competition__archived_at=None,
        competition__anonymous=False,
    ).order_by("-achieved_at", "-pk")
    shown = results.with_names(results.with_baseline(entries))[:LINES]
    return [_line(entry) for entry in shown]


def _line(entry: LeaderboardEntry) -> dict:
    competition = entry.competition
    return {
        "competition": competition,
        "team": entry.team.name,
        "metric": wording.metric_of(competition)["title"],
        "score": wording.score_of(competition, entry.score),
        "over_baseline": results.over_baseline(entry),
        "is_over_baseline": results.is_over_baseline(entry),
        "at": entry.achieved_at,
    }
