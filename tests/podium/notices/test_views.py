"""The bell, the list behind it, the choices, and the way out of mails."""

import pytest
from django.test import Client

from podium.notices import services, unsubscribe
from podium.notices.models import Kind, Notice, NoticeChoice
from tests.factories import make_user
from tests.pages import browser_of, html_of, queries_of, words_of
from tests.podium.accounts.people import make_confirmed

pytestmark = pytest.mark.django_db

LIST = "/notices/"
CHOICES = "/settings/notices/"


def make_notice(user, number=1, **values):
    return Notice.objects.create(
        user=user,
        kind=Kind.SUBMISSION_SCORED,
        subject=f"submission:{number}",
        title=values.pop("title", f"Submission {number} scored"),
        text="A text.",
        url="/competitions/",
        **values,
    )


class TestBell:
    def test_tells_how_many_are_unread(self):
        user = make_user()
        for number in range(3):
            make_notice(user, number)
        make_notice(user, 9, on_site=False)
        make_notice(make_user())

        assert 'aria-label="Notices, 3 unread"' in html_of(browser_of(user).get("/"))

    def test_counts_no_further_than_99(self):
        user = make_user()
        Notice.objects.bulk_create(
            Notice(user=user, kind="x", subject=str(n), title="T", url="/")
            for n in range(150)
        )

        html = html_of(browser_of(user).get("/"))

        assert "Notices, more than 99 unread" in html
        assert "99+" in html

    def test_is_quiet_without_any_and_not_there_for_strangers(self, client):
        assert 'aria-label="Notices"' in html_of(browser_of(make_user()).get("/"))
        assert "/notices/" not in html_of(client.get("/"))

    def test_costs_one_query(self):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        client = browser_of(make_user())
        with CaptureQueriesContext(connection) as captured:
            client.get("/competitions/")

        asked = [q for q in captured if "notices_notice" in q["sql"]]
        assert len(asked) == 1


class TestList:
    def test_shows_ones_own_newest_first(self):
        user = make_user()
        make_notice(user, 1, title="The first <b>one</b>")
        make_notice(user, 2, title="The second one")
        make_notice(make_user(), title="Of somebody else")

        html = html_of(browser_of(user).get(LIST))

        assert html.index("The second one") < html.index("The first &lt;b&gt;")
        assert "Of somebody else" not in html

    def test_says_so_where_there_is_none(self):
        assert "Nothing yet" in words_of(browser_of(make_user()).get(LIST))

    def test_pages_with_as_many_queries_as_ever(self):
        few, many = make_user(), make_user()
        make_notice(few)
        for number in range(60):
            make_notice(many, number)
        client = browser_of(many)

        html = html_of(client.get(LIST))

        assert html.count("A text.") == 25
        assert 'rel="next"' in html
        assert queries_of(client, LIST) == queries_of(browser_of(few), LIST)

    def test_next_page_goes_on_where_the_first_ended(self):
        user = make_user()
        for number in range(30):
            make_notice(user, number)
        page = browser_of(user).get(LIST).context["page"]

        second = browser_of(user).get(f"{LIST}?cursor={page.next.encode()}")

        assert len(second.context["page"].rows) == 5

    def test_refuses_a_cursor_that_it_never_gave_out(self):
        response = browser_of(make_user()).get(f"{LIST}?cursor=nonsense")

        assert response.status_code == 404


class TestReading:
    def test_following_one_takes_it_as_read(self):
        user = make_user()
        notice = make_notice(user)

        response = browser_of(user).get(f"/notices/{notice.pk}/")

        assert response.headers["Location"] == "/competitions/"
        notice.refresh_from_db()
        assert notice.read_at

    def test_marks_one(self):
        user = make_user()
        notice, other = make_notice(user, 1), make_notice(user, 2)

        browser_of(user).post(f"/notices/{notice.pk}/read/")

        assert list(Notice.objects.unread()) == [other]

    def test_marks_all_of_ones_own(self):
        user = make_user()
        make_notice(user, 1)
        make_notice(user, 2)
        theirs = make_notice(make_user())

        browser_of(user).post("/notices/read/")

        assert list(Notice.objects.unread()) == [theirs]

    @pytest.mark.parametrize("deed", ["", "read/"])
    def test_those_of_others_are_not_there(self, deed):
        notice = make_notice(make_user())
        client = browser_of(make_user())

        call = client.post if deed else client.get

        assert call(f"/notices/{notice.pk}/{deed}").status_code == 404
        notice.refresh_from_db()
        assert notice.read_at is None

    def test_keeps_the_time_at_which_one_was_first_read(self):
        user = make_user()
        notice = make_notice(user)
        client = browser_of(user)
        client.get(f"/notices/{notice.pk}/")
        first = Notice.objects.get().read_at

        client.get(f"/notices/{notice.pk}/")

        assert Notice.objects.get().read_at == first


class TestChoices:
    def test_are_all_on_at_first(self):
        html = html_of(browser_of(make_user()).get(CHOICES))

        assert html.count(" checked") == 2 * len(Kind)

    def test_keeps_what_was_ticked(self):
        user = make_user()
        client = browser_of(user)

        response = client.post(CHOICES, {"submission_scored-on_site": "on"})

        assert response.status_code == 303
        chosen = {
            choice.kind: (choice.on_site, choice.by_mail)
            for choice in services.choices_of(user)
        }
        assert chosen.pop("submission_scored") == (True, False)
        assert set(chosen.values()) == {(False, False)}
        assert html_of(client.get(CHOICES)).count(" checked") == 1

    def test_says_that_no_mail_leaves_to_an_address_nobody_confirmed(self):
        unconfirmed = words_of(browser_of(make_user()).get(CHOICES))
        confirmed = words_of(browser_of(make_confirmed()).get(CHOICES))

        assert "No mail leaves yet" in unconfirmed
        assert "No mail leaves yet" not in confirmed


class TestStopMail:
    def wanted(self, user, kind=Kind.SUBMISSION_SCORED):
        return not NoticeChoice.objects.filter(
            user=user, kind=kind, by_mail=False
        ).exists()

    def test_opening_the_address_does_nothing_yet(self, client):
        user = make_user()

        page = client.get(unsubscribe.path_for(user.pk, Kind.SUBMISSION_SCORED))

        assert "Stop these mails?" in words_of(page)
        assert self.wanted(user)

    def test_one_click_of_a_mail_program_stops_one_kind(self):
        user = make_user()
        program = Client(enforce_csrf_checks=True)

        response = program.post(
            unsubscribe.path_for(user.pk, Kind.SUBMISSION_SCORED),
            {"List-Unsubscribe": "One-Click"},
        )

        assert response.status_code == 200
        assert not self.wanted(user)
        assert self.wanted(user, Kind.SUBMISSION_FAILED)
        assert services.choices_of(user)[0].on_site

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda path: path.replace("/stop/", "/stop/x"),
            lambda path: path[:-6] + "AAAAA/",
            lambda path: "/notices/stop/nothing/",
            lambda path: "/notices/stop/%F0%9F%92%A9/",
        ],
        ids=["changed", "other signature", "no signature", "emoji"],
    )
    def test_refuses_an_address_that_was_never_sent(self, client, spoil):
        user = make_user()
        path = unsubscribe.path_for(user.pk, Kind.SUBMISSION_SCORED)

        assert client.post(spoil(path)).status_code == 404
        assert self.wanted(user)

    def test_opens_nothing_else(self, client):
        user = make_user()

        client.post(unsubscribe.path_for(user.pk, Kind.SUBMISSION_SCORED))

        assert client.get("/settings/notices/").status_code == 302
