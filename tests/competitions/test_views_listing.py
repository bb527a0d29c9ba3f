"""The list of competitions: what is found, and what it costs."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from competitions.models import Competition
from tests.factories import make_competition, make_scored, make_team, make_user
from tests.pages import browser_of, html_of, queries_of, words_of

pytestmark = pytest.mark.django_db


def titles(response) -> list[str]:
    pattern = r'<h3[^>]*><a href="[^"]+"><bdi>([^<]+)</bdi></a></h3>'
    return re.findall(pattern, html_of(response))


def add_many(count):
    """Competitions like one that there is, without files of their own."""
    example = make_competition()
    Competition.objects.bulk_create(
        Competition(
            slug=f"filler-{number}",
            title=f"Filler {number}",
            host=example.host,
            opens_at=example.opens_at - timedelta(minutes=number),
            published_at=example.published_at,
            accepts=["model"],
            contract=example.contract,
            metrics=example.metrics,
            direction="maximize",
            split=example.split,
            tags=[f"tag-{number % 40}"],
        )
        for number in range(count)
    )


class TestListing:
    def test_shows_to_nobody_else_what_is_not_public(self):
        draft = make_competition(title="Draft", published_at=None)
        private = make_competition(title="Private", visibility="private")
        make_competition(title="Public")
        member = make_team(private).members.get()

        assert titles(browser_of().get("/competitions/")) == ["Public"]
        assert titles(browser_of(make_user()).get("/competitions/")) == ["Public"]
        seen = set(titles(browser_of(member).get("/competitions/")))
        assert seen == {"Private", "Public"}
        seen = set(titles(browser_of(draft.host).get("/competitions/")))
        assert seen == {"Draft", "Public"}

    @pytest.mark.parametrize("query", ["penguin", "PENGUIN", "antarctic", "tabul"])
    def test_finds_by_title_subject_and_tag(self, query):
        make_competition(
            title="Which penguin?", subtitle="Antarctic birds", tags=["tabular"]
        )
        make_competition(title="Digits", tags=["images"])

        found = titles(browser_of().get("/competitions/", {"q": query}))

        assert found == ["Which penguin?"]

    @pytest.mark.parametrize("tag", ["images", "größe", 'with "quotes"'])
    def test_finds_by_a_whole_tag_only(self, tag):
        make_competition(title="Tagged", tags=["other", tag])
        make_competition(title="Not tagged", tags=[tag + "s", "x" + tag])

        assert titles(browser_of().get("/competitions/", {"tag": tag})) == ["Tagged"]

    def test_filters_by_state(self):
        now = timezone.now()
        make_competition(title="Open")
        make_competition(title="Upcoming", opens_at=now + timedelta(days=2))
        make_competition(
            title="Closed",
            opens_at=now - timedelta(days=9),
            closes_at=now - timedelta(days=1),
        )
        make_competition(title="Final", finalised_at=now)

        for states, expected in (
            (["open"], {"Open"}),
            (["upcoming"], {"Upcoming"}),
            (["closed"], {"Closed", "Final"}),
            (["open", "upcoming"], {"Open", "Upcoming"}),
        ):
            response = browser_of().get("/competitions/", {"state": states})
            assert set(titles(response)) == expected

    def test_pages_show_each_one_once(self):
        add_many(30)
        client, address, seen = browser_of(), "/competitions/", []

        while address:
            page = client.get(address)
            seen += titles(page)
            following = re.search(r'href="(\?[^"]*)" rel="next"', html_of(page))
            address = following and f"/competitions/{following[1]}"

        assert len(seen) == 31
        assert len(set(seen)) == 31

    def test_a_damaged_cursor_leads_nowhere(self):
        assert browser_of().get("/competitions/?cursor=nonsense").status_code == 404

    def test_marks_tell_no_more_than_the_rounded_score(self):
        competition = make_competition(feedback_digits=2)
        make_scored(make_team(competition), public=0.123456)

        page = html_of(browser_of().get("/competitions/"))

        assert "best so far <b>0.12</b>" in page
        assert "0.1234" not in page

    def test_says_so_when_nothing_is_found(self):
        page = words_of(browser_of().get("/competitions/", {"q": "<nothing>"}))

        assert "Nothing matches “<nothing>”" in page

    def test_costs_the_same_queries_at_ten_and_a_thousand(self):
        client = browser_of(make_user())
        add_many(10)
        few = queries_of(client, "/competitions/")
        Competition.objects.filter(slug__startswith="filler").delete()

        add_many(1000)

        assert queries_of(client, "/competitions/") == few <= 12
