"""The page of one submission: what it tells, to whom, and how it comes up to date."""

import re

import pytest
from django.utils import timezone

from competitions.models import AuditEntry, Submission
from competitions.views.fixes import FIXES, TITLES
from tests.factories import (
    make_competition,
    make_scored,
    make_submission,
    make_team,
    make_user,
)
from tests.pages import browser_of, html_of, words_of

pytestmark = pytest.mark.django_db

USAGE = {"seconds": 10.937, "peak_mb": 611.25, "stages": {}, "device": "cpu"}
HIDDEN = {
    "detail": "row 17 sums to 3.2",
    "printed": "<script>alert(1)</script> printed",
    "usage": USAGE,
}


def get(submission, user, part=""):
    return browser_of(user).get(f"/submissions/{submission.pk}/{part}")


def member_of(submission):
    return submission.team.members.first()


def fail(submission, reason="bad_predictions", **values):
    Submission.objects.filter(pk=submission.pk).update(
        status="failed",
        reason=reason,
        message="Each row must sum to 1.",
        finished_at=timezone.now(),
        **values,
    )


class TestWhoSeesIt:
    def test_its_team_its_host_and_staff(self):
        submission = make_submission()
        staff = make_user(is_staff=True)

        for user in (member_of(submission), submission.competition.host, staff):
            assert get(submission, user).status_code == 200

    def test_nobody_else(self):
        submission = make_submission()
        rival = make_team(submission.competition).members.get()
        other_host = make_competition().host

        for user in (rival, other_host, make_user()):
            for part in ("", "live/", "artifact/"):
                assert get(submission, user, part).status_code == 404

    def test_signed_out_one_signs_in_first(self):
        submission = make_submission()

        response = get(submission, None)

        assert response.status_code == 302
        assert response.url == f"/accounts/login/?next=/submissions/{submission.pk}/"

    def test_staff_reading_it_is_written_down(self):
        submission = make_submission()
        staff = make_user(is_staff=True)

        get(submission, staff)
        get(submission, submission.competition.host)

        entry = AuditEntry.objects.get()
        assert (entry.actor, entry.action) == (staff, "read_submission")


class TestWhatItTells:
    def test_a_participant_the_public_score_and_rounded_usage(self):
        submission = make_scored(public=0.625, private=0.777123, **HIDDEN)

        page = html_of(get(submission, member_of(submission)))

        assert '<p class="score">0.62500</p>' in page
        assert "11\u00a0s" in page
        assert "768\u00a0MB" in page
        for hidden in ("0.777", "10.937", "611", "row 17", "printed"):
            assert hidden not in page

    def test_other_metrics_of_the_public_rows_only(self):
        competition = make_competition(
            metrics=[{"key": "accuracy"}, {"key": "log_loss"}]
        )
        submission = make_scored(make_team(competition), public=0.625)
        for split, value in (("public", 0.333), ("private", 0.777), ("all", 0.888)):
            submission.scores.create(
                hidden_test_set=submission.hidden_test_set,
                metric="log_loss",
                split=split,
                value=value,
            )

        page = words_of(get(submission, member_of(submission)))

        assert "Log loss, public (lower is better) 0.33300" in page
        assert "0.777" not in page
        assert "0.888" not in page

    def test_a_participant_nothing_of_a_failure_but_its_sentence(self):
        submission = make_submission()
        fail(submission, **HIDDEN)

        page = words_of(get(submission, member_of(submission)))

        assert "Each row must sum to 1." in page
        assert "It counts towards the quota" in page
        for hidden in ("row 17", "printed", "10.937"):
            assert hidden not in page

    def test_the_host_everything_and_escaped(self):
        submission = make_scored(public=0.625, private=0.777123, **HIDDEN)

        page = html_of(get(submission, submission.competition.host))

        for hidden in ("0.777123", "10.937", "611.25", "row 17 sums to 3.2"):
            assert hidden in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt; printed" in page
        assert "<script>alert" not in page

    @pytest.mark.parametrize("reason", Submission.Reason.values)
    def test_how_to_mend_each_failure(self, reason):
        submission = make_submission()
        charged = reason != "platform_fault"
        fail(submission, reason, charged=charged)

        page = words_of(get(submission, member_of(submission)))

        assert TITLES[reason] in page
        assert FIXES[reason]["text"][:40] in page
        assert ("It cost nothing" in page) is not charged

    def test_names_and_descriptions_are_text(self):
        submission = make_submission(
            file_name="<b>x</b>.keras", description="<script>alert(2)</script>"
        )

        page = html_of(get(submission, member_of(submission)))

        assert "&lt;b&gt;x&lt;/b&gt;.keras" in page
        assert "alert(2)</script>" not in page


