"""What hosts and operators read of the sandbox, as workers told it."""

import pytest
from django.template.loader import render_to_string

from competitions import workers
from scoring.sandbox import Layer
from tests.factories import make_competition, make_user
from tests.pages import browser_of, queries_of, words_of

pytestmark = pytest.mark.django_db

LAYERS = [
    Layer("landlock", True, True, "files; version 7, TCP"),
    Layer("cgroup", False, False, "not offered: no cgroup2 is mounted"),
]
NO_LANDLOCK = Layer("landlock", False, True, "this kernel does not offer it")


def card():
    context = {"isolation": workers.sandbox_status()}
    return render_to_string("hosting/_isolation.html", context)


class TestCard:
    def test_counts_what_stands_and_says_why_the_rest_does_not(self):
        for name in ("here:1", "here:2"):
            workers.enter(name, "cpu", "strict", LAYERS)

        told = card()

        assert "1 of 2 layers stand on each of the 2 workers" in told
        assert "All that are required are among them." in told
        assert "not offered: no cgroup2 is mounted" in told
        assert "unprotected" not in told

    def test_warns_of_what_is_missing(self):
        workers.enter("here:1", "cpu", "unsafe", [NO_LANDLOCK])

        told = card()

        assert "One that is required is missing." in told
        assert "Models run unprotected here." in told

    def test_says_that_nobody_works(self):
        assert "No worker is at work now" in card()


class TestHostsPages:
    @pytest.mark.parametrize("tab", ["", "data/", "leaderboard/", "rules/", "submit/"])
    def test_say_to_the_host_alone_that_nothing_is_shut_in(self, settings, tab):
        competition = make_competition()
        address = f"/competitions/{competition.slug}/{tab}"
        warning = "Models run unprotected here."
        assert warning not in words_of(browser_of(competition.host).get(address))

        settings.SANDBOX = "unsafe"

        assert warning in words_of(browser_of(competition.host).get(address))
        assert warning not in words_of(browser_of(make_user("guest")).get(address))


class TestAdmin:
    def test_lists_workers_in_a_fixed_number_of_queries(self):
        staff = make_user("operator", is_staff=True, is_superuser=True)
        workers.enter("here:1", "cpu", "strict", LAYERS)
        few = queries_of(browser_of(staff), "/admin/competitions/worker/")
        for number in range(5):
            workers.enter(f"there:{number}", "cpu", "strict", LAYERS)

        address = "/admin/competitions/worker/"
        page = words_of(browser_of(staff).get(address))

        assert "1 of 2 layers of isolation stand on every worker that lives (6)" in page
        assert "cgroup: not offered" in page
        assert queries_of(browser_of(staff), address) == few
