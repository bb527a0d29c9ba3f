"""What a check makes of a submission: queued, gone on with, or failed for free."""

from datetime import timedelta

import pytest
from django.utils import timezone

from competitions import checking, lifecycle, quota, services
from competitions.errors import WrongState
from competitions.lifecycle import ClaimLost
from competitions.models import Submission
from competitions.queue import Line
from podium.notices.models import Notice
from scoring.errors import UnreadableFile
from scoring.sandbox import CheckReport, Estimate, Usage
from tests.factories import make_competition, make_report, make_submission, make_team

pytestmark = [pytest.mark.django_db, pytest.mark.services]

GOOD = make_report()
BAD = make_report(
    ("wrong_signature", "It takes something else."),
    ("time_limit", "It is likely to take 90 s."),
    printed="hello",
)


def make_checking(team=None, **values):
    team = team or make_team(make_competition(train_path="train.csv", **values))
    return make_submission(team)


def claim(worker="w1"):
    return lifecycle.claim_next(worker=worker)


def end_wait():
    Submission.objects.update(not_before=None)


def lapse():
    Submission.objects.update(lease_until=timezone.now() - timedelta(minutes=1))


class TestBegin:
    def test_is_at_the_check_where_there_are_public_rows(self):
        submission = make_checking()

        assert (submission.status, submission.stage) == ("checking", "check")
        assert submission.work == "check"
        assert submission.charged

    def test_of_a_baseline_is_in_line_for_its_run(self):
        competition = make_competition(train_path="train.csv")

        submission = make_submission(make_team(competition, is_baseline=True))

        assert (submission.status, submission.work) == ("queued", "predict")


class TestClaim:
    def test_of_a_check_leaves_the_run_unbegun(self):
        submission = make_checking()

        held = claim()

        submission.refresh_from_db()
        assert held.is_check and held.row().exists()
        assert (submission.status, submission.stage) == ("checking", "check")
        assert submission.lease_until and submission.started_at is None
        assert claim("w2") is None

    def test_keeps_to_the_fair_order_of_teams(self):
        competition = make_competition(train_path="train.csv")
        greedy, modest = make_team(competition), make_team(competition)
        first, *rest = [make_checking(greedy) for _ in range(3)]
        single = make_checking(modest)
        line = Line()
        told = [line.position(each) for each in (first, single, *rest)]

        served = [claim().submission for _ in range(4)]

        assert served == [first, single, *rest]
        assert told == [1, 2, 3, 4]


class TestQueue:
    def test_lets_the_next_claim_run_it(self):
        submission = make_checking()
        Submission.objects.update(faults=2)

        checking.queue(claim(), GOOD)

        submission.refresh_from_db()
        assert (submission.status, submission.stage) == ("queued", "queue")
        assert (submission.work, submission.faults) == ("predict", 0)
        assert submission.check_report == GOOD
        assert submission.charged
        held = claim()
        assert not held.is_check
        assert held.submission.started_at

    def test_drops_the_report_of_a_worker_given_up_for_dead(self):
        submission = make_checking()
        slow = claim("slow")
        lapse()
        lifecycle.take_back_lapsed()
        end_wait()
        fast = claim("fast")

        with pytest.raises(ClaimLost):
            checking.fail(slow, BAD)
        checking.queue(fast, GOOD)

        submission.refresh_from_db()
        assert (submission.status, submission.charged) == ("queued", True)


class TestGoOn:
    def test_runs_under_the_same_claim(self):
        submission = make_checking()
        held = claim()

        checking.go_on(held, GOOD)
        lifecycle.record_scores(held, {"public": {"accuracy": 0.5}})

        submission.refresh_from_db()
        assert submission.status == "scored"
        assert submission.attempt == 1
        assert submission.started_at


class TestFail:
    def test_tells_all_problems_and_gives_the_charge_back(self):
        submission = make_checking(quota_total=1)

        checking.fail(claim(), BAD)

        submission.refresh_from_db()
        assert (submission.status, submission.stage) == ("failed", "check")
        assert submission.failed_in_check
        assert submission.reason == "wrong_signature"
        assert submission.message == (
            "It takes something else.\nIt is likely to take 90 s."
        )
        assert submission.check_report["printed"] == "hello"
        assert submission.printed == submission.detail == ""
        assert quota.left(submission.team, submission.competition).total == 1

    def test_is_told_to_the_team_as_free(self):
        submission = make_checking()

        checking.fail(claim(), BAD)

        notice = Notice.objects.get(user=submission.submitted_by)
        assert "It is likely to take 90 s." in notice.text
        assert "does not count towards your quota" in notice.text


class TestFaults:
    def test_a_dead_worker_leaves_it_in_line_for_its_check(self):
        submission = make_checking()
        claim()
        lapse()

        assert lifecycle.take_back_lapsed() == 1

        submission.refresh_from_db()
        assert (submission.status, submission.stage) == ("checking", "check")
        assert (submission.faults, submission.lease_until) == (1, None)
        assert submission.not_before < timezone.now() + timedelta(seconds=30)

    def test_the_third_one_is_ours_and_free(self):
        submission = make_checking()
        for _ in range(3):
            end_wait()
            lifecycle.release_submission(claim(), "the disk is full")

        submission.refresh_from_db()
        assert (submission.status, submission.reason) == ("failed", "platform_fault")
        assert not submission.charged
        assert not submission.failed_in_check

    def test_a_worker_that_stops_hands_it_back_at_no_cost(self):
        submission = make_checking()

        lifecycle.hand_back(claim())

        submission.refresh_from_db()
        assert (submission.status, submission.faults) == ("checking", 0)
        assert claim() is not None


class TestCancel:
    def test_ends_a_check_under_way(self):
        submission = make_checking()
        held = claim()

        services.cancel(submission=submission)

        with pytest.raises(ClaimLost):
            checking.queue(held, GOOD)
        submission.refresh_from_db()
        assert (submission.status, submission.charged) == ("cancelled", False)

    def test_comes_too_late_for_a_run(self):
        submission = make_checking()
        held = claim()
        checking.go_on(held, GOOD)

        with pytest.raises(WrongState):
            services.cancel(submission=submission)


class TestAsJson:
    def test_keeps_everything_that_both_databases_can_keep(self):
        usage = Usage(0.5, 20.0, {"load": 0.25}, "cpu")
        found = CheckReport(
            [("crashed", "zero \0 half \ud800")], "x" * 20_000, usage, Estimate(9, 30)
        )

        submission = make_checking()
        checking.fail(claim(), checking.as_json(found, rows=200, rows_in_all=4))

        submission.refresh_from_db()
        report = submission.check_report
        assert (
            report["problems"][0]["message"] == "zero \N{REPLACEMENT CHARACTER} half ?"
        )
        assert report["printed"].endswith("… and 4000 characters more")
        assert report["usage"]["stages"] == {"load": 0.25}
        assert report["estimate"] == {"seconds": 9, "peak_mb": 30}

    def test_of_a_file_that_nothing_can_be_made_of(self):
        report = checking.unreadable(UnreadableFile("It is a PDF."), rows_in_all=4)

        assert report["problems"] == [
            {"reason": "unreadable_file", "message": "It is a PDF."}
        ]
        assert report["usage"] is report["estimate"] is None
