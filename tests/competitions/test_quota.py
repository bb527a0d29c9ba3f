"""The ledger: what is charged, given back, and left."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection

from competitions import lifecycle, quota, services
from competitions.errors import QuotaSpent
from competitions.models import QuotaEntry
from tests.api import client_of, upload
from tests.factories import make_competition, make_submission, make_team, make_user

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
    def test_fifty_uploads_of_a_team_with_five_left_make_five(self):
        """Through the door that programs use, each on a connection of its own."""
        competition = make_competition(quota_per_day=5, team_max_size=10)
        team = make_team(competition, *(make_user() for _ in range(10)))
        clients = [client_of(user) for user in team.members.all() for _ in range(5)]
        gate, answers = threading.Barrier(50), []

        def send(client, number):
            content = b"\x00\x01 no model" + bytes([number])
            gate.wait()
            try:
                answers.append(upload(client, competition, content))
            finally:
                connection.close()

        threads = [
            threading.Thread(target=send, args=pair)
            for pair in zip(clients, range(50), strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        statuses = sorted(answer.status_code for answer in answers)
        assert statuses == [201] * 5 + [429] * 45
        refused = [answer for answer in answers if answer.status_code == 429]
        assert all("Retry-After" in answer.headers for answer in refused)
        assert team.submissions.count() == 5
        assert quota.used_by_team([team.pk]) == {team.pk: 5}
        numbers = team.submissions.values_list("number", flat=True)
        assert sorted(numbers) == [1, 2, 3, 4, 5]

        self.give_back(competition, clients[0])

    def give_back(self, competition, client):
        """A cancelled one and one that we spoilt are free again, two and no more."""
        services.cancel(submission=competition.submissions.first())
        competition.submissions.update(faults=2)
        claim = lifecycle.claim_next(worker="test")
        lifecycle.release_submission(claim, "the disk was full")

        answers = [upload(client, competition).status_code for _ in "123"]

        assert answers == [201, 201, 429]
        causes = QuotaEntry.objects.filter(kind="refund").values_list("cause")
        assert sorted(causes) == [("cancelled",), ("platform_fault",)]
