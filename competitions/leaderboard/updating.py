"""Writing a board: one team's lines after its scores or its selection changed."""

from django.db.models import Count, F, Max, QuerySet

from competitions.leaderboard import blocks
from competitions.leaderboard.scores import metric_name, sort_key
from competitions.models import (
    Board,
    BoardBlock,
    Competition,
    LeaderboardEntry,
    Score,
    Split,
    Submission,
    Team,
)

POINTS = 40  # improvements that a line remembers


def update_team(competition: Competition, team: Team) -> None:
    """Bring a team's lines up to date after its scores or its selection changed.

    The caller's transaction holds the competition's row: two changes of a board at
    once would undo each other.
    """
    board = Submission.objects.filter(
        team=team,
        team__disqualified_at=None,
        status=Submission.Status.SCORED,
        is_late=False,
    )
    facts = board.aggregate(count=Count("pk"), last_at=Max("created_at"))
    lines = {entry.split: entry for entry in team.entries.all()}
    for split in Split.values:
        best = _best(competition, board, split) if facts["count"] else None
        entry = lines.get(split)
        if best is None and entry is None:
            continue
        old = None if entry is None or entry.is_baseline else entry.sort_key
        new = None
        if best is None:
            entry.delete()
        else:
            entry = entry or LeaderboardEntry(
                competition=competition, team=team, split=split
            )
            new = _put(entry, board, *best, facts)
        blocks.move(competition, split, old, new)
        _count(competition, split, (new is not None) - (old is not None))


def rebuild(competition: Competition, split: str) -> None:
    """Cut a board's blocks anew from its lines; the caller holds the competition."""
    ranked = LeaderboardEntry.objects.filter(
        competition=competition, split=split, is_baseline=False
    )
    keys = ranked.order_by("sort_key").values_list("sort_key", flat=True)
    BoardBlock.objects.filter(competition=competition, split=split).delete()
    made = BoardBlock.objects.bulk_create(
        BoardBlock(competition=competition, split=split, lower=lower, count=count)
        for lower, count in blocks.cut(keys.iterator())
    )
    total = sum(block.count for block in made)
    board, _ = Board.objects.get_or_create(competition=competition, split=split)
    Board.objects.filter(pk=board.pk).update(ranked=total, changes=F("changes") + 1)


def counting(competition: Competition, board: QuerySet[Submission]) -> list[int]:
    """The submissions that count in the end: selected, else the best public ones."""
    selected = list(board.filter(selected=True).values_list("pk", flat=True))
    if selected:
        return selected
    best = board.order_by("public_key", "created_at", "pk")
    return list(best.values_list("pk", flat=True)[: competition.finals])


def _best(competition, board, split) -> tuple[Submission, float] | None:
    """A team's submission that stands on a split's board, and its score there."""
    if split == Split.PUBLIC:
        first = board.order_by("public_key", "created_at", "pk").first()
        return first, first.public_score
    scores = Score.objects.filter(
        submission__in=counting(competition, board) if split == "private" else board,
        hidden_test_set=competition.hidden_test_set_id,
        split=split,
        metric=metric_name(competition.metrics[0]),
    )
    ranked = [
        (sort_key(value, competition.direction), made, pk, value)
        for value, made, pk in scores.values_list(
            "value", "submission__created_at", "submission"
        )
    ]
    if not ranked:
        return None
    *_, pk, value = min(ranked)
    return board.get(pk=pk), value


def _put(entry, board, submission, score, facts) -> float | None:
    """Write a line; return the key at which it is ranked now."""
    competition = entry.competition
    key = sort_key(score, competition.direction)
    is_new_best = submission.pk != entry.submission_id or key != entry.sort_key
    if entry.split == Split.PUBLIC and is_new_best:
        entry.history = _history(entry, board, submission, score, key, facts["count"])
    if is_new_best:
        entry.interval_low = entry.interval_high = entry.tier = None
    entry.submission = submission
    entry.score, entry.sort_key = score, key
    entry.achieved_at = submission.created_at
    entry.submission_count, entry.last_at = facts["count"], facts["last_at"]
    entry.is_baseline = entry.team.is_baseline
    entry.save()
    return None if entry.is_baseline else key


def _history(entry, board, submission, score, key, count) -> list:
    """The improvements so far: one more, or, where they may differ, read anew."""
    is_next = (
        entry.pk and key < entry.sort_key and submission.created_at > entry.last_at
    )
    if is_next and entry.history:
        return thinned([*entry.history, [count, score]])
    points, best = [], None
    scored = board.order_by("created_at", "pk").values_list(
        "public_key", "public_score"
    )
    for at, (each, value) in enumerate(scored.iterator(), start=1):
        if best is None or each < best:
            best = each
            points.append([at, value])
    return thinned(points)


def thinned(points: list) -> list:
    """At most POINTS of them, the first and the newest ones among them."""
    if len(points) <= POINTS:
        return points
    kept = POINTS // 2
    old = points[:-kept]
    step = -(-len(old) // kept)
    return old[::step] + points[-kept:]


def _count(competition, split, ranked: int) -> None:
    board = Board.objects.filter(competition=competition, split=split)
    changed = {"ranked": F("ranked") + ranked, "changes": F("changes") + 1}
    if not board.update(**changed):
        Board.objects.create(
            competition=competition, split=split, ranked=ranked, changes=1
        )
