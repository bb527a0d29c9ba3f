"""How sure the scores of a board are: intervals and tiers, reckoned in the background.

Every submission of a hidden test set is scored on the same resamples, so that pairs can
be compared; the scores on them are kept with the submission (`Replicates`) and nothing
is reckoned twice. docs/intervals.md tells the method.
"""

import numpy as np

from competitions import hidden
from competitions.leaderboard.scores import metric_name
from competitions.models import (
    Board,
    Competition,
    LeaderboardEntry,
    Predictions,
    Replicates,
    Score,
    Submission,
)
from scoring import score
from scoring.statistics.intervals import interval
from scoring.statistics.resampling import Resamples, replicates, seed_of
from scoring.statistics.tiers import chance_of_first, tiers

FIRST = 300  # teams of a board that are compared
AT_ONCE = 25  # submissions that are resampled in one go


def measure(board: Board) -> bool:
    """Resample some of a board's first submissions; True once all of them are."""
    competition = Competition.objects.select_related("hidden_test_set").get(
        pk=board.competition_id
    )
    ranked = LeaderboardEntry.objects.filter(
        competition=competition, split=board.split, is_baseline=False
    )
    entries = list(ranked.order_by("sort_key", "achieved_at", "pk")[:FIRST])
    missing = _missing(competition, board.split, entries)
    _resample(competition, board.split, missing[:AT_ONCE])
    if len(missing) > AT_ONCE:
        return False
    _tell(competition, board, entries)
    Board.objects.filter(pk=board.pk).update(measured=board.changes)
    return True


def _missing(competition, split, entries) -> list[int]:
    """Submissions whose predictions are kept, but not yet their replicates."""
    wanted = [entry.submission_id for entry in entries]
    of_set = {"submission__in": wanted, "hidden_test_set": competition.hidden_test_set}
    there = set(
        Replicates.objects.filter(**of_set, split=split).values_list(
            "submission", flat=True
        )
    )
    kept = set(
        Predictions.objects.filter(**of_set).values_list("submission", flat=True)
    )
    return [pk for pk in wanted if pk in kept and pk not in there]


def _resample(competition, split, submissions: list[int]) -> None:
    if not submissions:
        return
    test_set, spec = competition.hidden_test_set, competition.metrics[0]
    labels = hidden.labels(test_set)
    seed = seed_of(test_set.digest, split)
    for submission in Submission.objects.filter(pk__in=submissions):
        applied = score.ranking_metric(
            hidden.kept_predictions(submission), labels, spec, split
        )
        values = replicates(applied, Resamples(seed, applied.units))
        ends = interval(values) or (None, None)
        Replicates.objects.update_or_create(
            submission=submission,
            hidden_test_set=test_set,
            split=split,
            defaults={
                "units": applied.units,
                "values": values.astype("<f8").tobytes(),
            },
        )
        Score.objects.filter(
            submission=submission,
            hidden_test_set=test_set,
            split=split,
            metric=metric_name(spec),
        ).update(interval_low=ends[0], interval_high=ends[1])


def _tell(competition, board: Board, entries: list[LeaderboardEntry]) -> None:
    """Write intervals and tiers to the lines, where they still show that submission."""
    rows = Replicates.objects.filter(
        submission__in=[entry.submission_id for entry in entries],
        hidden_test_set=competition.hidden_test_set,
        split=board.split,
    )
    found = {row.submission_id: row for row in rows}
    values = {pk: np.frombuffer(row.values, dtype="<f8") for pk, row in found.items()}
    known = [entry for entry in entries if entry.submission_id in values]
    if not known:
        return
    matrix = np.stack([values[entry.submission_id] for entry in known])
    scores = np.array([entry.score for entry in known])
    units = found[known[0].submission_id].units
    numbers = tiers(scores, matrix, competition.direction, units)
    for entry, tier in zip(known, numbers, strict=True):
        low, high = interval(values[entry.submission_id]) or (None, None)
        told = {"interval_low": low, "interval_high": high, "tier": int(tier)}
        if any(getattr(entry, name) != value for name, value in told.items()):
            LeaderboardEntry.objects.filter(
                pk=entry.pk, submission=entry.submission_id
            ).update(**told)
    first = chance_of_first(matrix, competition.direction)
    chances = {
        str(entry.pk): round(float(chance), 4)
        for entry, chance in zip(known, first, strict=True)
        if chance > 0
    }
    Board.objects.filter(pk=board.pk).update(chances=chances)
