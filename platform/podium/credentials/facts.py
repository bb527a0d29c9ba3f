"""What a board says of a team: the facts that a credential binds."""

import json
from hashlib import sha256

from django.conf import settings
from django.db.models import Max, Min
from django.urls import reverse
from django.utils import timezone

from competitions.leaderboard import metric_name, shown_score
from competitions.models import Competition, LeaderboardEntry, Score, Split, Team
from podium.common.errors import WrongState
from podium.credentials.models import Credential
from podium.credentials.times import instant_text
from scoring import metrics

Kind = Credential.Kind
Status = Competition.Status


def kind_of(competition: Competition) -> str:
    """What can be said of a competition now: its final results, or how it stands.

    Raises
    ------
    WrongState
        If nothing can be, with the sentence for whoever asked.
    """
    status = competition.status
    if status == Status.FINALISED:
        return Kind.FINAL
    if status == Status.OPEN and competition.closes_at is None:
        return Kind.STANDING
    if status == Status.OPEN:
        raise WrongState(
            "A credential tells a final result. This competition closes on "
            f"{competition.closes_at:%d %B %Y at %H:%M} UTC: ask again once its host "
            "has confirmed the results."
        )
    if status == Status.CLOSED:
        raise WrongState(
            "The competition is closed, but its host has not confirmed the results "
            "yet: ask again once they are final."
        )
    raise WrongState("The competition has not begun: there is no result yet.")


def split_of(competition: Competition, kind: str) -> str:
    """The rows that such a result is on: the private ones decide, if there are any."""
    is_private = kind == Kind.FINAL and competition.hidden_test_set.private_rows
    return Split.PRIVATE if is_private else Split.PUBLIC


def entry_of(team: Team, split: str) -> LeaderboardEntry | None:
    """The line of a team on the board of a split."""
    return (
        LeaderboardEntry.objects.filter(team=team, split=split, is_baseline=False)
        .select_related(
            "submission__artifact",
            "submission__hidden_test_set",
            "competition__hidden_test_set",
            "team",
        )
        .first()
    )


def facts_of(entry: LeaderboardEntry, kind: str) -> dict:
    """Everything that a credential says of a result, as JSON can hold it.

    `score`, `interval` and `baseline` are as participants read them; `interval` and
    `tier` are null where none was computed.
    """
    competition, hidden = entry.competition, entry.competition.hidden_test_set
    public = entry.split == Split.PUBLIC
    path = reverse("competitions:overview", args=[competition.slug])
    return {
        "kind": kind,
        "competition": {
            "slug": competition.slug,
            "title": competition.title,
            "url": settings.URL + path,
        },
        "team": entry.team.name,
        "hiddenTestSet": {
            "version": hidden.number,
            "digest": f"sha256:{hidden.digest}",
            "split": entry.split,
            "rows": hidden.public_rows if public else hidden.private_rows,
            "inputs": "open" if "predictions" in competition.accepts else "hidden",
            "labels": "hidden",
        },
        "metric": _metric(competition),
        "artifact": {
            "digest": f"sha256:{entry.submission.artifact.sha256}",
            "format": entry.submission.format,
        },
        "submission": entry.submission_id,
        "submittedAt": instant_text(entry.achieved_at),
        "score": _shown(entry, entry.score),
        "interval": _interval(entry),
        "baseline": _baseline(entry),
        **_place(entry),
        "asOf": instant_text(
            competition.finalised_at if kind == Kind.FINAL else timezone.now()
        ),
    }


def digest_of(facts: dict) -> str:
    """The same for the same final result, or for the same standing on the same day."""
    day = "" if facts["kind"] == Kind.FINAL else facts["asOf"][:10]
    text = json.dumps(facts | {"asOf": day}, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def _metric(competition: Competition) -> dict:
    metric = metrics.get(competition.metrics[0]["key"])
    return {
        **competition.metric,
        "title": metric.title,
        "version": metric.version,
        "direction": competition.direction,
    }


def _shown(entry: LeaderboardEntry, value: float | None) -> float | None:
    """A public score may be finer than the host lets participants read it."""
    if entry.split == Split.PUBLIC:
        return shown_score(entry.competition, value)
    return value


def _interval(entry: LeaderboardEntry) -> list[float] | None:
    score = Score.objects.filter(
        submission=entry.submission_id,
        hidden_test_set=entry.competition.hidden_test_set_id,
        split=entry.split,
        metric=metric_name(entry.competition.metrics[0]),
        interval_low__isnull=False,
        interval_high__isnull=False,
    ).first()
    if score is None:
        return None
    return [_shown(entry, score.interval_low), _shown(entry, score.interval_high)]


def _baseline(entry: LeaderboardEntry) -> float | None:
    best = (
        LeaderboardEntry.objects.filter(
            competition=entry.competition_id, split=entry.split, is_baseline=True
        )
        .order_by("sort_key")
        .first()
    )
    return _shown(entry, best.score) if best else None


def _place(entry: LeaderboardEntry) -> dict:
    """The rank, shared by equal scores, and the ranks that cannot be told apart."""
    board = LeaderboardEntry.objects.filter(
        competition=entry.competition_id, split=entry.split, is_baseline=False
    )
    better = board.filter(sort_key__lt=entry.sort_key).count()
    equal = board.filter(sort_key=entry.sort_key).count()
    return {
        "rank": better + 1,
        "of": board.count(),
        "isShared": equal > 1,
        "tier": _tier(entry, board),
    }


def _tier(entry: LeaderboardEntry, board) -> dict | None:
    if entry.tier is None:
        return None
    same = board.filter(tier=entry.tier)
    ends = same.aggregate(first=Min("sort_key"), last=Max("sort_key"))
    return {
        "teams": same.count(),
        "firstRank": 1 + board.filter(sort_key__lt=ends["first"]).count(),
        "lastRank": 1 + board.filter(sort_key__lt=ends["last"]).count(),
    }
