"""Whose submissions are nearly the same: evidence for the host, never a verdict.

Two teams may have trained the same public recipe, or sent the starter as it is.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from competitions import hidden
from competitions.models import Competition, LeaderboardEntry, Split, Submission
from scoring import predictions
from scoring.contract import Contract

TEAMS = 150  # the best ones on the board; pairs grow with their square
EACH = 2  # submissions of a team: the best by public score
ROWS = 2_000  # of the hidden ones, drawn once
NUMBERS = 200  # of one row's predictions
SHOWN = 40
NEARLY = 0.05  # of the usual distance of two teams' predictions
EQUAL = 1e-6  # of the spread of the predictions
FEW_PAIRS = 6  # below so many pairs there is no usual distance


@dataclass
class Sent:
    """A submission with its predictions on the drawn rows, as one flat row each."""

    submission: Submission
    values: np.ndarray
    digest: str


def compare(competition: Competition) -> dict:
    """Pairs of teams with equal files or nearly equal predictions, and the evidence."""
    chosen = _chosen(competition)
    sent = _with_predictions(competition, chosen)
    truth = _truth(competition)
    pairs = _same_files(chosen)
    for key, pair in _close(sent, truth, _distances(sent)).items():
        if key in pairs:  # the file says more; what it answers is evidence beside it
            pairs[key]["evidence"] += pair["evidence"]
        else:
            pairs[key] = pair
    told = sorted(pairs.values(), key=lambda pair: -pair["strength"])
    return {
        "teams": len({each.team_id for each in chosen}),
        "submissions": len(chosen),
        "pairs": told[:SHOWN],
        "more": max(0, len(told) - SHOWN),
    }


def _chosen(competition: Competition) -> list[Submission]:
    """The best submissions of the first teams on the public board."""
    teams = LeaderboardEntry.objects.filter(
        competition=competition, split=Split.PUBLIC, is_baseline=False
    ).order_by("sort_key", "achieved_at", "pk")[:TEAMS]
    found: dict[int, list[Submission]] = {entry.team_id: [] for entry in teams}
    scored = (
        Submission.objects.filter(
            competition=competition, team__in=list(found), status="scored"
        )
        .select_related("team", "artifact")
        .order_by("public_key", "created_at", "pk")
    )
    for submission in scored.iterator(chunk_size=2_000):
        if len(found[submission.team_id]) < EACH:
            found[submission.team_id].append(submission)
    return [submission for several in found.values() for submission in several]


def _with_predictions(competition, chosen) -> list[Sent]:
    rows = competition.hidden_test_set.rows
    drawn = np.random.default_rng(0).permutation(rows)[:ROWS]
    found = []
    for submission in chosen:
        kept = submission.predictions.filter(
            hidden_test_set=competition.hidden_test_set_id
        ).select_related("stored")
        if (first := kept.first()) is None:
            continue
        array = predictions.load(first.stored.local_path())
        values = array.reshape(rows, -1)[drawn, :NUMBERS].astype(np.float64)
        found.append(Sent(submission, values, first.sha256))
    return found


def _truth(competition: Competition) -> np.ndarray | None:
    """The classes of the drawn rows, where submissions name classes."""
    output = Contract.from_dict(competition.contract).output
    if output.family not in ("probabilities", "scores", "labels"):
        return None
    y = hidden.labels(competition.hidden_test_set).y
    drawn = np.random.default_rng(0).permutation(len(y))[:ROWS]
    return y[drawn]


def _same_files(chosen: list[Submission]) -> dict:
    """Teams that sent one and the same file, to the byte."""
    by_file: dict[str, list[Submission]] = {}
    for submission in chosen:
        by_file.setdefault(submission.artifact.sha256, []).append(submission)
    pairs = {}
    for digest, several in by_file.items():
        for one, other in combinations(several, 2):
            if one.team_id != other.team_id:
                told = f"The same file: SHA-256 {digest[:16]}…, {one.format}"
                pairs[_key(one, other)] = _pair(one, other, [told], strength=3.0)
    return pairs


def _distances(sent: list[Sent]) -> dict[tuple[int, int], float]:
    """The mean distance of each pair of different teams, by the predictions' spread."""
    spread = float(np.mean([each.values.std() for each in sent])) if sent else 1.0
    return {
        (i, j): float(np.abs(sent[i].values - sent[j].values).mean()) / (spread or 1.0)
        for i, j in combinations(range(len(sent)), 2)
        if sent[i].submission.team_id != sent[j].submission.team_id
        and sent[i].values.shape == sent[j].values.shape
    }


def _close(sent: list[Sent], truth, distances: dict) -> dict:
    usual = float(np.median(list(distances.values()))) if distances else 0.0
    has_usual = len(distances) >= FEW_PAIRS
    pairs = {}
    for (i, j), distance in distances.items():
        one, other = sent[i], sent[j]
        is_equal = one.digest == other.digest or distance <= EQUAL
        alike = _mistakes(one.values, other.values, truth)
        if not is_equal and not (has_usual and distance < NEARLY * usual):
            continue
        told = _words(is_equal, distance, usual if has_usual else None, alike)
        strength = 2.0 if is_equal else 1.0
        pairs[_key(one.submission, other.submission)] = _pair(
            one.submission, other.submission, told, strength
        )
    return pairs


def _words(is_equal: bool, distance: float, usual, alike) -> list[str]:
    told = []
    if is_equal:
        told.append("Predictions that are the same on every row looked at")
    elif usual:
        told.append(
            f"Predictions {distance / usual:.3f} as far apart as those of two teams "
            "usually are"
        )
    if alike is not None:
        told.append(
            f"Of the rows that either gets wrong, {100 * alike:.0f} % have the same "
            "answer from both"
        )
    return told


def _mistakes(one, other, truth) -> float | None:
    """The share of rows wrong for either on which both give the same answer."""
    if truth is None:
        return None
    first, second = (
        each.argmax(axis=1) if each.shape[1] > 1 else each[:, 0]
        for each in (one, other)
    )
    wrong = (first != truth) | (second != truth)
    return float((first == second)[wrong].mean()) if wrong.any() else None


def _key(one: Submission, other: Submission) -> tuple[int, int]:
    return tuple(sorted((one.team_id, other.team_id)))


def _pair(one: Submission, other: Submission, told: list[str], strength: float) -> dict:
    first, second = sorted((one, other), key=lambda each: (each.created_at, each.pk))
    return {
        "strength": strength,
        "evidence": told,
        "submissions": [
            {
                "id": each.pk,
                "number": each.number,
                "team": each.team.name,
                "score": each.public_score,
                "created_at": each.created_at.isoformat(),
            }
            for each in (first, second)
        ],
    }
