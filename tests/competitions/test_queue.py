"""The place in the line that is told is the one at which a submission is served."""

import random
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from competitions import lifecycle
from competitions.models import Submission, Team
from competitions.queue import Expectation, Line, workers
from tests.factories import make_competition, make_scored, make_submission, make_team

pytestmark = [pytest.mark.django_db, pytest.mark.services]

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


class TestLine:
    @pytest.mark.parametrize("seed", range(5))
    def test_tells_the_order_in_which_workers_claim(self, seed):
        chance = random.Random(seed)
        competition = make_competition()
        teams = [make_team(competition) for _ in range(4)]
        for team in teams[chance.randrange(4) :]:
            served_at = timezone.now() - timedelta(minutes=chance.randrange(1, 90))
            Team.objects.filter(pk=team.pk).update(served_at=served_at)
        for _ in range(14):
            make_submission(chance.choice(teams))
        line = Line()
        told = {row.pk: line.position(row) for row in Submission.objects.all()}

        claims = [lifecycle.claim_next(worker="w") for _ in range(14)]

        served = [claim.submission.pk for claim in claims]
        assert [told[pk] for pk in served] == list(range(1, 15))

    def test_has_no_place_for_what_does_not_wait(self):
        waiting, scored = make_submission(), make_scored()

        line = Line()

        assert line.position(waiting) == 1
        assert line.position(scored) is None

    def test_is_read_once(self, django_assert_num_queries):
        rows = [make_submission() for _ in range(3)]

        with django_assert_num_queries(1):
            line = Line()
            assert [line.position(row) for row in rows] == [1, 2, 3]


class TestExpectation:
    def made(self, *durations, **values):
        competition = make_competition()
        team = make_team(competition)
        for seconds in durations:
            start = NOON - timedelta(seconds=seconds)
            make_scored(team, started_at=start, finished_at=NOON, **values)
        return competition, team

    def test_knows_nothing_before_the_first_run(self):
        competition, team = self.made()

        expectation = Expectation(competition.pk)

        assert expectation.finish(make_submission(team), 1) is None

    def test_forgets_all_but_the_last_twenty(self):
        competition, _ = self.made(*[900] * 5, *[30] * 20)

        assert Expectation(competition.pk).duration == timedelta(seconds=30)

    def test_leaves_out_what_never_ran_and_other_competitions(self):
        competition, team = self.made(30)
        self.made(900)
        make_submission(team, status="cancelled", finished_at=NOON)

        assert Expectation(competition.pk).duration == timedelta(seconds=30)

    @time_machine.travel(NOON, tick=False)
    def test_counts_rounds_of_as_many_as_there_are_workers(self, settings):
        settings.WORKERS = 3
        competition, team = self.made(30)
        submission = make_submission(team)
        expectation = Expectation(competition.pk)

        rounds = [expectation.finish(submission, n) - NOON for n in (1, 3, 4, 7)]

        assert [span.total_seconds() for span in rounds] == [30, 30, 60, 90]

    @time_machine.travel(NOON, tick=False)
    def test_expects_a_running_one_until_it_is_overdue(self):
        competition, team = self.made(30)
        expectation = Expectation(competition.pk)

        def running(seconds):
            started_at = NOON - timedelta(seconds=seconds)
            submission = make_submission(
                team, status="running", started_at=started_at, lease_until=NOON
            )
            return expectation.finish(submission, None)

        assert running(10) == NOON + timedelta(seconds=20)
        assert running(40) is None


class TestWorkers:
    @pytest.mark.parametrize(("devices", "count"), [("gpu:0,1,2", 3), ("cpu", 5)])
    def test_counts_devices_or_processes(self, settings, devices, count):
        settings.DEVICES, settings.WORKERS = devices, 5

        assert workers() == count
