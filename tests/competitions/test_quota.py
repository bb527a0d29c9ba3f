"""The ledger: what is charged, given back, and left."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection

from competitions import quota, services
from competitions.errors import QuotaSpent
from competitions.models import QuotaEntry
from tests.factories import make_competition, make_submission, make_team

pytestmark = [pytest.mark.django_db, pytest.mark.services]


class TestCharge:
    def test_stops_at_the_quota_of_the_day(self):
        team = make_team(make_competition(quota_per_day=2))
        make_submission(team)
        make_submission(team)

        with pytest.raises(QuotaSpent) as refused:
            make_submission(team)

        assert "2 submissions of today" in refused.value.message
        assert refused.value.retry_at is not None
        assert team.submissions.count() == 2

    def test_stops_at_the_total(self):
        team = make_team(make_competition(quota_total=1))
        make_submission(team)

        with pytest.raises(QuotaSpent, match="all 1 submissions"):
            make_submission(team)

    def test_counts_days_in_the_competitions_time_zone(self):
        opens = datetime(2026, 1, 1, tzinfo=UTC)
        competition = make_competition(
            quota_per_day=1, time_zone="Asia/Tokyo", opens_at=opens
        )
        team = make_team(competition)
        with time_machine.travel(datetime(2026, 3, 1, 14, 59, tzinfo=UTC), tick=False):
            make_submission(team)
        with time_machine.travel(datetime(2026, 3, 1, 15, 1, tzinfo=UTC), tick=False):
            make_submission(team)

            remaining = quota.left(team, competition)

        assert remaining.today == 0
        assert remaining.renews_at == datetime(2026, 3, 2, 15, 0, tzinfo=UTC)

    def test_leaves_baselines_free(self):
        team = make_team(make_competition(quota_total=1), is_baseline=True)
        make_submission(team)
        make_submission(team)

        assert not QuotaEntry.objects.exists()


class TestRefund:
    def test_counts_for_the_day_of_the_charge(self):
        competition = make_competition(quota_per_day=1, quota_total=5)
        team = make_team(competition)
        submission = make_submission(team)

        with time_machine.travel(submission.created_at + timedelta(days=1)):
            quota.refund(submission, cause="platform_fault")
            remaining = quota.left(team, competition)

        assert (remaining.today, remaining.total) == (1, 5)
        assert quota.left(team, competition, submission.created_at).today == 1

    def test_given_twice_counts_once(self):
        competition = make_competition(quota_total=3)
        submission = make_submission(make_team(competition))

        quota.refund(submission, cause="cancelled")
        quota.refund(submission, cause="cancelled")

        assert quota.left(submission.team, competition).total == 3

    def test_of_a_cancelled_submission_is_a_row_with_its_cause(self):
        submission = make_submission(make_team(make_competition(quota_total=3)))

        services.cancel(submission=submission)

        kinds = list(submission.quota_entries.values_list("kind", "cause"))
        assert sorted(kinds) == [("charge", "submitted"), ("refund", "cancelled")]
        submission.refresh_from_db()
        assert (submission.status, submission.charged) == ("cancelled", False)


class TestLeft:
    def test_is_none_where_there_is_no_end(self):
        competition = make_competition()
        team = make_team(competition)

        remaining = quota.left(team, competition)

        assert (remaining.today, remaining.total) == (None, None)


@pytest.mark.django_db(transaction=True)
class TestChargeAtOnce:
    def test_does_not_overdraw(self):
        team = make_team(make_competition(quota_per_day=3))
        gate, outcomes = threading.Barrier(8), []

        def submit():
            gate.wait()
            try:
                make_submission(team)
                outcomes.append("made")
            except QuotaSpent:
                outcomes.append("refused")
            finally:
                connection.close()

        threads = [threading.Thread(target=submit) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(outcomes) == ["made"] * 3 + ["refused"] * 5
        assert team.submissions.count() == 3
