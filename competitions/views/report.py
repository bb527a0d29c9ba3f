"""What came of a submission: for its team what a run may tell, for the host all."""

from competitions import leaderboard
from competitions.models import LeaderboardEntry, Score, Split, Submission
from competitions.views import wording
from competitions.views.check_report import check_page
from competitions.views.fixes import FIXES, TITLES
from podium.common import words
from scoring.sandbox import Usage

Status = Submission.Status


def report_of(submission: Submission, *, for_host: bool) -> dict | None:
    """The report of a finished submission; None before."""
    if not submission.is_finished or submission.status == Status.CANCELLED:
        return None
    report = {"usage": _usage(submission)}
    if submission.status == Status.SCORED:
        report |= _scored(submission)
    else:
        report |= _failed(submission)
    if submission.check_report:
        report["check"] = check_page(
            submission.check_report, submission.competition, submission.format
        )
    if for_host:
        report["host"] = _for_host(submission)
    return report


def _scored(submission: Submission) -> dict:
    competition = submission.competition
    entries = LeaderboardEntry.objects.filter(
        team=submission.team_id, split=Split.PUBLIC
    )
    entry = entries.with_rank().first()
    return {
        "metric": wording.metric_of(competition),
        "score": wording.score_of(competition, submission.public_score),
        "entry": entry,
        "is_best": entry is not None and entry.submission_id == submission.pk,
        "others": _other_scores(submission),
        "best": wording.score_of(competition, entry.score) if entry else None,
    }


def _other_scores(submission: Submission) -> list[dict]:
    """The public scores by the metrics that do not rank."""
    competition = submission.competition
    names = {leaderboard.metric_name(spec): spec for spec in competition.metrics[1:]}
    scores = Score.objects.filter(
        submission=submission,
        hidden_test_set=submission.hidden_test_set_id,
        split=Split.PUBLIC,
        metric__in=names,
    )
    found = dict(scores.values_list("metric", "value"))
    return [
        wording.metric_words(spec)
        | {"score": wording.score_of(competition, found.get(name))}
        for name, spec in names.items()
    ]


def _failed(submission: Submission) -> dict:
    return {
        "title": TITLES[submission.reason],
        "fix": FIXES[submission.reason],
        "is_ours": submission.reason == Submission.Reason.PLATFORM_FAULT,
    }


def _usage(submission: Submission) -> list[dict]:
    """What the run used, rounded up as far as participants may read it."""
    competition = submission.competition
    rows = []
    if submission.usage and not submission.failed_in_check:
        shown = Usage(
            submission.usage["seconds"], submission.usage["peak_mb"]
        ).as_shown()
        rows = [
            _meter("Time", shown["seconds"], competition.limit_seconds, "s"),
            _meter("Memory", shown["peak_mb"], competition.limit_memory_mb, "MB"),
        ]
    size = submission.artifact.size
    share = min(100.0, size / (competition.limit_file_mb * 10_000))
    rows.append(
        {
            "name": "File",
            "used": words.size_text(size),
            "limit": words.size_text(competition.limit_file_mb * 1_000_000),
            "share": round(share, 2),
        }
    )
    return rows


def _meter(name: str, used: int, limit: int, unit: str) -> dict:
    return {
        "name": name,
        "used": f"{words.thousands(used)}{words.GAP}{unit}",
        "limit": f"{words.thousands(limit)}{words.GAP}{unit}",
        "share": round(min(100.0, 100 * used / limit), 2),
    }


def _for_host(submission: Submission) -> dict:
    ranking = leaderboard.metric_name(submission.competition.metrics[0])
    scores = Score.objects.filter(
        submission=submission, hidden_test_set=submission.hidden_test_set_id
    ).order_by("metric")
    by_metric: dict[str, dict[str, str]] = {}
    for score in scores:
        by_metric.setdefault(score.metric, {})[score.split] = repr(score.value)
    # The metric that ranks comes first.
    ordered = sorted(by_metric.items(), key=lambda row: (row[0] != ranking, row[0]))
    return {
        "scores": [{"metric": name, **splits} for name, splits in ordered],
        "usage": submission.usage,
        "detail": submission.detail,
        "printed": submission.printed,
        "worker": submission.claimed_by,
        "attempts": submission.attempt,
    }
