"""Submitting by the form: what is taken, what is refused, and in which words."""

import re
from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.utils import timezone

from competitions import quota, services
from competitions.models import RulesVersion, Submission
from podium.common.files import store_bytes
from podium.common.throttles import UploadThrottle
from tests.factories import (
    make_competition,
    make_scored,
    make_submission,
    make_team,
    make_user,
)
from tests.pages import a_file, browser_of, html_of, queries_of, words_of

pytestmark = pytest.mark.django_db


def send(competition, user, file=None, description="a wider net", **fields):
    fields["description"] = description
    if file is not None:
        fields["file"] = file
    return browser_of(user).post(f"/competitions/{competition.slug}/submit/", fields)


def a_participant(**values):
    """A competition and one who takes part in it."""
    team = make_team(make_competition(**values))
    return team.competition, team.members.get()


class TestTaken:
    def test_a_file_becomes_a_submission_in_line(self):
        competition, user = a_participant()

        response = send(competition, user, a_file())

        submission = Submission.objects.get()
        assert response.status_code == 303
        assert response.url == f"/submissions/{submission.pk}/"
        assert submission.description == "a wider net"
        assert submission.status == "queued"
        assert submission.artifact.open().read() == b"\x00\x01 no model"

    def test_a_late_one_after_the_close(self):
        now = timezone.now()
        competition, user = a_participant(
            opens_at=now - timedelta(days=9),
            closes_at=now - timedelta(days=1),
            late=True,
        )

        send(competition, user, a_file())

        assert Submission.objects.get().is_late


class TestSentTwice:
    """A double click, or loading again what was sent."""

    def send(self, competition, user, form_key, content=b"\x00\x01 no model"):
        return send(competition, user, a_file(content), form_key=form_key)

    def test_is_one_submission_and_one_charge(self):
        competition, user = a_participant(quota_per_day=5)
        key = uuid4()

        first = self.send(competition, user, key)
        second = self.send(competition, user, key)

        assert (second.status_code, second.url) == (303, first.url)
        submission = Submission.objects.get()
        assert quota.left(submission.team, competition).today == 4

    def test_is_one_even_if_it_took_the_last_place(self):
        competition, user = a_participant(quota_total=1)
        key = uuid4()

        first = self.send(competition, user, key)

        assert self.send(competition, user, key).url == first.url
        assert self.send(competition, user, uuid4()).status_code == 429

    def test_is_one_at_the_same_moment(self):
        competition, user = a_participant()
        team, key = user.memberships.get().team, uuid4()
        stored = store_bytes(b"a model")
        values = {
            "competition": competition,
            "team": team,
            "submitted_by": user,
            "artifact": stored,
            "file_name": "a.keras",
            "format": "keras",
            "form_key": key,
        }

        first = services.create_submission(**values)

        assert services.create_submission(**values) == first

    def test_makes_two_of_two_files(self):
        competition, user = a_participant()
        key = uuid4()

        self.send(competition, user, key)
        self.send(competition, user, key, b"\x00\x02 another one, after going back")

        assert Submission.objects.count() == 2

    def test_makes_one_for_each_team(self):
        competition, user = a_participant()
        other = make_team(competition).members.get()
        key = uuid4()

        self.send(competition, user, key)
        self.send(competition, other, key)

        assert Submission.objects.count() == 2

    def test_every_page_has_a_key_of_its_own(self):
        competition, user = a_participant()

        keys = {
            re.search(
                r'name="form_key" value="([^"]+)"',
                html_of(
                    browser_of(user).get(f"/competitions/{competition.slug}/submit/")
                ),
            )[1]
            for _ in range(2)
        }

        assert len(keys) == 2


