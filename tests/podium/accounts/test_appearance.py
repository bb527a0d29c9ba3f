"""Colours and time zone."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.utils import timezone

from podium.notices.models import Notice
from tests.factories import make_user
from tests.pages import browser_of, html_of, words_of
from tests.podium.accounts.people import make_confirmed, signed_in

pytestmark = pytest.mark.django_db

PAGE = "/settings/appearance/"
NOON = datetime(2026, 7, 4, 12, 30, tzinfo=UTC)


def choose(client, theme="", time_zone="UTC"):
    return client.post(PAGE, {"theme": theme, "time_zone": time_zone})


class TestTheme:
    def test_is_kept_and_shown(self):
        user = make_user()
        client = browser_of(user)

        choose(client, "dark")

        user.refresh_from_db()
        assert user.theme == "dark"
        assert client.cookies["theme"].value == "dark"
        assert 'data-theme="dark"' in html_of(client.get("/"))

    def test_comes_along_to_the_next_browser(self):
        user = make_confirmed(theme="dark")

        assert signed_in(user).cookies["theme"].value == "dark"

    def test_is_left_to_the_device_on_demand(self):
        client = browser_of(make_user(theme="dark"))
        client.cookies["theme"] = "dark"

        choose(client, "")

        assert client.cookies["theme"].value == ""
        assert "data-theme=" not in html_of(client.get("/"))

    def test_refuses_another(self):
        assert choose(browser_of(make_user()), "pink").status_code == 400


class TestTimeZone:
    @pytest.mark.parametrize(
        ("zone", "words"),
        [
            ("UTC", "4 Jul 2026, 12:30 UTC"),
            ("Europe/Ljubljana", "4 Jul 2026, 14:30 CEST"),
            ("America/Sao_Paulo", "4 Jul 2026, 09:30 UTC−03"),
            ("Asia/Kolkata", "4 Jul 2026, 18:00 IST"),
            ("Pacific/Auckland", "5 Jul 2026, 00:30 NZST"),
        ],
    )
    def test_is_that_of_times_on_pages(self, zone, words):
        user = make_user(time_zone=zone)
        notice = Notice.objects.create(user=user, kind="x", title="T", url="/")
        Notice.objects.filter(pk=notice.pk).update(created_at=NOON)

        page = words_of(browser_of(user).get("/notices/")).replace("\u00a0", " ")

        assert words in page

    def test_ends_with_the_request(self, client):
        browser_of(make_user(time_zone="Asia/Kolkata")).get("/")

        assert timezone.get_current_timezone_name() == "UTC"

    def test_leaves_the_api_in_utc(self):
        user = make_user(time_zone="Asia/Kolkata")
        client = browser_of(user)
        with time_machine.travel(NOON, tick=False):
            client.post("/settings/tokens/", {"name": "laptop"})

        (token,) = client.get("/api/v1/tokens/").json()["results"]

        assert token["created_at"] == "2026-07-04T12:30:00Z"

    def test_that_is_gone_from_the_world_counts_as_utc(self):
        user = make_user(time_zone="Europe/Atlantis")

        assert browser_of(user).get("/").status_code == 200

    def test_refuses_one_that_is_none(self):
        user = make_user()

        response = choose(browser_of(user), time_zone="Europe/Atlantis")

        assert "Europe/Atlantis" in words_of(response, 400)
        user.refresh_from_db()
        assert user.time_zone == "UTC"
