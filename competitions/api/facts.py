"""What a page of submissions tells beside its own rows, read once for all of them."""

from functools import cached_property

from competitions import quota
from competitions.leaderboard import metric_name
from competitions.models import Score, Split, Submission
from competitions.queue import Expectation, Line

Status = Submission.Status
UNDER_WAY = (Status.CHECKING, Status.QUEUED, Status.RUNNING)


class SubmissionFacts:
    """Places in the line and quotas, for submissions of one competition."""

    def __init__(self, submissions: list[Submission]):
        self.submissions = submissions

    def position(self, submission: Submission) -> int | None:
        if not submission.waits:
            return None
        return self._line.position(submission)

    def expected_at(self, submission: Submission):
        if submission.status not in UNDER_WAY:
            return None
        return self._expectation.finish(submission, self.position(submission))

    def left(self, submission: Submission) -> quota.Left:
        return self._left[submission.team_id]

    @cached_property
    def _line(self) -> Line:
        return Line()

    @cached_property
    def _expectation(self) -> Expectation:
        return Expectation(self.submissions[0].competition_id)

    @cached_property
    def _left(self) -> dict[int, quota.Left]:
        teams = {submission.team_id for submission in self.submissions}
        return quota.left_by_team(teams, self.submissions[0].competition)


class HostFacts(SubmissionFacts):
    """The same and the scores that stay hidden, for the host and for staff."""

    def score(self, submission: Submission, split: str) -> float | None:
        key = (submission.pk, submission.hidden_test_set_id, split)
        return self._scores.get(key)

    @cached_property
    def _scores(self) -> dict[tuple, float]:
        ranking = metric_name(self.submissions[0].competition.metrics[0])
        found = Score.objects.filter(
            submission__in=[submission.pk for submission in self.submissions],
            split__in=(Split.PRIVATE, Split.ALL),
            metric=ranking,
        )
        return {
            (score.submission_id, score.hidden_test_set_id, score.split): score.value
            for score in found
        }
