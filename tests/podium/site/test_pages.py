"""Home, errors, the theme and health, and what every page carries."""

from unittest.mock import patch

import pytest
from django.db import DatabaseError
from django.test import Client

from podium.common.storages import FolderStorage
from podium.site import health
from tests.factories import make_competition, make_scored, make_team, make_user
from tests.pages import browser_of, html_of, queries_of, words_of

pytestmark = pytest.mark.django_db


class TestHome:
    def test_greets_an_empty_installation(self):
        page = words_of(browser_of().get("/"))

        assert "Your model, run on data nobody has seen." in page
        assert "Nothing is open now" in page

    def test_shows_what_is_open_and_a_board(self):
        competition = make_competition(title="Digits")
        make_scored(make_team(competition, name="Convolvers"), public=0.9)
        make_competition(title="Draft", published_at=None)

        page = words_of(browser_of().get("/"))

        assert "Digits , public leaderboard" in page
        assert "Convolvers" in page
        assert "Draft" not in page

    def test_shows_the_newest_results_of_public_boards(self):
        for title, visibility in (("Digits", "public"), ("Secret", "private")):
            competition = make_competition(title=title, visibility=visibility)
            make_scored(make_team(competition, is_baseline=True), public=0.5)
            make_scored(make_team(competition, name=f"{title} team"), public=0.75)

        page = words_of(browser_of().get("/"))

        latest = page.partition("Latest verified results")[2]
        assert "Digits team Digits 0.75000" in latest
        assert "+0.25000" in latest
        assert "Secret" not in page

    def test_costs_the_same_queries_with_more_of_everything(self):
        competition = make_competition()
        make_scored(make_team(competition))
        make_scored(make_team(competition, is_baseline=True))
        few = queries_of(browser_of(), "/")
        for _ in range(8):
            competition = make_competition()
            make_scored(make_team(competition))
            make_scored(make_team(competition, is_baseline=True))

        assert queries_of(browser_of(), "/") == few <= 11


class TestEveryPage:
    def test_forbids_what_it_does_not_need(self):
        response = browser_of().get("/competitions/")

        policy = response.headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "style-src 'self'" in policy
        assert "unsafe" not in policy
        assert response.headers["X-Frame-Options"] == "DENY"

    def test_holds_no_inline_script_or_style(self):
        competition = make_competition(overview="x")
        make_scored(make_team(competition))

        for address in ("/", "/competitions/", f"/competitions/{competition.slug}/"):
            page = html_of(browser_of().get(address))
            assert "<style" not in page
            assert " style=" not in page
            assert " onclick=" not in page
            assert "<script>" not in page

    def test_takes_the_theme_of_the_cookie(self):
        client = browser_of()

        assert "data-theme" not in html_of(client.get("/")).split("<head>")[0]
        client.cookies["theme"] = "dark"
        assert '<html lang="en" data-theme="dark">' in html_of(client.get("/"))
        client.cookies["theme"] = '"><script>'
        assert "data-theme" not in html_of(client.get("/")).split("<head>")[0]


class TestSharing:
    """What programs read that show a link with a title and a picture."""

    def test_of_pages_that_everybody_sees(self):
        make_competition(slug="whales", title="Whale <songs>", subtitle="Who sings?")

        for address, title in (
            ("/", "Podium: your model, run on data nobody has seen"),
            ("/competitions/whales/", "Whale &lt;songs&gt;"),
            ("/competitions/whales/leaderboard/", "Whale &lt;songs&gt;"),
        ):
            page = html_of(browser_of().get(address))
            assert f'<meta property="og:title" content="{title}">' in page
            assert f'{address}">' in page.split('rel="canonical"')[1][:80]
            assert "podium/share.png" in page
            assert "noindex" not in page

    def test_of_others_is_not_told(self):
        host = make_user()
        make_competition(slug="whales", host=host, visibility="private")

        page = html_of(browser_of(host).get("/competitions/whales/"))

        assert "og:title" not in page
        assert '<meta name="robots" content="noindex">' in page


class TestTheme:
    def test_switches_and_leads_back(self):
        client = browser_of()

        first = client.post("/theme/", {"next": "/competitions/"})
        assert (first.status_code, first.url) == (303, "/competitions/")
        assert client.cookies["theme"].value == "dark"
        client.post("/theme/")
        assert client.cookies["theme"].value == "light"

    def test_never_leads_to_another_site(self):
        assert browser_of().post("/theme/", {"next": "//evil.example/"}).url == "/"


class TestErrors:
    def test_what_is_not_there(self):
        page = words_of(browser_of().get("/competitions/<b>no</b>/"), 404)

        assert "No such page here" in page

    def test_a_form_that_is_too_large(self):
        body = {"name": "x" * 5_100_000}

        response = browser_of(make_user()).post(
            "/settings/tokens/", body, content_type="application/x-www-form-urlencoded"
        )

        assert "That was too large" in words_of(response, 413)

    def test_a_form_without_its_secret(self):
        client = Client(enforce_csrf_checks=True)

        assert "This form is too old" in words_of(client.post("/theme/"), 403)

    def test_ours_stands_without_database_or_styles(self):
        client = Client(raise_request_exception=False)

        with patch("podium.site.views.cards_of", side_effect=DatabaseError("secret")):
            response = client.get("/")

        page = words_of(response, 500)
        assert "This one is on us" in page
        assert response.headers["X-Request-ID"] in page
        assert "secret" not in page


class TestHealth:
    def test_the_process_lives(self):
        assert browser_of().get("/healthz").json() == {"status": "ok"}

    def test_everything_is_there(self):
        answer = browser_of().get("/readyz")

        assert answer.status_code == 200
        assert answer.json() == {
            "status": "ok",
            "database": "ok",
            "storage": "ok",
            "broker": "ok",
        }

    def test_without_a_broker_pages_still_work(self):
        with patch.object(health, "_ping", side_effect=ConnectionError):
            answer = browser_of().get("/readyz")

        assert answer.status_code == 200
        assert answer.json()["status"] == "degraded"
        assert answer.json()["broker"] == "away"

    def test_without_a_database_they_do_not(self):
        with patch.object(health, "connection") as connection:
            connection.cursor.side_effect = DatabaseError
            answer = browser_of().get("/readyz")

        assert answer.status_code == 503
        assert answer.json()["database"] == "away"

    def test_without_storage_they_do_not(self, tmp_path):
        file_not_folder = tmp_path / "file"
        file_not_folder.touch()

        with patch.object(health, "storages") as storages:
            storages.__getitem__.return_value = FolderStorage(file_not_folder)
            answer = browser_of().get("/readyz")

        assert answer.status_code == 503
        assert answer.json()["storage"] == "away"
