"""Every error below /api/ is a problem, and none of them is HTML."""

import pytest
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousFileOperation
from django.http.multipartparser import MultiPartParserError
from django.test import Client

from podium.common import problems
from tests.api import assert_problem, client_of
from tests.factories import make_competition, make_user

pytestmark = pytest.mark.django_db


class TestUnknownRoutes:
    @pytest.mark.parametrize(
        "method", ["get", "post", "put", "delete", "patch", "head"]
    )
    @pytest.mark.parametrize(
        "path", ["/api/v1/nothing/", "/api/v1/users/x/y", "/api/v2/competitions/"]
    )
    def test_are_problems_by_any_method(self, method, path):
        response = getattr(client_of(), method)(path)

        assert response.status_code == 404
        assert response.headers["Content-Type"] == problems.MEDIA_TYPE
        if method != "head":
            assert path in assert_problem(response, 404)["detail"]

    def test_of_the_site_stay_pages(self):
        response = Client().get("/nothing/")

        assert response.status_code == 404
        assert response.headers["Content-Type"].startswith("text/html")

    def test_that_lack_a_slash_lead_to_the_one_that_has_it(self):
        response = client_of().post("/api/v1/tokens?x=1", {})

        assert response.status_code == 308
        assert response.headers["Location"] == "/api/v1/tokens/?x=1"
        assert "Content-Type" not in response.headers


class TestProblems:
    def test_name_the_request_that_the_logs_name(self):
        response = client_of().get("/api/v1/tokens/")

        problem = assert_problem(response, 401)
        name = problem["instance"].removeprefix("urn:uuid:")
        assert name == response.headers["X-Request-ID"]

    def test_405_says_what_is_allowed(self):
        response = client_of().put("/api/v1/competitions/", {}, format="json")

        assert_problem(response, 405)
        assert response.headers["Allow"] == "GET, HEAD, OPTIONS"

    def test_415_and_what_cannot_be_parsed(self):
        client = client_of()

        xml = client.generic("POST", "/api/v1/tokens/", b"<a/>", "application/xml")
        broken = client.generic("POST", "/api/v1/tokens/", b"{", "application/json")
        number = client.generic("POST", "/api/v1/tokens/", b"5", "application/json")
        deep = client.generic(
            "POST", "/api/v1/tokens/", b"[" * 200_000, "application/json"
        )

        assert_problem(xml, 415)
        assert_problem(broken, 400)
        assert_problem(number, 400)
        assert_problem(deep, 400)

    def test_413_before_a_large_body_is_read(self):
        response = client_of().generic(
            "POST",
            "/api/v1/tokens/",
            b"{}",
            "application/json",
            CONTENT_LENGTH="5000000000",
        )

        assert "1000000 bytes" in assert_problem(response, 413)["detail"]

    def test_404_does_not_tell_a_hidden_row_from_none(self):
        hidden = make_competition(visibility="private")
        client = client_of(make_user())

        here = client.get(f"/api/v1/competitions/{hidden.slug}/").json()
        nowhere = client.get("/api/v1/competitions/no-such-one/").json()

        assert {**here, "instance": ""} == {**nowhere, "instance": ""}

    def test_answer_in_json_whatever_is_accepted(self):
        response = client_of().get("/api/v1/nothing/", headers={"Accept": "text/html"})

        assert_problem(response, 404)

    def test_400_for_a_host_that_is_not_ours(self):
        assert_problem(Client().get("/api/v1/tokens/", HTTP_HOST="elsewhere.test"), 400)

    def test_500_tells_nothing_but_the_name_of_the_request(self, monkeypatch):
        def broken(*_):
            raise RuntimeError("secret")

        monkeypatch.setattr(
            "competitions.api.competitions.visible_competitions", broken
        )
        client = Client(raise_request_exception=False)

        response = client.get("/api/v1/competitions/")

        problem = assert_problem(response, 500)
        assert b"secret" not in response.content
        assert problem["instance"].endswith(response.headers["X-Request-ID"])

    @pytest.mark.parametrize(
        ("error", "status"),
        [
            (RequestDataTooBig("x"), 413),
            (SuspiciousFileOperation("x"), 400),
            (MultiPartParserError("x"), 400),
        ],
        ids=["large", "suspicious", "form"],
    )
    def test_speak_for_djangos_own_errors(self, error, status):
        response = problems.problem_details(error, {})

        assert response.status_code == response.data["status"] == status
        assert response.data["detail"] != "x"

    def test_leave_our_own_faults_to_django(self):
        assert problems.problem_details(RuntimeError("ours"), {}) is None

    def test_name_nested_fields_by_their_path(self):
        error = problems.exceptions.ValidationError(
            {"outer": [{"inner": ["Wrong."]}], "non_field_errors": ["Odd."]}
        )

        response = problems.problem_details(error, {})

        assert response.data["errors"] == {"outer.inner": ["Wrong."], "": ["Odd."]}
        assert response.data["detail"] == "outer.inner: Wrong. Odd."


def test_links_of_pages_start_with_the_address_of_this_site():
    for _ in range(51):
        make_competition(hidden=False)

    link = client_of().get("/api/v1/competitions/").json()["next"]

    assert link.startswith(f"{settings.URL}/api/v1/competitions/?cursor=")
