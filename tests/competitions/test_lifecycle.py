"""How a submission moves, and that nothing is lost or done twice."""

import threading
import time
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.utils import timezone

from competitions import lifecycle
from competitions.lifecycle import ClaimLost
from competitions.models import Score, Submission
from scoring.errors import BadPredictions
from scoring.sandbox import Usage
from tests.factories import make_competition, make_submission, make_team

pytestmark = [pytest.mark.django_db, pytest.mark.services]

SCORES = {"public": {"accuracy": 0.5}, "private": {"accuracy": 0.25}}


def claim(worker="w1"):
    return lifecycle.claim_next(worker=worker)


def lapse(submission):
    past = timezone.now() - timedelta(minutes=1)
    Submission.objects.filter(pk=submission.pk).update(lease_until=past)


def end_wait(submission):
    Submission.objects.filter(pk=submission.pk).update(not_before=None)


class TestClaimNext:
    def test_serves_the_team_that_was_served_longest_ago(self):
        competition = make_competition()
        greedy, modest = make_team(competition), make_team(competition)
        first, *rest = [make_submission(greedy) for _ in range(5)]
        single = make_submission(modest)

        served = [claim().submission for _ in range(4)]

        assert served == [first, single, *rest[:2]]

    def test_gives_one_submission_to_one_worker(self):
        make_submission()

        assert claim("w1") is not None
        assert claim("w2") is None

    def test_leaves_what_another_device_is_for(self):
        make_submission(make_team(make_competition(device="gpu")))

        assert claim() is None
        assert lifecycle.claim_next(worker="w", devices=("gpu", "any")) is not None

    def test_leaves_what_waits_after_a_fault(self):
        submission = make_submission()
        lifecycle.release_submission(claim(), "a fault")

        assert claim() is None
        end_wait(submission)
        assert claim().attempt == 2


class TestRecordScores:
    def test_writes_scores_and_the_board_once(self):
        submission = make_submission()

        lifecycle.record_scores(claim(), SCORES)

        submission.refresh_from_db()
        assert (submission.status, submission.public_score) == ("scored", 0.5)
        assert submission.team.entries.with_rank().get(split="public").rank == 1
        assert Score.objects.filter(submission=submission).count() == 2

    def test_drops_the_result_of_a_worker_given_up_for_dead(self):
        submission = make_submission()
        slow = claim("slow")
        lapse(submission)
        lifecycle.take_back_lapsed()
        end_wait(submission)
        fast = claim("fast")

        with pytest.raises(ClaimLost):
            lifecycle.record_scores(slow, {"public": {"accuracy": 0.1}})
        lifecycle.record_scores(fast, SCORES)

        submission.refresh_from_db()
        assert submission.public_score == 0.5


class TestReleaseSubmission:
    def test_retries_twice_then_fails_as_ours_and_refunds(self):
        submission = make_submission(make_team(make_competition(quota_total=1)))
        for _ in range(3):
            end_wait(submission)
            lifecycle.release_submission(claim(), "the disk is full")

        submission.refresh_from_db()
        assert (submission.status, submission.reason) == ("failed", "platform_fault")
        assert submission.attempt == 3
        assert not submission.charged
        assert "disk" not in submission.message

    def test_does_nothing_when_the_sweep_was_faster(self):
        submission = make_submission()
        slow = claim()
        lapse(submission)
        lifecycle.take_back_lapsed()

        lifecycle.release_submission(slow, "too late")

        submission.refresh_from_db()
        assert submission.faults == 1


class TestHandBack:
    def test_costs_no_run(self):
        submission = make_submission()
        for _ in range(5):
            lifecycle.hand_back(claim())

        submission.refresh_from_db()
        assert (submission.status, submission.faults) == ("queued", 0)
        assert submission.attempt == 5


class TestTakeBackLapsed:
    def test_leaves_a_lease_that_holds(self):
        make_submission()
        claim()

        assert lifecycle.take_back_lapsed() == 0

    def test_queues_the_submission_of_a_dead_worker(self):
        submission = make_submission()
        claim()
        lapse(submission)

        assert lifecycle.take_back_lapsed() == 1
        submission.refresh_from_db()
        assert (submission.status, submission.faults) == ("queued", 1)


class TestFailSubmission:
    def test_keeps_detail_from_the_author_of_a_model(self):
        submission = make_submission()
        error = BadPredictions("Some rows are not finite.", detail="row 7 is nan")

        lifecycle.fail_submission(claim(), error)

        submission.refresh_from_db()
        assert submission.message == "Some rows are not finite."
        assert submission.detail == "row 7 is nan"
        assert submission.charged

    def test_tells_detail_to_the_author_of_a_file(self):
        submission = make_submission(format="csv")
        error = BadPredictions("Some rows are not finite.", detail="Row 7 is nan.")

        lifecycle.fail_submission(claim(), error)

        submission.refresh_from_db()
        assert submission.message == "Some rows are not finite. Row 7 is nan."

    def test_keeps_the_usage(self):
        submission = make_submission()
        usage = Usage(seconds=1.5, peak_mb=20.0, stages={"load": 1.0}, device="cpu")

        lifecycle.fail_submission(claim(), BadPredictions("No.", usage=usage))

        submission.refresh_from_db()
        assert submission.usage["seconds"] == 1.5


@pytest.mark.django_db(transaction=True)
class TestClaimNextAtOnce:
    def test_gives_each_submission_to_one_worker(self):
        competition = make_competition()
        teams = [make_team(competition) for _ in range(3)]
        made = {make_submission(team).pk for team in teams for _ in range(4)}
        gate, taken = threading.Barrier(4), []

        def work(name):
            gate.wait()
            try:
                while held := claim(name):
                    taken.append(held.submission.pk)
                    lifecycle.record_scores(held, SCORES)
            finally:
                connection.close()

        threads = [threading.Thread(target=work, args=[f"w{i}"]) for i in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(taken) == sorted(made)
        assert Submission.objects.filter(status="scored").count() == 12


@pytest.mark.django_db(transaction=True)
class TestScoringWhileOthersSubmit:
    def test_neither_waits_for_the_other_for_ever(self):
        competition = make_competition()
        teams = [make_team(competition) for _ in range(3)]
        gate, faults = threading.Barrier(5), []

        def do(deed):
            gate.wait()
            try:
                for _ in range(15):
                    deed()
            except Exception as fault:
                faults.append(fault)
            finally:
                connection.close()

        def score():
            if held := claim():
                lifecycle.record_scores(held, SCORES)

        deeds = [partial(make_submission, team) for team in teams] + [score, score]
        threads = [threading.Thread(target=do, args=[deed]) for deed in deeds]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert not faults
        assert Submission.objects.count() == 45


@pytest.mark.django_db(transaction=True)
class TestRenewing:
    def test_renews_the_lease_and_notices_its_loss(self, monkeypatch):
        monkeypatch.setattr(lifecycle, "HEARTBEAT_S", 0.05)
        submission = make_submission()
        held = claim()
        Submission.objects.update(lease_until=timezone.now())

        with lifecycle.renewing(held) as lost:
            time.sleep(0.5)
            submission.refresh_from_db()
            assert submission.lease_until > timezone.now() + timedelta(seconds=10)
            assert not lost.is_set()

            Submission.objects.update(attempt=99)

            assert lost.wait(5)
