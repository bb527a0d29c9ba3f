"""Competitions that are not for everybody: who finds them, how, and who decides."""

import pytest
from allauth.account.models import EmailAddress

from competitions import entry
from competitions.errors import Refused
from competitions.models import AuditEntry, Competition
from podium.notices.models import Notice
from tests.api import client_of, url
from tests.factories import make_competition, make_team, make_user
from tests.pages import browser_of, html_of, words_of

pytestmark = pytest.mark.django_db


def make_invited(**values):
    """A competition by invitation, with a link that lets people in."""
    values.setdefault("visibility", "invited")
    return make_competition(entry_link="the-link", title="Owls", **values)


def confirm(user, address, verified=True):
    EmailAddress.objects.create(user=user, email=address, verified=verified)
    return user


def sees(user, competition) -> bool:
    """By every way in: the page, the API, and the list."""
    browser = browser_of(user)
    page = browser.get(f"/competitions/{competition.slug}/").status_code
    answer = client_of(user).get(url(competition)).status_code
    listed = competition.title in html_of(browser.get("/competitions/"))
    assert (page, answer, listed) in [(200, 200, True), (404, 404, False)]
    return listed


def door(competition, user, link="the-link", **fields):
    address = f"/competitions/{competition.slug}/enter/{link}/"
    browser = browser_of(user)
    return browser.post(address, fields) if fields else browser.get(address)


def host_post(competition, rest, **fields):
    return browser_of(competition.host).post(
        f"/competitions/{competition.slug}/{rest}", fields
    )


class TestList:
    @pytest.mark.parametrize("visibility", ["invited", "private"])
    @pytest.mark.parametrize(
        ("pattern", "address", "verified", "expected"),
        [
            ("ada@b.example.org", "Ada@b.example.org", True, True),
            ("@b.example.org", "ada@B.example.org", True, True),
            ("@b.example.org", "ada@b.example.org", False, False),
            ("@example.org", "ada@b.example.org", True, False),
            ("@b.example.org", "b.example.org@evil.example", True, False),
            ("da@b.example.org", "ada@b.example.org", True, False),
        ],
        ids=["address", "domain", "unconfirmed", "parent", "in_name", "ending"],
    )
    def test_lets_confirmed_addresses_in(
        self, visibility, pattern, address, verified, expected
    ):
        competition = make_invited(visibility=visibility)
        entry.set_addresses(competition=competition, by=competition.host, text=pattern)

        user = confirm(make_user(), address, verified)

        assert sees(user, competition) is expected

    def test_taken_off_it_one_finds_nothing_but_what_one_joined(self):
        competition = make_invited()
        host, text = competition.host, "@here.example"
        entry.set_addresses(competition=competition, by=host, text=text)
        inside = confirm(make_user(), "a@here.example")
        outside = confirm(make_user(), "b@here.example")
        make_team(competition, inside)

        entry.set_addresses(competition=competition, by=host, text="")

        assert sees(inside, competition)
        assert not sees(outside, competition)

    def test_opens_no_draft(self):
        competition = make_invited(published_at=None)
        entry.set_addresses(
            competition=competition, by=competition.host, text="@here.example"
        )

        assert not sees(confirm(make_user(), "a@here.example"), competition)

    def test_tells_all_faults_at_once_and_keeps_what_was_typed(self):
        competition = make_invited()

        text = "ada@example.org\nno address\n@\n<b>@example.org"
        html = html_of(host_post(competition, "access/list/", text=text), 400)

        assert "Line 2, “no address”" in html
        assert "Line 3" in html
        assert "Line 4" in html
        assert "ada@example.org\nno address" in html
        assert not competition.allowed_addresses.exists()


class TestDoor:
    def test_lets_in_whoever_has_the_link(self):
        competition, user = make_invited(), make_user()
        assert "Owls" in words_of(door(competition, user))
        assert not sees(user, competition)

        response = door(competition, user, message=" ")

        assert response.url == f"/competitions/{competition.slug}/rules/"
        assert sees(user, competition)

    @pytest.mark.parametrize(
        "values",
        [
            {"visibility": "private"},
            {"published_at": None},
            {"entry_link": ""},
            {"entry_link": "another"},
        ],
        ids=["private", "draft", "none", "renewed"],
    )
    def test_leads_nowhere_otherwise(self, values):
        competition, user = make_invited(), make_user()
        Competition.objects.update(**values)

        assert door(competition, user).status_code == 404
        assert door(competition, user, message="x").status_code == 404

    def test_asks_the_host_where_that_is_wanted(self):
        competition, user = make_invited(entry_approval=True), make_user("ada")

        door(competition, user, message="I count owls.")
        door(competition, user, message="Again!")

        assert "You have asked to enter" in words_of(door(competition, user))
        assert not sees(user, competition)
        notice = Notice.objects.get(user=competition.host)
        assert notice.title == "ada asks to enter “Owls”"
        assert "I count owls." in notice.text
        page = words_of(browser_of(competition.host).get(notice.url))
        assert "They ask to enter" in page
        assert "I count owls." in page

    def test_tells_the_answer_and_lets_in_or_not(self):
        competition = make_invited(entry_approval=True)
        ada, bob = make_user("ada"), make_user("bob")
        for user in (ada, bob):
            door(competition, user, message="Please.")
        asked = {one.user: one.pk for one in competition.admissions.all()}

        host_post(competition, f"access/{asked[ada]}/", deed="accept")
        host_post(competition, f"access/{asked[bob]}/", deed="decline")

        assert sees(ada, competition)
        assert not sees(bob, competition)
        titles = Notice.objects.order_by("pk").values_list("title", flat=True)
        assert list(titles)[-2:] == [
            "You can enter “Owls”",
            "You are not let into “Owls”",
        ]
        assert "The host declined" in words_of(door(competition, bob))
        actions = AuditEntry.objects.values_list("action", flat=True)
        assert {"approve_entry", "decline_entry"} <= set(actions)

    def test_takes_nobody_out_who_takes_part(self):
        competition, user = make_invited(), make_user()
        door(competition, user, message="")
        admission = entry.enter(competition=competition, user=user)
        make_team(competition, user)

        with pytest.raises(Refused, match="takes part already"):
            entry.decide(admission=admission, by=competition.host, approved=False)


class TestAccessPage:
    def test_is_there_for_host_and_staff_alone(self):
        competition = make_competition()
        page = f"/competitions/{competition.slug}/access/"

        assert browser_of(competition.host).get(page).status_code == 200
        assert browser_of(make_user(is_staff=True)).get(page).status_code == 200
        assert browser_of(make_user()).get(page).status_code == 404

    def test_changes_who_finds_it_and_writes_that_down(self):
        competition, stranger = make_competition(title="Owls"), make_user()
        assert sees(stranger, competition)

        host_post(competition, "access/who/", visibility="private")

        assert not sees(stranger, competition)
        assert AuditEntry.objects.get().detail["visibility"] == "private"

    def test_refuses_a_visibility_that_is_none(self):
        competition = make_competition()

        response = host_post(competition, "access/who/", visibility="secret")

        assert response.status_code == 400
        competition.refresh_from_db()
        assert competition.visibility == "public"

    def test_makes_and_voids_links(self):
        competition = make_invited()

        host_post(competition, "access/link/", wanted="true")
        competition.refresh_from_db()
        new = competition.entry_link
        host_post(competition, "access/link/")
        competition.refresh_from_db()

        assert len(new) == 43
        assert competition.entry_link == ""