class TestLive:
    def seen(self, page: str) -> str:
        return re.search(r"/live/\?seen=(\w+)", page)[1]

    def test_answers_nothing_while_nothing_changes(self):
        submission = make_submission()
        client = browser_of(member_of(submission))
        page = html_of(client.get(f"/submissions/{submission.pk}/"))
        address = f"/submissions/{submission.pk}/live/?seen={self.seen(page)}"

        assert client.get(address).status_code == 204
        assert client.get(address).status_code == 204

    def test_answers_what_changed_and_goes_on_asking(self):
        submission = make_submission()
        client = browser_of(member_of(submission))
        before = self.seen(html_of(client.get(f"/submissions/{submission.pk}/")))
        Submission.objects.filter(pk=submission.pk).update(
            status="running",
            stage="predict",
            started_at=timezone.now(),
            lease_until=timezone.now(),
        )

        part = html_of(client.get(f"/submissions/{submission.pk}/live/?seen={before}"))

        assert "predicting" in part
        assert 'hx-trigger="every 1s"' in part
        assert self.seen(part) != before

    def test_stops_asking_when_it_is_finished(self):
        submission = make_scored(public=0.625)

        part = html_of(get(submission, member_of(submission), "live/?seen=x"))

        assert "0.62500" in part
        assert "hx-trigger" not in part
        assert "hx-trigger" not in html_of(get(submission, member_of(submission)))

    def test_signed_out_it_leads_to_the_sign_in_page(self):
        submission = make_submission()

        response = get(submission, None, "live/")

        assert response.headers["HX-Redirect"].startswith("/accounts/login/?next=")
        assert not response.content

    def test_a_participants_part_tells_nothing_hidden(self):
        submission = make_scored(public=0.625, private=0.777123, **HIDDEN)

        part = html_of(get(submission, member_of(submission), "live/"))

        for hidden in ("0.777", "10.937", "row 17", "printed"):
            assert hidden not in part


class TestCancel:
    def test_takes_a_waiting_one_back(self):
        submission = make_submission()

        response = browser_of(member_of(submission)).post(
            f"/submissions/{submission.pk}/cancel/"
        )

        submission.refresh_from_db()
        assert response.status_code == 303
        assert submission.status == "cancelled"
        assert not submission.charged

    def test_says_so_when_it_is_too_late(self):
        submission = make_scored()

        response = browser_of(member_of(submission)).post(
            f"/submissions/{submission.pk}/cancel/", follow=True
        )

        assert "only one that waits can be cancelled" in words_of(response)

    def test_is_not_for_the_host(self):
        submission = make_submission()

        response = browser_of(submission.competition.host).post(
            f"/submissions/{submission.pk}/cancel/"
        )

        submission.refresh_from_db()
        assert response.status_code == 404
        assert submission.status == "queued"


class TestSelect:
    def test_chooses_and_takes_back(self):
        submission = make_scored()
        client = browser_of(member_of(submission))
        address = f"/submissions/{submission.pk}/select/"

        client.post(address, {"selected": "on"})
        submission.refresh_from_db()
        assert submission.selected

        client.post(address)
        submission.refresh_from_db()
        assert not submission.selected

    def test_leads_back_but_never_to_another_site(self):
        submission = make_scored()
        client = browser_of(member_of(submission))
        address = f"/submissions/{submission.pk}/select/"

        home = client.post(address, {"next": "/competitions/"})
        away = client.post(address, {"next": "https://evil.example/"})

        assert home.url == "/competitions/"
        assert away.url == f"/submissions/{submission.pk}/"


class TestArtifact:
    def test_comes_back_as_it_went_in(self):
        submission = make_submission(file_name="a “model”.keras")

        response = get(submission, member_of(submission), "artifact/")

        assert b"".join(response) == submission.artifact.open().read()
        assert response.headers["Content-Disposition"].startswith("attachment;")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
