"""The pages that an operator can edit, and what crawlers are told."""

import pytest

from podium.site.models import StandingPage
from podium.site.standing import shipped_text
from tests.factories import make_competition, make_project, make_user
from tests.pages import browser_of, html_of, words_of

pytestmark = pytest.mark.django_db
KEYS = ("about", "terms", "privacy")


def make_admin():
    return make_user("operator", is_staff=True, is_superuser=True)


class TestStandingPages:
    @pytest.mark.parametrize("key", KEYS)
    def test_show_the_text_that_is_shipped(self, key):
        page = words_of(browser_of().get(f"/{key}/"))

        assert "The text that comes with Podium" in page
        assert shipped_text(key).split("\n")[0][:40] in page

    def test_show_what_the_operator_wrote_and_when(self):
        StandingPage.objects.create(key="about", text="Run by **the zoo**.")

        page = html_of(browser_of().get("/about/"))

        assert "<strong>the zoo</strong>" in page
        assert "Last changed" in page

    def test_clean_what_the_operator_wrote(self):
        StandingPage.objects.create(key="terms", text="<script>alert(1)</script>")

        assert "<script>alert" not in html_of(browser_of().get("/terms/"))

    def test_are_linked_from_every_page(self):
        page = html_of(browser_of().get("/competitions/"))

        for key in KEYS:
            assert f'href="/{key}/"' in page

    def test_are_edited_in_the_administration_from_the_shipped_text(self):
        operator = make_admin()
        client = browser_of(operator)
        address = "/admin/podium_site/standingpage/add/?key=privacy"

        assert address in html_of(client.get("/privacy/"))
        assert "No page loads anything from another" in html_of(client.get(address))
        client.post(address, {"key": "privacy", "text": "We keep nothing."})

        page = html_of(browser_of().get("/privacy/"))
        assert "We keep nothing." in page
        assert StandingPage.objects.get().changed_by == operator
        assert "/change/" in html_of(client.get("/privacy/"))

    def test_are_edited_by_nobody_else(self):
        for user in (None, make_user(), make_user(is_staff=True)):
            assert "Edit this page" not in html_of(browser_of(user).get("/terms/"))


class TestCrawlers:
    def test_are_kept_out_of_what_holds_nothing_for_them(self):
        text = browser_of().get("/robots.txt").content.decode()

        assert "Disallow: /settings/" in text
        assert "Disallow: /competitions/" not in text
        assert text.endswith("/sitemap.xml\n")

    def test_are_told_of_what_everybody_may_find(self):
        make_competition(slug="open")
        make_competition(slug="a-draft", published_at=None)
        make_competition(slug="invited", visibility="invited")
        shown = make_project(title="Shown", visibility="public")
        make_project(title="Unlisted", visibility="unlisted")
        other = make_user()

        text = browser_of().get("/sitemap.xml").content.decode()

        assert "/competitions/open/</loc>" in text
        assert f"{shown.get_absolute_url()}</loc>" in text
        assert f"/people/{shown.owner.username}/</loc>" in text
        assert f"/people/{other.username}/" not in text
        for hidden in ("a-draft", "invited", "unlisted"):
            assert hidden not in text

    def test_find_an_icon(self):
        answer = browser_of().get("/favicon.ico")

        assert answer.status_code == 302
        assert answer.url.endswith(".png")
