"""The list of workers: who lives, and how models are shut in there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from competitions import workers
from competitions.models import Worker
from scoring.sandbox import Layer

pytestmark = pytest.mark.django_db

LANDLOCK = Layer("landlock", True, True, "files; version 7, TCP")
CGROUP = Layer("cgroup", True, False, "version 2")
NO_CGROUP = Layer("cgroup", False, False, "not offered: nothing is mounted")


def age(name, **since):
    Worker.objects.filter(name=name).update(seen_at=timezone.now() - timedelta(**since))


class TestAlive:
    def test_are_those_seen_a_moment_ago(self):
        for name in ("here:1", "here:2"):
            workers.enter(name, "cpu", "strict", [LANDLOCK])
        age("here:2", seconds=31)

        assert [worker.name for worker in workers.alive()] == ["here:1"]

        workers.beat("here:2")

        assert workers.alive().count() == 2

    def test_counts_one_that_said_goodbye_as_gone(self):
        workers.enter("here:1", "cpu", "strict", [])

        workers.leave("here:1")

        assert not workers.alive().exists()
        assert workers.beat("here:2") == 0

    def test_does_not_grow_with_every_start(self):
        workers.enter("here:1", "cpu", "strict", [])
        age("here:1", hours=25)

        workers.enter("here:2", "cpu", "strict", [])

        assert Worker.objects.count() == 1

    def test_tells_what_it_scores_with(self):
        workers.enter("here:1", "cpu", "strict", [])

        assert {"python", "tensorflow", "keras"} <= set(Worker.objects.get().versions)

    def test_has_kinds_of_devices(self):
        workers.enter("here:1", "cpu", "strict", [])
        workers.enter("here:2", "gpu:1", "strict", [])

        assert workers.kinds() == {"cpu", "gpu"}


class TestSandboxStatus:
    def test_counts_a_layer_only_where_every_worker_has_it(
        self, django_assert_num_queries
    ):
        workers.enter("here:1", "cpu", "strict", [LANDLOCK, CGROUP])
        workers.enter("there:1", "cpu", "strict", [LANDLOCK, NO_CGROUP])

        with django_assert_num_queries(1):
            status = workers.sandbox_status()

        assert status.active == [LANDLOCK]
        assert status.lacking == [NO_CGROUP]
        assert (status.mode, status.workers) == ("strict", 2)
        assert not status.lacks_required and not status.is_unsafe

    def test_says_so_where_one_worker_shuts_nothing_in(self):
        lacking = Layer("landlock", False, True, "not in this kernel")
        workers.enter("here:1", "cpu", "strict", [LANDLOCK])
        workers.enter("here:2", "cpu", "unsafe", [lacking])

        status = workers.sandbox_status()

        assert status.is_unsafe and status.lacks_required
        assert status.mode == "strict and unsafe"

    def test_knows_nothing_without_workers(self):
        status = workers.sandbox_status()

        assert (status.workers, status.layers, status.seen_at) == (0, (), None)
