"""A page reads no body that is too large for it."""

import pytest

pytestmark = pytest.mark.django_db


class TestBodyLimitMiddleware:
    def test_refuses_by_the_length_that_is_announced(self, client):
        response = client.post(
            "/accounts/login/", {"login": "a"}, CONTENT_LENGTH="30000000000"
        )

        assert response.status_code == 413

    def test_lets_a_form_through(self, client):
        assert client.post("/accounts/login/", {"login": "a"}).status_code == 200