class TestRefused:
    def assert_refused(self, response, status, sentence):
        assert sentence in words_of(response, status)
        assert not Submission.objects.filter(status="queued").exists()

    def test_nothing_chosen_and_the_description_stays(self):
        competition, user = a_participant()

        response = send(competition, user, None, "kept <words>")

        self.assert_refused(response, 400, "Choose the file that holds your model")
        assert 'value="kept &lt;words&gt;"' in html_of(response, 400)

    def test_an_empty_file(self):
        competition, user = a_participant()

        response = send(competition, user, a_file(b""))

        self.assert_refused(response, 400, "The file is empty")

    def test_a_file_over_the_limit(self):
        competition, user = a_participant(limit_file_mb=1)

        response = send(competition, user, a_file(b"x" * 1_000_001))

        self.assert_refused(response, 413, "this competition takes up to 1 MB")
        assert 'value="a wider net"' in html_of(response, 413)

    def test_a_kind_that_is_not_taken(self):
        competition, user = a_participant()

        response = send(competition, user, a_file(b"id,yes\n1,0.5\n", "answers.csv"))

        self.assert_refused(response, 400, "this competition takes models")

    def test_more_than_the_quota_and_says_when_to_come_back(self):
        competition, user = a_participant(quota_per_day=1)
        send(competition, user, a_file())
        Submission.objects.update(status="cancelled", finished_at=timezone.now())

        response = send(competition, user, a_file())

        self.assert_refused(response, 429, "used its 1 submissions of today")
        assert response.headers["Retry-After"]

    def test_too_many_uploads_in_a_minute(self):
        competition, user = a_participant()

        with patch.object(UploadThrottle, "get_rate", return_value="1/min"):
            send(competition, user, None)
            assert send(competition, user, a_file()).status_code == 303
            Submission.objects.update(status="cancelled", finished_at=timezone.now())
            response = send(competition, user, a_file())

        self.assert_refused(response, 429, "wait a minute")

    def test_whoever_has_not_joined(self):
        response = send(make_competition(), make_user(), a_file())

        self.assert_refused(response, 403, "Join the competition and accept its rules")

    def test_whoever_has_not_accepted_the_new_rules(self):
        competition, user = a_participant()
        RulesVersion.objects.create(competition=competition, number=2, text="New.")

        response = send(competition, user, a_file())

        self.assert_refused(response, 403, "The rules have changed")

    def test_the_host(self):
        competition = make_competition()

        response = send(competition, competition.host, a_file())

        self.assert_refused(response, 403, "You host this competition")

    def test_after_the_close(self):
        now = timezone.now()
        competition, user = a_participant(
            opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=1)
        )

        response = send(competition, user, a_file())

        self.assert_refused(response, 409, "takes no late submissions")

    def test_a_form_of_another_site(self):
        competition, user = a_participant()
        client = browser_of(user)
        client.handler.enforce_csrf_checks = True

        response = client.post(
            f"/competitions/{competition.slug}/submit/", {"file": a_file()}
        )

        self.assert_refused(response, 403, "This form is too old")


class TestPage:
    def test_sends_the_signed_out_to_sign_in_and_back(self):
        competition = make_competition()
        address = f"/competitions/{competition.slug}/submit/"

        response = browser_of().get(address)

        assert response.status_code == 302
        assert response.url == f"/accounts/login/?next={address}"

    def test_calls_to_join_whoever_has_not(self):
        competition = make_competition()

        page = html_of(
            browser_of(make_user()).get(f"/competitions/{competition.slug}/submit/")
        )

        address = f"/competitions/{competition.slug}"
        assert f'href="{address}/rules/?next={address}/submit/"' in page
        assert 'type="file"' not in page

    def test_says_what_is_left_and_what_is_taken(self):
        competition, user = a_participant(
            quota_per_day=3, quota_total=9, accepts=["model", "predictions"]
        )
        send(competition, user, a_file())

        page = words_of(
            browser_of(user).get(f"/competitions/{competition.slug}/submit/")
        )

        assert "2 of 3 left today" in page
        assert "8 of 9 left in all" in page
        assert ".onnx, or a SavedModel as .zip or .tar.gz; or predictions" in page
        assert "Each row holds 2 probabilities that sum to 1" in page


class TestLists:
    def test_a_team_sees_its_own_without_private_scores(self):
        competition, user = a_participant()
        make_scored(user.teams.get(), public=0.625, private=0.777123)
        make_submission(make_team(competition), file_name="theirs.keras")

        for part in ("submit", "submissions"):
            page = html_of(
                browser_of(user).get(f"/competitions/{competition.slug}/{part}/")
            )
            assert "0.62500" in page
            assert "0.777" not in page
            assert "theirs.keras" not in page

    def test_the_host_sees_all_of_all(self):
        competition, user = a_participant()
        make_scored(user.teams.get(), public=0.625, private=0.777123)
        make_submission(make_team(competition), file_name="theirs.keras")

        page = html_of(
            browser_of(competition.host).get(
                f"/competitions/{competition.slug}/submissions/"
            )
        )

        assert "0.77712" in page
        assert "theirs.keras" in page

    @pytest.mark.parametrize("part", ["submit", "submissions"])
    @pytest.mark.parametrize("role", ["participant", "host"])
    def test_cost_the_same_queries_at_ten_and_a_thousand(self, part, role):
        competition, user = a_participant()
        team = user.teams.get()
        example = make_submission(team)
        client = browser_of(user if role == "participant" else competition.host)
        address = f"/competitions/{competition.slug}/{part}/"

        counts = []
        for first, last in ((2, 10), (11, 1000)):
            Submission.objects.bulk_create(
                Submission(
                    competition=competition,
                    team=team,
                    number=number,
                    submitted_by=user,
                    hidden_test_set=competition.hidden_test_set,
                    artifact=example.artifact,
                    file_name="filler.keras",
                )
                for number in range(first, last + 1)
            )
            counts.append(queries_of(client, address))

        assert counts[0] == counts[1] <= 18
