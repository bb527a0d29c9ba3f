"""Submissions for a device that nobody has: told, not woken for, ended in time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from competitions import actors, unserved, workers
from competitions.models import Worker
from competitions.sweep import sweep
from tests.factories import make_competition, make_submission, make_team, make_user
from tests.pages import browser_of, words_of

pytestmark = pytest.mark.django_db

LONG_AGO = timedelta(hours=13)


@pytest.fixture
def waiting():
    """A submission of a competition whose models run on a GPU, of 13 hours ago."""
    team = make_team(make_competition(device="gpu"))
    made_at = timezone.now() - LONG_AGO
    return make_submission(team, device="gpu", created_at=made_at, charged=True)


def enter(name, device, ago=timedelta(0)):
    workers.enter(name, device, "strict", [])
    Worker.objects.filter(name=name).update(seen_at=timezone.now() - ago)


class TestFailUnserved:
    def test_ends_what_nobody_came_for(self, waiting):
        enter("here:1", "cpu")

        sweep()

        waiting.refresh_from_db()
        assert (waiting.status, waiting.reason) == ("failed", "platform_fault")
        assert "No worker here had a GPU for 12 hours" in waiting.message
        assert waiting.charged is False

    @pytest.mark.parametrize(
        ("device", "ago"),
        [("gpu:0", timedelta(0)), ("gpu:0", timedelta(hours=11))],
        ids=["one is there", "one was there"],
    )
    def test_waits_for_one_that_was_seen(self, waiting, device, ago):
        enter("here:1", "cpu")
        enter("there:1", device, ago)

        assert unserved.fail_unserved() == 0

    def test_waits_where_nobody_works_at_all(self, waiting):
        assert unserved.fail_unserved() == 0

    def test_leaves_what_came_lately_or_runs_anywhere(self):
        enter("here:1", "cpu")
        team = make_team(make_competition())
        make_submission(team, device="gpu")
        make_submission(team, device="any", created_at=timezone.now() - LONG_AGO)

        assert unserved.fail_unserved() == 0


class TestSentence:
    def test_stands_on_the_page_where_one_submits(self):
        competition = make_competition(device="gpu")
        address = f"/competitions/{competition.slug}/submit/"
        told = "No worker here has a GPU at present"
        enter("here:1", "cpu")

        assert told in words_of(browser_of(make_user()).get(address))

        enter("there:1", "gpu:0")

        assert told not in words_of(browser_of(make_user()).get(address))

    def test_says_nothing_of_what_passes(self):
        assert unserved.sentence("gpu") == ""  # nobody works yet
        enter("here:1", "cpu")

        assert unserved.sentence("any") == unserved.sentence("cpu") == ""


class TestWake:
    @pytest.mark.parametrize(
        ("here", "device", "woken"),
        [
            ((), "any", {"cpu"}),
            ((), "gpu", {"gpu"}),
            (("cpu",), "any", {"cpu"}),
            (("cpu",), "gpu", set()),
            (("gpu:0",), "any", {"gpu"}),
            (("cpu", "gpu:0"), "any", {"cpu", "gpu"}),
            (("cpu", "gpu:0"), "cpu", {"cpu"}),
        ],
    )
    def test_fills_only_queues_that_somebody_reads(
        self, monkeypatch, here, device, woken
    ):
        sent = set()
        monkeypatch.setattr(actors.work_cpu, "send", lambda: sent.add("cpu"))
        monkeypatch.setattr(actors.work_gpu, "send", lambda: sent.add("gpu"))
        for number, each in enumerate(here):
            enter(f"here:{number}", each)

        actors.wake(device)

        assert sent == woken
