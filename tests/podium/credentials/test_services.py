"""Asking for a credential, and taking one back."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from competitions.models import AuditEntry, Score
from podium.accounts.deletion import delete_account
from podium.common.errors import BadRequest, NotAllowed, WrongState
from podium.credentials import services
from podium.credentials.models import Credential
from podium.notices.models import Notice
from tests.factories import (
    make_competition,
    make_hidden_test_set,
    make_scored,
    make_team,
    make_user,
)
from tests.podium.credentials.scene import make_credential, make_final, make_holder

pytestmark = pytest.mark.django_db


def standing(**values):
    """Somebody on the board of a competition that never closes."""
    holder, competition = make_user(), make_competition(**values)
    make_scored(make_team(competition, holder), public=0.123456, private=0.9)
    return holder, competition


class TestIssue:
    def test_binds_the_final_result_on_the_private_rows(self):
        holder, competition = make_holder(private=0.75)
        entry = competition.entries.get(split="private")
        Score.objects.filter(submission=entry.submission, split="private").update(
            interval_low=0.5, interval_high=0.9
        )

        credential, is_new = services.issue(competition=competition, user=holder)

        facts, hidden = credential.facts, competition.hidden_test_set
        assert is_new
        assert credential.kind == facts["kind"] == "final"
        assert credential.expires_at is None
        assert facts["hiddenTestSet"] == {
            "version": 1,
            "digest": f"sha256:{hidden.digest}",
            "split": "private",
            "rows": 2,
            "inputs": "hidden",
            "labels": "hidden",
        }
        assert facts["metric"]["key"] == "accuracy"
        assert facts["metric"]["version"] == 1
        sha256 = entry.submission.artifact.sha256
        assert facts["artifact"] == {"digest": f"sha256:{sha256}", "format": "keras"}
        assert (facts["score"], facts["interval"]) == (0.75, [0.5, 0.9])
        assert (facts["rank"], facts["of"], facts["isShared"]) == (1, 1, False)

    def test_counts_ties_and_names_the_strongest_baseline(self):
        competition = make_competition()
        make_scored(make_team(competition, name="b", is_baseline=True), public=0.4)
        for public in (0.9, 0.8, 0.8):
            make_scored(make_team(competition), public=public)
        holder = make_user()
        make_scored(make_team(competition, holder), public=0.8)

        credential, _ = services.issue(competition=competition, user=holder)

        facts = credential.facts
        assert (facts["rank"], facts["of"], facts["isShared"]) == (2, 4, True)
        assert facts["baseline"] == 0.4

    def test_says_that_inputs_are_open_where_predictions_are_taken(self):
        holder, competition = standing(accepts=["predictions"])

        credential, _ = services.issue(competition=competition, user=holder)

        assert credential.facts["hiddenTestSet"]["inputs"] == "open"

    def test_of_a_competition_without_an_end_is_public_rounded_and_ends(self):
        holder, competition = standing(feedback_digits=3)

        credential, _ = services.issue(competition=competition, user=holder)

        assert credential.kind == "standing"
        assert credential.facts["hiddenTestSet"]["split"] == "public"
        assert credential.facts["score"] == 0.123
        assert credential.expires_at - credential.issued_at == timedelta(days=180)

    def test_comes_back_the_same_when_asked_again(self):
        holder, competition = make_holder()
        first, _ = services.issue(competition=competition, user=holder)

        again, is_new = services.issue(competition=competition, user=holder)

        assert (again, is_new) == (first, False)
        assert Credential.objects.count() == 1

    def test_pressed_twice_at_once_is_one(self, monkeypatch):
        holder, competition = make_holder()
        first, _ = services.issue(competition=competition, user=holder)
        # As the second press sees it: the first one is not there yet
        monkeypatch.setattr(services, "_issued", lambda *_: None)

        assert services.issue(competition=competition, user=holder) == (first, False)

    def test_of_an_open_board_is_new_once_a_day(self):
        holder, competition = standing()
        first, _ = services.issue(competition=competition, user=holder)
        make_scored(make_team(competition), public=0.9)

        same, _ = services.issue(competition=competition, user=holder)
        with time_machine.travel(timezone.now() + timedelta(hours=25)):
            later, is_new = services.issue(competition=competition, user=holder)

        assert same == first
        assert is_new
        assert (first.facts["rank"], later.facts["rank"]) == (1, 2)

    def test_is_refused_before_the_results_are_final(self):
        now = timezone.now()
        holder, competition = standing()
        for closes_at, words in (
            (now + timedelta(days=1), "closes on"),
            (now - timedelta(minutes=1), "not confirmed"),
        ):
            competition.closes_at = closes_at
            competition.save()

            with pytest.raises(WrongState, match=words):
                services.issue(competition=competition, user=holder)

    def test_is_refused_to_others_and_without_a_result(self):
        holder, competition = make_holder()
        with pytest.raises(NotAllowed, match="no team"):
            services.issue(competition=competition, user=make_user())

        team = holder.teams.get()
        team.disqualified_at, team.disqualified_for = timezone.now(), "Cheated."
        team.save()
        with pytest.raises(WrongState, match="disqualified"):
            services.issue(competition=competition, user=holder)

    def test_gives_each_its_own_bit(self):
        competition = make_final()
        made = [make_credential(competition) for _ in range(3)]

        assert len({(each.status_list_id, each.status_index) for each in made}) == 3


class TestRevoke:
    def test_tells_the_holder_and_is_written_down(self):
        credential = make_credential()
        host = credential.submission.competition.host

        services.revoke(credential=credential, user=host, reason="Two  accounts.")

        credential.refresh_from_db()
        assert credential.revoked_for == "Two accounts."
        entry = AuditEntry.objects.get(action="revoke_credential")
        assert (entry.actor, entry.target) == (host, credential.code)
        notice = Notice.objects.get(kind="credential_revoked")
        assert notice.user == credential.holder
        assert "Two accounts." in notice.text

    def test_is_for_the_host_and_staff_and_needs_a_reason(self):
        credential = make_credential()
        host = credential.submission.competition.host

        with pytest.raises(NotAllowed):
            services.revoke(
                credential=credential, user=credential.holder, reason="Mine."
            )
        with pytest.raises(BadRequest):
            services.revoke(credential=credential, user=host, reason=" ")
        staff = make_user(is_staff=True)
        services.revoke(credential=credential, user=staff, reason="x")
        with pytest.raises(WrongState, match="already"):
            services.revoke(credential=credential, user=host, reason="Again.")

    @pytest.mark.parametrize("may_ask_again", [False, True])
    def test_keeps_its_holder_from_another_one_unless_told(self, may_ask_again):
        credential = make_credential()
        competition, holder = credential.submission.competition, credential.holder
        services.revoke(
            credential=credential,
            user=competition.host,
            reason="Wrong name.",
            may_ask_again=may_ask_again,
        )

        if may_ask_again:
            assert services.issue(competition=competition, user=holder)[1]
        else:
            with pytest.raises(WrongState, match="Wrong name"):
                services.issue(competition=competition, user=holder)

    def test_leaves_the_way_open_after_a_correction_of_the_labels(self):
        credential = make_credential()
        competition, holder = credential.submission.competition, credential.holder
        services.revoke(credential=credential, user=competition.host, reason="Labels.")
        make_hidden_test_set(competition)

        again, is_new = services.issue(competition=competition, user=holder)

        assert is_new
        assert again.facts["hiddenTestSet"]["version"] == 2


def test_of_a_deleted_account_say_nothing_more():
    credential = make_credential()

    delete_account(user=credential.holder)

    credential.refresh_from_db()
    assert (credential.jwt, credential.facts) == ("", {})
    assert "deleted their account" in credential.revoked_for
