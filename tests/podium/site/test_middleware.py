"""What browsers may keep of pages, what is compressed, and forms that came too late."""

import gzip

import pytest

from tests.factories import make_competition, make_team, make_user
from tests.pages import a_file, browser_of, words_of

pytestmark = pytest.mark.django_db


class TestCaching:
    def test_nothing_is_kept_of_what_was_made_for_somebody(self):
        for address in ("/", "/competitions/", "/settings/", "/projects/mine/"):
            answer = browser_of(make_user()).get(address)

            assert answer.headers["Cache-Control"] in (
                "private, no-store",
                "max-age=0, no-cache, no-store, must-revalidate, private",
            )

    def test_a_visitors_page_is_asked_for_again(self):
        assert browser_of().get("/").headers["Cache-Control"] == "no-cache"

    def test_what_is_no_page_is_left_alone(self):
        answer = browser_of(make_user()).get("/robots.txt")

        assert "Cache-Control" not in answer.headers


class TestCompression:
    def page(self, user=None, address="/"):
        return browser_of(user).get(address, headers={"accept-encoding": "gzip"})

    def test_is_for_visitors(self):
        answer = self.page()

        assert answer.headers["Content-Encoding"] == "gzip"
        assert b"nobody has seen" in gzip.decompress(answer.content)

    def test_is_not_for_pages_that_may_hold_a_secret(self):
        assert "Content-Encoding" not in self.page(make_user()).headers

    def test_is_not_for_what_is_no_page(self):
        answer = self.page(address="/api/v1/competitions/")

        assert "Content-Encoding" not in answer.headers


class TestFormsSentTooLate:
    def test_say_on_the_sign_in_page_that_nothing_was_taken(self):
        competition = make_competition()
        make_team(competition)
        client = browser_of()

        sent = client.post(
            f"/competitions/{competition.slug}/submit/", {"file": a_file()}
        )

        page = words_of(client.get(sent.url))
        assert sent.url.startswith("/accounts/login/?next=")
        assert "what you sent was not taken" in page

    def test_of_a_project_as_well(self):
        client = browser_of()

        sent = client.post("/projects/new/", {"title": "x"})

        assert "what you sent was not taken" in words_of(client.get(sent.url))

    def test_other_visits_of_the_page_say_nothing(self):
        client = browser_of()
        client.get("/settings/")

        assert "was not taken" not in words_of(client.get("/accounts/login/"))
