"""Calling the API in tests as a program does: from outside, with a token."""

from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from competitions.models import Submission
from podium.accounts.models import ApiToken
from tests.factories import make_competition, make_team, make_user

SUBMISSION_KEYS = {
    *("id", "competition", "status", "stage", "reason", "message", "charged"),
    *("public_score", "interval", "created_at", "started_at", "finished_at"),
    *("queue_position", "expected_at", "usage", "selected", "quota", "url"),
}
PROBLEM = "application/problem+json"


def client_of(user=None) -> APIClient:
    """A client that sends a token of the user, or none."""
    client = APIClient()
    if user:
        _, token = ApiToken.objects.create(user=user)
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def make_participant(**values):
    """A competition, somebody who takes part in it, and their team."""
    competition, user = make_competition(**values), make_user()
    return competition, user, make_team(competition, user)


def url(row, rest="") -> str:
    """An address at or below a competition or a submission."""
    if isinstance(row, Submission):
        return f"/api/v1/submissions/{row.pk}/{rest}"
    return f"/api/v1/competitions/{row.slug}/{rest}"


def upload(client, competition, content=b"\x00\x01 no model", **fields):
    """Submit a file."""
    name = fields.pop("name", "model.keras")
    return client.post(
        url(competition, "submissions/"),
        {"file": SimpleUploadedFile(name, content), **fields},
        format="multipart",
    )


def assert_problem(response, status: int) -> dict:
    """The problem that a response is; it must be one of this status."""
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == PROBLEM
    body = response.json()
    assert body["type"] == "about:blank"
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    return body


def read(response) -> bytes:
    """The body, streamed or not."""
    if response.streaming:
        return b"".join(response.streaming_content)
    return response.content
