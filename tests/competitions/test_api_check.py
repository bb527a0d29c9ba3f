"""Checking a file by REST: the answer, the refusals, and the wait."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from competitions import check_runs, checks
from competitions.models import QuotaEntry, Submission
from podium.common.models import StoredFile
from tests.api import assert_problem, client_of, make_participant, url
from tests.factories import make_check, make_competition, make_report, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.services]

BAD = make_report(
    ("bad_predictions", "Each row must sum to 1. 3 row(s)."), printed="layer 7"
)


def send(client, competition, content=b"\x00\x01 no model", name="model.keras"):
    return client.post(
        url(competition, "check/"),
        {"file": SimpleUploadedFile(name, content)},
        format="multipart",
    )


@pytest.fixture
def worker(monkeypatch):
    """A worker that writes a report whenever a request begins to wait."""
    found = {"report": make_report()}

    def work(seconds):
        held = check_runs.claim_next(worker="w", devices=("cpu", "any"))
        check_runs.record(held, found["report"])

    monkeypatch.setattr(checks.time, "sleep", work)
    return found


class TestCheck:
    def test_answers_with_nothing_but_what_was_found(self, worker):
        competition, user, _ = make_participant(train_path="train.csv")

        response = send(client_of(user), competition)

        assert response.status_code == 200
        assert response.json() == {
            "ok": True,
            "problems": [],
            "printed": "",
            "usage": {"seconds": 0.25, "peak_mb": 12.5},
            "estimate": {"seconds": 1.5, "peak_mb": 30.0},
        }
        assert not Submission.objects.exists()
        assert not QuotaEntry.objects.exists()

    def test_tells_every_problem_and_what_was_printed(self, worker):
        worker["report"] = BAD
        competition, user, _ = make_participant(train_path="train.csv")

        body = send(client_of(user), competition).json()

        assert body["ok"] is False
        assert body["problems"] == BAD["problems"]
        assert body["printed"] == "layer 7"

    def test_has_null_for_what_was_not_reached(self, worker):
        worker["report"] = make_report(
            ("unreadable_file", "It is a PDF."), usage=None, estimate=None
        )
        competition, user, _ = make_participant(train_path="train.csv")

        body = send(client_of(user), competition).json()

        assert body["usage"] is body["estimate"] is None


class TestCheckRefuses:
    def test_at_the_door_as_submitting_does(self):
        competition, user, _ = make_participant(train_path="train.csv", limit_file_mb=1)
        client = client_of(user)

        assert_problem(send(client_of(), competition), 401)
        assert_problem(send(client_of(make_user()), competition), 403)
        assert_problem(send(client_of(competition.host), competition), 403)
        assert_problem(send(client, make_competition(visibility="private")), 404)
        assert_problem(send(client, competition, b"x" * 1_000_001), 413)
        assert_problem(send(client, competition, b""), 400)
        csv = send(client, competition, b"id,no,yes\n1,0.5,0.5\n", "answers.csv")
        assert "takes models" in assert_problem(csv, 400)["detail"]
        assert not competition.checks.exists()

    def test_409_where_no_rows_are_public(self):
        competition, user, _ = make_participant(limit_file_mb=0)

        problem = assert_problem(send(client_of(user), competition), 409)

        assert "no public sample" in problem["detail"]

    def test_429_after_thirty_within_the_hour(self):
        competition, user, team = make_participant(train_path="train.csv")
        for _ in range(30):
            make_check(team)
        kept = StoredFile.objects.count()

        response = send(client_of(user), competition)

        assert_problem(response, 429)
        assert 3500 < int(response.headers["Retry-After"]) <= 3600
        assert StoredFile.objects.count() == kept

    def test_503_when_it_takes_too_long(self, monkeypatch):
        monkeypatch.setattr(checks, "WAIT_S", 0)
        monkeypatch.setattr(checks.wait_for, "__defaults__", (0.1,))
        competition, user, _ = make_participant(train_path="train.csv")

        response = send(client_of(user), competition)

        assert_problem(response, 503)
        assert response.headers["Retry-After"] == "60"
        # Nobody waits for it any longer, so no worker takes it.
        assert not check_runs.waiting().exists()
