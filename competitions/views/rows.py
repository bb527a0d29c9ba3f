"""Submissions as lines of a table, for their team and for the host."""

from dataclasses import dataclass

from competitions import leaderboard
from competitions.models import Competition, LeaderboardEntry, Score, Submission
from competitions.queue import Line
from competitions.views import wording
from podium.common import words

ORDER = ("-created_at", "-pk")
REASONS = {
    "unreadable_file": "file cannot be read",
    "refused_content": "content refused",
    "wrong_signature": "wrong signature",
    "bad_predictions": "bad predictions",
    "time_limit": "over the time limit",
    "memory_limit": "over the memory limit",
    "file_limit": "over the file limit",
    "crashed": "the model crashed",
    "platform_fault": "a fault of ours",
}


@dataclass(frozen=True)
class Row:
    """One line: what a template prints, and nothing it could say too much with."""

    submission: Submission
    state: str
    more: str  # of the state; a narrow screen has no room for it
    score: str
    is_best: bool
    counts: bool = False  # in the end, as long as nothing is chosen
    private: str = ""  # the host's pages only
    whole: str = ""


def state_words(submission: Submission, position: int | None) -> str:
    """Where a submission stands, in a few words."""
    return submission.status.capitalize() + _more(submission, position)


def _more(submission: Submission, position: int | None) -> str:
    if submission.waits and position:
        return f", position {words.thousands(position)}"
    if submission.status == "failed":
        return f": {REASONS[submission.reason]}"
    return ""


def team_rows(competition: Competition, submissions: list[Submission]) -> list[Row]:
    """A team's own submissions: public scores only."""
    line = _line(submissions)
    counting = _counting_unchosen(competition, submissions)
    best = set(
        LeaderboardEntry.objects.filter(
            team__in={submission.team_id for submission in submissions}, split="public"
        ).values_list("submission_id", flat=True)
    )
    return [
        Row(
            submission=submission,
            state=submission.status.capitalize(),
            more=_more(submission, line and line.position(submission)),
            score=wording.score_of(competition, submission.public_score),
            is_best=submission.pk in best,
            counts=submission.pk in counting,
        )
        for submission in submissions
    ]


def _counting_unchosen(competition, submissions) -> set[int]:
    """What counts for a team that has chosen nothing: its best public ones."""
    hidden = competition.hidden_test_set
    if not (submissions and hidden and hidden.private_rows):
        return set()
    scored = Submission.objects.filter(
        team=submissions[0].team_id, status="scored", is_late=False
    )
    if scored.filter(selected=True).exists():
        return set()
    return set(leaderboard.counting(competition, scored))


def host_rows(competition: Competition, submissions: list[Submission]) -> list[Row]:
    """Submissions with every score, in full; for the host alone."""
    line = _line(submissions)
    scores = _ranking_scores(competition, submissions)
    return [
        Row(
            submission=submission,
            state=submission.status.capitalize(),
            more=_more(submission, line and line.position(submission)),
            score=words.score_text(submission.public_score),
            is_best=False,
            private=words.score_text(scores.get((submission.pk, "private"))),
            whole=words.score_text(scores.get((submission.pk, "all"))),
        )
        for submission in submissions
    ]


def _line(submissions) -> Line | None:
    """The queue, read only where one of these waits in it."""
    return Line() if any(submission.waits for submission in submissions) else None


def _ranking_scores(competition, submissions) -> dict[tuple[int, str], float]:
    found = Score.objects.filter(
        submission__in=submissions,
        hidden_test_set=competition.hidden_test_set_id,
        metric=leaderboard.metric_name(competition.metrics[0]),
    )
    return {
        (pk, split): value
        for pk, split, value in found.values_list("submission_id", "split", "value")
    }
