"""Uploading by REST: what is taken, and what is refused in which order."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from competitions.models import (
    QuotaEntry,
    RulesVersion,
    Submission,
)
from podium.common.models import StoredFile
from podium.common.throttles import UploadThrottle
from tests.api import (
    SUBMISSION_KEYS,
    assert_problem,
    client_of,
    make_participant,
    upload,
    url,
)
from tests.factories import (
    make_competition,
    make_submission,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.services]

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
MODEL = b"\x00\x01 of no known kind"
CSV = b"id,no,yes\n1,0.5,0.5\n"


class TestSubmit:
    def test_queues_the_file_and_answers_with_the_submission(self):
        competition, user, team = make_participant(quota_per_day=5, quota_total=100)
        client = client_of(user)

        response = upload(client, competition, MODEL, description="Deeper.")

        body = response.json()
        submission = Submission.objects.get()
        assert response.status_code == 201
        assert set(body) >= SUBMISSION_KEYS and "private_score" not in body
        assert body["id"] == submission.pk
        assert body["competition"] == competition.slug
        assert (body["status"], body["stage"]) == ("queued", "queue")
        assert body["charged"] is True and body["selected"] is False
        assert body["quota"] == {"left_today": 4, "left_total": 99}
        assert body["queue_position"] == 1
        assert body["url"] == f"{settings.URL}/submissions/{submission.pk}/"
        for empty in ("reason", "message", "public_score", "interval", "usage"):
            assert body[empty] is None
        for empty in ("started_at", "finished_at", "expected_at"):
            assert body[empty] is None
        assert (submission.team, submission.submitted_by) == (team, user)
        assert submission.description == "Deeper."
        assert submission.artifact.open().read() == MODEL
        assert client.get(response.headers["Location"]).json() == body

    def test_marks_what_comes_after_the_close_as_late(self):
        competition, user, _ = make_participant(closes_at=timezone.now(), late=True)

        assert upload(client_of(user), competition).status_code == 201
        assert Submission.objects.get().is_late


class TestSubmitRefuses:
    """Each refusal stands although all that come after it would hold as well."""

    def test_401_without_a_token_even_where_there_is_nothing(self):
        hidden = make_competition(visibility="private")

        response = upload(client_of(), hidden, b"")

        assert_problem(response, 401)
        assert response.headers["WWW-Authenticate"] == "Bearer"

    @pytest.mark.parametrize("token", ["wrong", "ÿ", "", "two parts"])
    def test_401_with_a_wrong_token(self, token):
        competition = make_competition()
        client = client_of()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}".encode("latin-1"))

        assert_problem(upload(client, competition), 401)

    def test_404_where_one_may_not_see_the_competition(self):
        hidden = make_competition(visibility="private", opens_at=timezone.now())

        assert_problem(upload(client_of(make_user()), hidden, b""), 404)

    def test_403_to_who_has_not_joined(self):
        competition = make_competition(closes_at=timezone.now())

        problem = assert_problem(upload(client_of(make_user()), competition, b""), 403)

        assert problem["detail"].startswith("Join the competition")

    def test_403_after_the_rules_changed(self):
        competition, user, _ = make_participant(closes_at=timezone.now())
        RulesVersion.objects.create(competition=competition, number=2, text="New.")

        problem = assert_problem(upload(client_of(user), competition, b""), 403)

        assert problem["detail"].startswith("The rules have changed")

    def test_403_to_the_host(self):
        competition = make_competition(closes_at=timezone.now())

        problem = assert_problem(upload(client_of(competition.host), competition), 403)

        assert problem["detail"].startswith("You host this competition")

    def test_409_outside_of_the_dates(self):
        later = timezone.now() + timedelta(days=1)
        for dates in ({"opens_at": later}, {"closes_at": timezone.now()}):
            competition, user, _ = make_participant(limit_file_mb=0, **dates)

            assert_problem(upload(client_of(user), competition, b"x"), 409)

    def test_413_over_the_limit(self):
        competition, user, _ = make_participant(limit_file_mb=1, quota_total=0)

        problem = assert_problem(
            upload(client_of(user), competition, b"x" * 1_000_001), 413
        )

        assert "up to 1 MB" in problem["detail"]

    def test_413_before_a_byte_is_read(self):
        competition, user, _ = make_participant(limit_file_mb=1)

        class Untouched:
            def read(self, *_):
                raise AssertionError("the body was read")

            readline = read

        response = client_of(user).generic(
            "POST",
            url(competition, "submissions/"),
            content_type="multipart/form-data; boundary=b",
            **{"wsgi.input": Untouched(), "CONTENT_LENGTH": "5000000000"},
        )

        assert "5000.0 MB" in assert_problem(response, 413)["detail"]

    def test_400_for_an_empty_file(self):
        competition, user, _ = make_participant(quota_total=0)

        problem = assert_problem(upload(client_of(user), competition, b""), 400)

        assert "empty" in problem["detail"]

    def test_400_for_a_kind_that_is_not_accepted(self):
        competition, user, _ = make_participant(quota_total=0)

        response = upload(client_of(user), competition, CSV, name="answers.csv")

        assert "takes models" in assert_problem(response, 400)["detail"]

    def test_400_without_a_file_and_for_a_long_description(self):
        competition, user, _ = make_participant()
        client = client_of(user)

        nothing = client.post(url(competition, "submissions/"), {"file": "text"})
        long = upload(client, competition, description="x" * 501)

        assert list(assert_problem(nothing, 400)["errors"]) == ["file"]
        assert list(assert_problem(long, 400)["errors"]) == ["description"]
        assert not Submission.objects.exists()

    def test_400_for_a_form_that_cannot_be_read(self):
        competition, user, _ = make_participant()

        response = client_of(user).generic(
            "POST",
            url(competition, "submissions/"),
            b"--b\r\nnothing",
            content_type="multipart/form-data",
        )

        assert_problem(response, 400)

    def test_415_for_what_is_no_form(self):
        competition, user, _ = make_participant()

        response = client_of(user).post(
            url(competition, "submissions/"), {}, format="json"
        )

        assert_problem(response, 415)

    @time_machine.travel(NOON, tick=False)
    def test_429_when_the_quota_of_the_day_is_spent(self):
        competition, user, _ = make_participant(
            quota_per_day=1, time_zone="Asia/Tokyo", opens_at=NOON - timedelta(days=1)
        )
        client = client_of(user)
        assert upload(client, competition).status_code == 201

        response = upload(client, competition)

        assert_problem(response, 429)
        # Noon in UTC is nine in the evening in Tokyo.
        assert response.headers["Retry-After"] == str(3 * 3600)
        assert Submission.objects.count() == QuotaEntry.objects.count() == 1

    def test_429_when_the_whole_quota_is_spent(self):
        competition, user, team = make_participant(quota_total=1)
        make_submission(team)
        kept = StoredFile.objects.count()

        response = upload(client_of(user), competition)

        assert "all 1 submissions" in assert_problem(response, 429)["detail"]
        assert "Retry-After" not in response.headers
        assert StoredFile.objects.count() == kept  # what is refused is not kept

    def test_429_to_who_uploads_too_often(self):
        competition, user, _ = make_participant(opens_at=NOON - timedelta(days=1))
        client = client_of(user)
        with (
            time_machine.travel(NOON, tick=False),
            patch.object(UploadThrottle, "get_rate", return_value="5/min"),
        ):
            answers = {upload(client, competition, b"").status_code for _ in range(5)}

            response = upload(client, competition, b"")
        other = upload(client_of(make_user()), competition, b"")

        assert answers == {400}
        assert_problem(response, 429)
        assert response.headers["Retry-After"] == "60"
        assert_problem(other, 403)


class TestBegin:
    def test_is_at_the_check_where_rows_are_public(self):
        competition, user, _ = make_participant(train_path="train.csv")

        body = upload(client_of(user), competition, MODEL).json()

        assert (body["status"], body["stage"]) == ("checking", "check")
        assert body["charged"] is True
        assert body["queue_position"] == 1
