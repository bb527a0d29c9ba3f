"""Who stands where, with ties, on which split; kept on write, so pages only read."""

from django.db.models import Count, F, Max, QuerySet

from competitions.models import (
    Competition,
    LeaderboardEntry,
    Score,
    Split,
    Submission,
    Team,
)


def metric_name(spec: dict) -> str:
    """A metric and its parameters as text: `rmse`, `f_beta(beta=2)`."""
    parameters = ", ".join(f"{k}={v}" for k, v in sorted(spec.items()) if k != "key")
    return f"{spec['key']}({parameters})" if parameters else spec["key"]


def sort_key(score: float, direction: str) -> float:
    """A score as it is compared: to 12 significant digits, smaller is better."""
    rounded = float(f"{score:.11e}")
    return -rounded if direction == Competition.Direction.MAXIMIZE else rounded


def shown_score(competition: Competition, score: float | None) -> float | None:
    """A public score as participants read it: rounded where the host asks for it."""
    if score is None or competition.feedback_digits is None:
        return score
    return float(f"{score:.{competition.feedback_digits - 1}e}")


def entries(competition: Competition, split: str) -> QuerySet[LeaderboardEntry]:
    """The board of one split in its order; equal scores stand by time."""
    return (
        LeaderboardEntry.objects.filter(competition=competition, split=split)
        .select_related("team", "submission")
        .prefetch_related("team__members")
        .order_by("sort_key", "achieved_at", "pk")
    )


def update_team(competition: Competition, team: Team) -> None:
    """Bring a team's lines up to date after its scores or its selection changed.

    The caller's transaction holds the competition's row: two changes of ranks at
    once would undo each other.
    """
    board = Submission.objects.filter(
        team=team,
        team__disqualified_at=None,
        status=Submission.Status.SCORED,
        is_late=False,
    )
    facts = board.aggregate(count=Count("pk"), last_at=Max("created_at"))
    for split in Split.values:
        best = _best(competition, team, board, split)
        if best is None:
            _remove(competition, team, split)
        else:
            _put(competition, team, split, *best, facts)


def _best(competition, team, board, split) -> tuple[Submission, float] | None:
    """A team's submission that stands on a split's board, and its score there."""
    if split == Split.PUBLIC:
        first = board.order_by("public_key", "created_at", "pk").first()
        return (first, first.public_score) if first else None
    scores = Score.objects.filter(
        submission__in=_counting(competition, board) if split == "private" else board,
        hidden_test_set=competition.hidden_test_set_id,
        split=split,
        metric=metric_name(competition.metrics[0]),
    ).select_related("submission")
    ranked = sorted(
        scores,
        key=lambda score: (
            sort_key(score.value, competition.direction),
            score.submission.created_at,
        ),
    )
    return (ranked[0].submission, ranked[0].value) if ranked else None


def _counting(competition, board) -> list[int]:
    """The submissions that count in the end: selected, else the best public ones."""
    selected = list(board.filter(selected=True).values_list("pk", flat=True))
    if selected:
        return selected
    best = board.order_by("public_key", "created_at", "pk")
    return list(best.values_list("pk", flat=True)[: competition.finals])


def _put(competition, team, split, submission, score, facts) -> None:
    key = sort_key(score, competition.direction)
    entry = LeaderboardEntry.objects.filter(team=team, split=split).first()
    rank = None
    if not team.is_baseline:
        rank = _make_room(
            competition, team, split, entry.sort_key if entry else None, key
        )
    LeaderboardEntry.objects.update_or_create(
        team=team,
        split=split,
        defaults={
            "competition": competition,
            "submission": submission,
            "score": score,
            "sort_key": key,
            "rank": rank,
            "achieved_at": submission.created_at,
            "submission_count": facts["count"],
            "last_at": facts["last_at"],
            "is_baseline": team.is_baseline,
        },
    )


def _remove(competition, team, split) -> None:
    entry = LeaderboardEntry.objects.filter(team=team, split=split).first()
    if entry is None:
        return
    entry.delete()
    if not entry.is_baseline:
        _others(competition, team, split).filter(sort_key__gt=entry.sort_key).update(
            rank=F("rank") - 1
        )


def _make_room(competition, team, split, old, new) -> int:
    """Move the ranks that one team's change of key moves; return its own.

    A rank is one more than the number of teams strictly better, so equal keys share
    it: only teams between the old and the new place change.
    """
    others = _others(competition, team, split)
    if old is None:
        others.filter(sort_key__gt=new).update(rank=F("rank") + 1)
    elif new < old:
        others.filter(sort_key__gt=new, sort_key__lte=old).update(rank=F("rank") + 1)
    elif new > old:
        others.filter(sort_key__gt=old, sort_key__lte=new).update(rank=F("rank") - 1)
    return 1 + others.filter(sort_key__lt=new).count()


def _others(competition, team, split):
    return LeaderboardEntry.objects.filter(
        competition=competition, split=split, is_baseline=False
    ).exclude(team=team)
