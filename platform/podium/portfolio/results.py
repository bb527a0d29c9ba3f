"""Verified results: read from the boards and the scores each time, never copied."""

from dataclasses import dataclass, replace

from django.db.models import (
    Count,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)

from competitions.leaderboard import shown_score
from competitions.models import Board, Competition, LeaderboardEntry, Split, Submission
from competitions.views import wording
from podium.accounts.models import User
from podium.common.words import MINUS, score_text
from podium.credentials import services as credentials
from podium.credentials.models import Credential
from podium.portfolio.models import Project

ORDER = ("-achieved_at", "-pk")


@dataclass(frozen=True)
class Result:
    """A line of a portfolio: what a board says of a user's team."""

    competition: Competition
    submission_id: int
    metric: str
    score: str
    rank: str  # =8 where it is shared
    teams: int  # on the board
    over_baseline: str  # empty without a baseline
    is_over_baseline: bool
    achieved_at: object
    is_open: bool  # it may still change
    team_name: str
    credential: Credential | None = None  # its holder's newest good one
    can_be_signed: bool = False


def with_credentials(results: list[Result], user: User) -> list[Result]:
    """Results of a user, each with the credential that proves it elsewhere."""
    newest = credentials.newest_of(user) if results else {}
    return [
        replace(
            result,
            credential=newest.get(result.competition.pk),
            can_be_signed=credentials.can_be_asked(result.competition),
        )
        for result in results
    ]


def entries_of(user: User, viewer) -> QuerySet[LeaderboardEntry]:
    """A user's lines on the public boards of competitions that the viewer may see."""
    board = Board.objects.filter(
        competition=OuterRef("competition"), split=Split.PUBLIC
    )
    # Where the host hides who is who, only the user themselves reads it.
    named = {} if viewer == user else {"competition__anonymous": False}
    found = with_baseline(
        LeaderboardEntry.objects.filter(
            split=Split.PUBLIC,
            is_baseline=False,
            team__in=user.teams.values("pk"),
            competition__in=Competition.objects.visible_to(viewer).values("pk"),
            **named,
        )
    ).annotate(team_count=Subquery(board.values("ranked")[:1]))
    return found.with_rank().with_sharing()


def with_baseline(entries: QuerySet[LeaderboardEntry]) -> QuerySet[LeaderboardEntry]:
    """Public entries, each with its board's strongest baseline; null without one."""
    baseline = LeaderboardEntry.objects.filter(
        competition=OuterRef("competition"), split=Split.PUBLIC, is_baseline=True
    ).order_by("sort_key")
    return entries.annotate(
        baseline_score=Subquery(baseline.values("score")[:1]),
        baseline_key=Subquery(baseline.values("sort_key")[:1]),
    )


def with_names(entries: QuerySet[LeaderboardEntry]) -> QuerySet[LeaderboardEntry]:
    """The entries with what `result_of` reads of their competition and team."""
    return entries.select_related("competition", "team")


def result_of(entry: LeaderboardEntry) -> Result:
    """An entry as it is printed."""
    competition = entry.competition
    return Result(
        competition=competition,
        submission_id=entry.submission_id,
        metric=wording.metric_of(competition)["title"],
        score=wording.score_of(competition, entry.score),
        rank=f"={entry.rank}" if entry.is_shared else str(entry.rank),
        teams=entry.team_count,
        over_baseline=over_baseline(entry),
        is_over_baseline=is_over_baseline(entry),
        achieved_at=entry.achieved_at,
        is_open=competition.status == Competition.Status.OPEN,
        team_name=entry.team.name,
    )


def summary_of(entries: QuerySet[LeaderboardEntry]) -> dict:
    """How many results, how many of them above the baseline, and the best finish."""
    counts = entries.aggregate(
        count=Count("pk"),
        above=Count("pk", filter=Q(baseline_key__gt=F("sort_key"))),
    )
    best = entries.select_related("competition").order_by("rank", "-team_count").first()
    return {**counts, "best": best}


@dataclass(frozen=True)
class Proof:
    """A verified result beside a project: one submission's public score."""

    submission_id: int
    competition: Competition
    metric: str
    value: float  # as participants read it
    score: str
    rank: int | None  # of the team, where this submission is its best
    rows: int  # public ones that it was measured on
    finished_at: object


def proofs_of(project: Project, viewer) -> list[Proof]:
    """The results linked to a project, of competitions that the viewer may see."""
    submissions = list(
        project.results.filter(
            status=Submission.Status.SCORED,
            competition__in=Competition.objects.visible_to(viewer).values("pk"),
        )
        .select_related("competition", "hidden_test_set")
        .order_by("-finished_at", "-pk")
    )
    ranks = dict(
        LeaderboardEntry.objects.filter(
            submission__in=submissions, split=Split.PUBLIC, is_baseline=False
        )
        .with_rank()
        .values_list("submission_id", "rank")
    )
    return [_proof(submission, ranks) for submission in submissions]


def score_words(submission: Submission) -> str:
    """A submission's metric and public score, as participants read them."""
    competition = submission.competition
    score = wording.score_of(competition, submission.public_score)
    return f"{wording.metric_of(competition)['title']} {score}"


def _proof(submission: Submission, ranks: dict[int, int]) -> Proof:
    competition = submission.competition
    return Proof(
        submission_id=submission.pk,
        competition=competition,
        metric=wording.metric_of(competition)["title"],
        value=shown_score(competition, submission.public_score),
        score=wording.score_of(competition, submission.public_score),
        rank=ranks.get(submission.pk),
        rows=submission.hidden_test_set.public_rows,
        finished_at=submission.finished_at,
    )


def is_over_baseline(entry: LeaderboardEntry) -> bool:
    """Whether an entry `with_baseline` beats it."""
    return entry.baseline_key is not None and entry.sort_key < entry.baseline_key


def over_baseline(entry: LeaderboardEntry) -> str:
    """The difference of the two scores as participants read them, with its sign."""
    if entry.baseline_score is None:
        return ""
    competition = entry.competition
    difference = shown_score(competition, entry.score) - shown_score(
        competition, entry.baseline_score
    )
    text = score_text(abs(difference), competition.feedback_digits and 2)
    return f"{MINUS if difference < 0 else '+'}{text}"
