"""Asking for a check: what is taken and refused, waiting for it, and forgetting it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from competitions import check_runs, checks, quota
from competitions.errors import Busy, NotAllowed, TooMany, WrongState
from competitions.models import Check, Submission
from podium.common.files import store_bytes
from podium.common.models import StoredFile
from tests.factories import (
    make_check,
    make_competition,
    make_report,
    make_submission,
    make_team,
    make_user,
)
from tests.pages import a_file

pytestmark = [pytest.mark.django_db, pytest.mark.services]


def a_participant(**values):
    team = make_team(make_competition(**{"train_path": "train.csv", **values}))
    return team.competition, team.members.get()


def an_upload(folder, content=b"\x00\x01 no model"):
    """A file that lies on disk, as uploads do."""
    file = a_file(content)
    (folder / "upload").write_bytes(content)
    file.temporary_file_path = lambda: str(folder / "upload")
    return file


def ask(folder, competition, user, **values):
    file = an_upload(folder)
    return checks.ask(competition=competition, user=user, file=file, **values)


def do_next(report):
    held = check_runs.claim_next(worker="w", devices=("cpu", "any"))
    check_runs.record(held, report)


class TestAsk:
    def test_costs_nothing_and_makes_no_submission(self, tmp_path):
        competition, user = a_participant(quota_per_day=1)

        check = ask(tmp_path, competition, user)

        assert (check.status, check.format) == ("waiting", "")
        assert check.artifact.open().read() == b"\x00\x01 no model"
        assert not Submission.objects.exists()
        assert quota.left(check.team, competition).today == 1

    def test_is_possible_with_no_quota_left(self, tmp_path):
        competition, user = a_participant(quota_total=0)

        assert ask(tmp_path, competition, user).pk

    def test_of_one_form_sent_twice_is_one(self, tmp_path):
        competition, user = a_participant()
        key = uuid4()

        first = ask(tmp_path, competition, user, form_key=key)

        assert ask(tmp_path, competition, user, form_key=key) == first
        assert ask(tmp_path, competition, user, form_key=uuid4()) != first

    def test_is_refused_without_public_rows(self, tmp_path):
        competition, user = a_participant(train_path="")

        with pytest.raises(WrongState, match="no public sample"):
            ask(tmp_path, competition, user)

    def test_is_refused_to_who_does_not_take_part(self, tmp_path):
        competition, _ = a_participant()

        for user in (make_user(), competition.host):
            with pytest.raises(NotAllowed):
                ask(tmp_path, competition, user)

    def test_is_refused_after_thirty_of_a_team_within_the_hour(self, tmp_path):
        competition, user = a_participant()
        team = user.teams.get()
        now = timezone.now()
        for minutes in range(30):
            make_check(team, created_at=now - timedelta(minutes=minutes + 1))
        kept = StoredFile.objects.count()

        with pytest.raises(TooMany) as refused:
            ask(tmp_path, competition, user)

        assert refused.value.retry_at == now + timedelta(minutes=30)
        assert StoredFile.objects.count() == kept
        Check.objects.order_by("created_at").first().delete()
        assert ask(tmp_path, competition, user).pk


class TestWaitFor:
    def test_gives_the_report_when_it_is_there(self, monkeypatch):
        check = make_check()
        monkeypatch.setattr(checks.time, "sleep", lambda s: do_next(make_report()))

        assert checks.wait_for(check).report == make_report()

    def test_is_over_after_a_while(self, monkeypatch):
        check = make_check()

        with pytest.raises(Busy) as busy:
            checks.wait_for(check, seconds=0.1)

        assert busy.value.status == 503
        assert busy.value.retry_at > timezone.now()

    def test_does_not_go_on_after_three_faults_of_ours(self):
        check = make_check(status="failed", finished_at=timezone.now())

        with pytest.raises(Busy, match="The fault is ours"):
            checks.wait_for(check)


class TestAPlaceToWait:
    def test_is_there_for_some_programs_at_once(self):
        held = [checks.a_place_to_wait() for _ in range(checks.MOST_WAITING)]
        for place in held:
            place.__enter__()

        with pytest.raises(Busy), checks.a_place_to_wait():
            raise AssertionError("one more than there is room for")

        for place in held:
            place.__exit__(None, None, None)
        with checks.a_place_to_wait():
            pass


class TestSubmit:
    def test_takes_the_very_file_and_charges(self):
        team = make_team(make_competition(train_path="train.csv", quota_total=2))
        check = make_check(team, status="done", report=make_report())

        made = checks.submit(
            check=check, user=team.members.get(), description="Deeper."
        )

        assert made.artifact == check.artifact
        assert (made.file_name, made.format) == (check.file_name, check.format)
        assert (made.status, made.description) == ("checking", "Deeper.")
        assert quota.left(team, team.competition).total == 1
        check.refresh_from_db()
        assert check.submission == made


class TestForgetOld:
    def test_removes_checks_of_some_days_ago_with_their_files(self):
        old = timezone.now() - timedelta(days=4)
        gone, kept = make_check(created_at=old), make_check()
        submitted = make_check(created_at=old)
        make_submission(artifact=submitted.artifact)

        assert checks.forget_old() == 2

        assert list(Check.objects.all()) == [kept]
        left = set(StoredFile.objects.values_list("pk", flat=True))
        assert gone.artifact_id not in left
        assert {kept.artifact_id, submitted.artifact_id} <= left
        assert store_bytes(b"again").pk  # the store still takes files
