"""Searching the whole site, as each kind of visitor."""

import pytest
from django.utils import timezone

from podium.datasets.services import create_dataset
from podium.portfolio.services import update_project
from tests.factories import make_competition, make_project, make_user
from tests.pages import browser_of, html_of, queries_of, words_of

pytestmark = pytest.mark.django_db


def make_dataset(owner=None, title="Whales of the north", visibility="public"):
    return create_dataset(
        owner=owner or make_user(), title=title, visibility=visibility
    )


def found(query: str, user=None) -> str:
    return words_of(browser_of(user).get("/search/", {"q": query}))


class TestSearch:
    def test_finds_every_kind_and_counts_it(self):
        make_competition(title="Whale songs")
        make_dataset()
        make_project(title="My whales", visibility="public")
        make_user("whale-watcher")

        page = found("whale")

        for words in ("Whale songs", "Whales of the north", "My whales"):
            assert words in page
        assert "whale-watcher" in page
        assert "4 finds for “ whale ”".replace(" ", "") in page.replace(
            "\u00a0", ""
        ).replace(" ", "")

    def test_wants_all_words(self):
        make_competition(title="Whale songs", subtitle="of the Atlantic")
        make_competition(title="Whale bones")

        page = found("atlantic whale")

        assert "Whale songs" in page
        assert "Whale bones" not in page

    def test_shows_five_and_leads_to_all(self):
        for number in range(7):
            make_competition(title=f"Whales {number}")
            make_user(f"whale-{number}")

        page = html_of(browser_of().get("/search/", {"q": "whale"}))

        assert page.count('class="find-line"') == 10
        assert 'href="/competitions/?q=whale">All 7 competitions' in page
        assert 'href="/search/?q=whale&amp;kind=people">All 7 people' in page

    def test_says_that_nothing_was_found(self):
        assert "Nothing matches “ <nothing> ”" in found("<nothing>")

    def test_asks_what_to_look_for(self):
        assert "What are you looking for?" in words_of(browser_of().get("/search/"))

    @pytest.mark.parametrize(
        "query",
        ["\x00", "%", "_", "'", '"', "\\", "a" * 5000, "\u202e", "🐋", "x " * 300],
        ids=lambda query: ascii(query[:3]),
    )
    def test_bears_any_query(self, query):
        browser = browser_of()

        for kind in ("", "people"):
            assert (
                browser.get("/search/", {"q": query, "kind": kind}).status_code == 200
            )
        assert browser.get("/competitions/", {"q": query}).status_code == 200

    def test_costs_the_same_queries_with_more_of_everything(self):
        def make():
            make_competition(title="Whales")
            make_dataset()
            make_project(title="Whales", visibility="public")

        make()
        few = queries_of(browser_of(), "/search/?q=whale")
        for _ in range(6):
            make()

        assert queries_of(browser_of(), "/search/?q=whale") == few <= 10


class TestWhatIsNotFound:
    def test_by_others(self):
        owner, other = make_user("owner"), make_user("other")
        make_competition(title="Whales 1", published_at=None, host=owner)
        make_competition(title="Whales 2", visibility="private", host=owner)
        make_dataset(owner, "Whales 3", "private")
        make_dataset(owner, "Whales 4", "unlisted")
        make_project(owner=owner, title="Whales 5")
        make_project(owner=owner, title="Whales 6", visibility="unlisted")

        for user in (None, other):
            assert "Nothing matches" in found("whales", user)
        assert "Whales 1" in found("whales", owner)
        assert "Whales 3" in found("whales", owner)

    def test_hidden_things_and_people(self):
        hidden = {"hidden_at": timezone.now(), "hidden_reason": "Spam."}
        project = make_project(title="Whales", visibility="public")
        type(project).objects.filter(pk=project.pk).update(**hidden)
        dataset = make_dataset()
        type(dataset).objects.filter(pk=dataset.pk).update(**hidden)
        make_user("whale-1", **hidden)
        make_user("whale-2", is_active=False)

        assert "Nothing matches" in found("whale")

    def test_what_somebody_who_left_made(self):
        project = make_project(title="Whales", visibility="public")
        update_project(project=project, summary="of the sea")
        type(project.owner).objects.update(is_active=False)

        assert "Nothing matches" in found("whales")


class TestPeople:
    def test_are_listed_by_name_in_pages(self):
        for number in range(35):
            make_user(f"diver-{number:02}", display_name="Deep Diver")

        first = html_of(browser_of().get("/search/?kind=people&q=deep"))
        assert "35 people" in first
        assert first.count('class="find-line"') == 30
        following = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
        second = browser_of().get("/search/" + following.replace("&amp;", "&"))

        assert html_of(second).count('class="find-line"') == 5

    def test_show_no_address(self):
        make_user("diver", email="secret@example.org")

        assert "secret@example.org" not in found("diver")
        assert "diver" not in found("secret@example.org").split("Nothing matches")[0]

    def test_nobody(self):
        page = words_of(browser_of().get("/search/?kind=people&q=nobody"))

        assert "Nobody of this name" in page
