"""A competition as a card: state, best score and baseline on one axis."""

from django.db.models import OuterRef, Subquery

from competitions import leaderboard
from competitions.models import Competition, LeaderboardEntry, Split
from competitions.views import axis, wording


def cards_of(competitions: list[Competition]) -> list[dict]:
    """The cards of some competitions; two queries, however many there are."""
    best = _best_scores(competitions)
    baselines = _strongest_baselines(competitions)
    return [
        _card(competition, best.get(competition.pk), baselines.get(competition.pk))
        for competition in competitions
    ]


def _card(competition: Competition, best, baseline) -> dict:
    metric = wording.metric_of(competition)
    # As participants read them, so that a mark tells no more than its number.
    best = leaderboard.shown_score(competition, best)
    baseline = leaderboard.shown_score(competition, baseline)
    card = {
        "competition": competition,
        "state": wording.state_of(competition),
        "task": wording.task_of(competition),
        "metric": metric["title"],
        "best": wording.score_of(competition, best) if best is not None else None,
        "baseline": (
            wording.score_of(competition, baseline) if baseline is not None else None
        ),
    }
    known = [value for value in (best, baseline) if value is not None]
    if known:
        drawn = axis.make(known, competition.direction, metric["range"])
        card["best_at"] = drawn.place(best) if best is not None else None
        card["baseline_at"] = drawn.place(baseline) if baseline is not None else None
    return card


def _best_scores(competitions) -> dict[int, float]:
    first = (
        LeaderboardEntry.objects.filter(
            competition=OuterRef("pk"), split=Split.PUBLIC, is_baseline=False
        )
        .order_by("sort_key", "achieved_at", "pk")
        .values("score")[:1]
    )
    found = (
        Competition.objects.filter(pk__in=[each.pk for each in competitions])
        .annotate(best=Subquery(first))
        .values_list("pk", "best")
    )
    return {pk: best for pk, best in found if best is not None}


def _strongest_baselines(competitions) -> dict[int, float]:
    entries = LeaderboardEntry.objects.filter(
        competition__in=competitions, split=Split.PUBLIC, is_baseline=True
    ).order_by("-sort_key")
    return dict(entries.values_list("competition_id", "score"))
