"""Two teams become one: what moves, what stays, and what stands against it."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from competitions import leaderboard, lifecycle, quota, services
from competitions.errors import QuotaSpent, Refused
from competitions.models import LeaderboardEntry, MergeProposal, Submission
from competitions.teams import merging
from podium.notices.models import Notice
from tests.factories import (
    make_check,
    make_competition,
    make_scored,
    make_submission,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db


def make_two(**values):
    """A competition that opened yesterday, and two teams of two in it."""
    values.setdefault("team_max_size", 4)
    competition = make_competition(**values)
    one = make_team(competition, make_user(), make_user(), name="One")
    other = make_team(competition, make_user(), make_user(), name="Other")
    return competition, one, other


def propose(one, other):
    return merging.propose(
        competition=one.competition, user=one.members.first(), other=other
    )


def merge(one, other):
    proposal = propose(one, other)
    return merging.accept(proposal=proposal, user=other.members.first())


def ranks(competition, split="public"):
    found = leaderboard.entries(competition, split).with_rank()
    return [(e.team.name, e.rank, e.score) for e in found]


@pytest.mark.services
class TestMerge:
    def test_keeps_both_histories_and_the_better_line(self):
        competition, one, other = make_two()
        third = make_team(competition, name="Third")
        first = make_scored(one, public=0.5, private=0.9)
        better = make_scored(other, public=0.8, private=0.7)
        make_scored(other, public=0.2)
        make_scored(third, public=0.6)

        team = merge(one, other)

        assert team == one
        assert team.members.count() == 4
        numbers = one.submissions.order_by("number").values_list("number", flat=True)
        assert list(numbers) == [1, 2, 3]
        better.refresh_from_db()
        assert (better.number, better.team) == (2, one)
        assert ranks(competition) == [("One", 1, 0.8), ("Third", 2, 0.6)]
        assert LeaderboardEntry.objects.get(team=one, split="public").submission_count
        private = LeaderboardEntry.objects.get(team=one, split="private")
        assert private.submission == first
        other.refresh_from_db()
        competition.refresh_from_db()
        assert (other.merged_into, competition.team_count) == (one, 2)

    def test_adds_the_quota_up(self):
        competition, one, other = make_two(quota_per_day=5, quota_total=20)
        for team in (one, one, one, other, other, other):
            make_submission(team)
        services.cancel(submission=other.submissions.first())

        merge(one, other)

        left = quota.left(one, competition)
        assert (left.today, left.total) == (0, 15)
        with pytest.raises(QuotaSpent):
            make_submission(one)
        services.cancel(submission=one.submissions.filter(status="queued").last())
        assert quota.left(one, competition).today == 1

    def test_keeps_the_best_choices_where_both_had_chosen(self):
        competition, one, other = make_two(finals=2)
        for team, score in ((one, 0.1), (one, 0.2), (other, 0.3), (other, 0.4)):
            make_scored(team, public=score, selected=True)

        merge(one, other)

        chosen = Submission.objects.filter(selected=True)
        assert sorted(chosen.values_list("public_score", flat=True)) == [0.3, 0.4]

    def test_tells_all_but_whoever_did_it(self):
        competition, one, other = make_two()
        make_submission(other)
        by = other.members.first()

        merging.accept(proposal=propose(one, other), user=by)

        told = Notice.objects.filter(kind="team_changed")
        assert set(told.values_list("user", flat=True)) == set(
            one.members.exclude(pk=by.pk).values_list("pk", flat=True)
        )
        assert set(told.values_list("title", flat=True)) == {
            "One and Other are one team now"
        }

    def test_scores_what_was_running_for_the_team_that_is_now(self):
        competition, one, other = make_two()
        running = make_submission(other)
        claim = lifecycle.claim_next(worker="test")

        merge(one, other)
        values = {"accuracy": 0.75}
        lifecycle.record_scores(
            claim, {"public": values, "private": values, "all": values}
        )

        assert ranks(competition) == [("One", 1, 0.75)]
        notice = Notice.objects.filter(kind="submission_scored")
        assert notice.count() == 4
        running.refresh_from_db()
        assert running.team == one

    def test_takes_checks_along_which_count_by_the_hour(self):
        _, one, other = make_two()
        check = make_check(other)

        merge(one, other)

        check.refresh_from_db()
        assert check.team == one

    def test_follows_a_team_that_merged_twice(self):
        competition, one, other = make_two(team_max_size=5)
        last = make_team(competition, name="Last")
        for team in (one, other, last):
            make_submission(team)
        merge(one, other)

        merge(last, one)

        other.refresh_from_db()
        assert other.merged_into == last
        last.refresh_from_db()
        assert last.submission_count == 3

    def test_lets_whoever_was_uploading_submit_for_the_new_team(self):
        competition, one, other = make_two()
        user = other.members.first()
        stale, _ = services.assert_may_submit(competition, user)
        make_submission(other)
        merge(one, other)

        submission = make_submission(stale, submitted_by=user)

        assert submission.team == one


class TestPropose:
    def test_refuses_a_team_too_large(self):
        _, one, other = make_two(team_max_size=3)

        with pytest.raises(Refused, match="Together you would be 4; a team has at"):
            propose(one, other)

    def test_refuses_more_than_one_team_could_have_made(self):
        opened = timezone.now().replace(hour=12) - timedelta(days=1)
        _, one, other = make_two(quota_per_day=2, opens_at=opened)
        with time_machine.travel(opened + timedelta(minutes=5)):
            for team in (one, one, other, other):
                make_submission(team)
        with time_machine.travel(opened + timedelta(days=1)):
            make_submission(other)

            with pytest.raises(Refused, match="made 5.submissions; one team could"):
                propose(one, other)
        with time_machine.travel(opened + timedelta(days=2)):
            assert propose(one, other).state == "waiting"

    def test_refuses_more_than_the_total(self):
        _, one, other = make_two(quota_total=3)
        for team in (one, one, other, other):
            make_submission(team)

        with pytest.raises(Refused, match="one team could have made 3 until now"):
            propose(one, other)

    def test_refuses_what_is_no_other_team_of_it(self):
        competition, one, other = make_two()
        stranger = make_team(make_competition())
        baseline = make_team(competition, is_baseline=True)

        for team in (one, stranger, baseline):
            with pytest.raises(Refused):
                propose(one, team)

    def test_refuses_a_team_that_was_disqualified(self):
        _, one, other = make_two()
        type(other).objects.filter(pk=other.pk).update(disqualified_at=timezone.now())
        other.refresh_from_db()

        with pytest.raises(Refused, match="Other was disqualified"):
            propose(one, other)

    def test_is_asked_once_and_by_one_side(self):
        _, one, other = make_two()

        assert propose(one, other) == propose(one, other)
        with pytest.raises(Refused, match="has asked your team already"):
            propose(other, one)

        assert Notice.objects.filter(kind="team_invitation").count() == 2


class TestAnswers:
    def test_decline_leaves_both_and_tells_those_who_asked(self):
        _, one, other = make_two()
        proposal = propose(one, other)

        merging.decline(proposal=proposal, user=other.members.first())

        with pytest.raises(Refused, match="declined already"):
            merging.accept(proposal=proposal, user=other.members.first())
        told = Notice.objects.filter(kind="team_changed")
        assert set(told.values_list("user", flat=True)) == set(
            one.members.values_list("pk", flat=True)
        )

    def test_withdraw_takes_it_back(self):
        _, one, other = make_two()
        proposal = propose(one, other)

        merging.withdraw(proposal=proposal)

        with pytest.raises(Refused, match="withdrawn already"):
            merging.accept(proposal=proposal, user=other.members.first())

    def test_accept_is_refused_after_the_deadline(self):
        competition, one, other = make_two()
        proposal = propose(one, other)
        competition.team_deadline = timezone.now()
        competition.save()

        with pytest.raises(Refused, match="Teams could change until"):
            merging.accept(proposal=proposal, user=other.members.first())

    def test_a_merger_ends_the_other_questions(self):
        competition, one, other = make_two(team_max_size=8)
        third = make_team(competition)
        propose(third, other)
        propose(other, make_team(competition))
        make_submission(other)

        merge(one, other)

        states = MergeProposal.objects.order_by("pk").values_list("state", flat=True)
        assert list(states) == ["withdrawn", "withdrawn", "accepted"]


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_uploads_cancels_and_a_merger_lose_no_row(self):
        """What is charged or given back meanwhile counts for the team that is then."""
        competition, one, other = make_two(quota_total=40)
        uploaders = {team: team.members.first() for team in (one, other)}
        waiting = [make_submission(team) for team in (one, other) for _ in range(3)]
        proposal = propose(one, other)
        gate, faults = threading.Barrier(13), []

        def at_once(deed):
            def run():
                gate.wait()
                try:
                    deed()
                except Exception as fault:  # told below
                    faults.append(fault)
                finally:
                    connection.close()

            return threading.Thread(target=run)

        def cancel(submission):
            return lambda: services.cancel(submission=submission)

        def upload(team):
            return lambda: make_submission(team, submitted_by=uploaders[team])

        threads = [at_once(cancel(submission)) for submission in waiting]
        threads += [at_once(upload(team)) for team in (one, other) for _ in range(3)]
        threads.append(
            at_once(lambda: merging.accept(proposal=proposal, user=uploaders[other]))
        )
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert faults == []
        one.refresh_from_db()
        assert one.submissions.count() == one.submission_count == 12
        assert quota.used_by_team([one.pk, other.pk]) == {one.pk: 6}
        assert sorted(one.submissions.values_list("number", flat=True)) == list(
            range(1, 13)
        )
