"""Checks asked for alone: their place in the line, and that none is lost or doubled."""

from datetime import timedelta

import pytest
from django.utils import timezone

from competitions import actors, check_runs, lifecycle
from competitions.lifecycle import ClaimLost
from competitions.models import Check, Team
from competitions.sweep import sweep
from tests.factories import (
    make_check,
    make_competition,
    make_report,
    make_submission,
    make_team,
)

pytestmark = [pytest.mark.django_db, pytest.mark.services]

CPU = ("cpu", "any")


def claim(worker="w1"):
    return check_runs.claim_next(worker=worker, devices=CPU)


def end_wait():
    Check.objects.update(not_before=None)


def lapse():
    Check.objects.update(lease_until=timezone.now() - timedelta(minutes=1))


class TestClaimNext:
    def test_gives_one_check_to_one_worker(self):
        check = make_check()

        assert claim("w1").check == check
        assert claim("w2") is None
        check.refresh_from_db()
        assert (check.status, check.attempt) == ("running", 1)

    def test_leaves_what_nobody_waits_for_any_longer(self):
        make_check(wanted_until=timezone.now() - timedelta(seconds=1))

        assert claim() is None

    def test_serves_the_team_that_was_served_longest_ago(self):
        competition = make_competition()
        greedy, modest = make_team(competition), make_team(competition)
        first, *rest = [make_check(greedy) for _ in range(3)]
        single = make_check(modest)

        assert [claim().check for _ in range(4)] == [first, single, *rest]


class TestIsFirst:
    def test_compares_with_submissions_by_when_their_teams_were_served(self):
        competition = make_competition()
        checking, running = make_team(competition), make_team(competition)
        make_check(checking)
        assert check_runs.is_first(CPU)

        make_submission(running)
        assert check_runs.is_first(CPU)
        Team.objects.filter(pk=checking.pk).update(served_at=timezone.now())
        assert not check_runs.is_first(CPU)

    def test_is_none_where_no_check_waits(self):
        make_submission()

        assert not check_runs.is_first(CPU)

    def test_many_checks_of_one_team_hold_up_nobody(self):
        competition = make_competition()
        greedy, modest = make_team(competition), make_team(competition)
        for _ in range(5):
            make_check(greedy)
        submission = make_submission(modest)

        served = [actors._claim_next(CPU) for _ in range(3)]

        assert [hasattr(each, "check") for each in served] == [True, False, True]
        assert served[1].submission == submission


class TestRecord:
    def test_keeps_the_report(self):
        check = make_check()

        check_runs.record(claim(), make_report())

        check.refresh_from_db()
        assert check.status == "done" and check.finished_at
        assert check.report["rows"] == 200
        assert check.lease_until is None

    def test_drops_that_of_a_worker_given_up_for_dead(self):
        check = make_check()
        slow = claim("slow")
        lapse()
        check_runs.take_back_lapsed()
        end_wait()
        fast = claim("fast")

        with pytest.raises(ClaimLost):
            check_runs.record(slow, make_report(("crashed", "No.")))
        check_runs.record(fast, make_report())

        check.refresh_from_db()
        assert check.report["problems"] == []


class TestFaults:
    def test_a_dead_worker_leaves_it_in_line(self):
        check = make_check()
        claim()
        lapse()

        sweep()

        check.refresh_from_db()
        assert (check.status, check.faults) == ("waiting", 1)
        assert check.not_before < timezone.now() + timedelta(seconds=30)

    def test_the_third_one_gives_it_up(self):
        check = make_check()
        for _ in range(3):
            end_wait()
            check_runs.release(claim(), "the disk is full")

        check.refresh_from_db()
        assert (check.status, check.faults) == ("failed", 3)
        assert check.report is None

    def test_a_worker_that_stops_hands_it_back_at_no_cost(self):
        check = make_check()

        check_runs.hand_back(claim())

        check.refresh_from_db()
        assert (check.status, check.faults) == ("waiting", 0)


@pytest.mark.django_db(transaction=True)
class TestRenewing:
    def test_renews_the_lease_of_a_check_as_well(self, monkeypatch):
        monkeypatch.setattr(lifecycle, "HEARTBEAT_S", 0.05)
        check = make_check()
        held = claim()

        with lifecycle.renewing(held) as lost:
            Check.objects.update(attempt=99)

            assert lost.wait(5)
        check.refresh_from_db()
        assert check.lease_until > timezone.now()
