"""Previews in line, lost messages, and what killed processes leave."""

import os
import time
from datetime import timedelta
from pathlib import Path

import dramatiq
import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from podium.accounts.personal import keepers
from podium.common.files import store_bytes
from podium.common.models import StoredFile
from podium.datasets import actors, housekeeping, personal, previews, profiling
from podium.datasets.models import Dataset, FilePreview
from podium.datasets.panels import Panel, registry
from tests.factories import make_competition, make_user
from tests.podium.datasets.given import make_dataset

pytestmark = pytest.mark.django_db


def messages() -> int:
    return dramatiq.get_broker().queues[actors.QUEUE].qsize()


class TestPreviews:
    def test_one_serves_all_versions_of_the_same_bytes(self):
        first = make_dataset(files={"a.csv": b"x\n1\n"})
        actors.prepare_next()

        make_dataset(files={"b.csv": b"x\n1\n"})

        assert FilePreview.objects.get().status == "ready"
        assert not previews.waiting().exists()
        assert first.latest.files.get().stored.previews.count() == 1

    def test_are_made_of_the_first_tables_only(self, monkeypatch):
        monkeypatch.setattr(previews, "PREVIEWED", 3)

        make_dataset(files={f"{n}.csv": f"x\n{n}\n".encode() for n in range(5)})

        assert FilePreview.objects.count() == 3

    def test_are_woken_after_the_commit(self, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            make_dataset()
            before = messages()

        assert (before, messages()) == (0, 1)

    def test_are_found_where_the_message_was_lost(self):
        make_dataset()
        assert messages() == 0

        housekeeping.catch_up()

        assert messages() == 1

    def test_go_to_one_of_two_that_ask(self):
        make_dataset()

        assert previews.claim_next() is not None
        assert previews.claim_next() is None

    def test_come_again_when_who_held_them_died(self):
        make_dataset()
        dead = previews.claim_next()

        with time_machine.travel(timezone.now() + timedelta(minutes=4)):
            alive = previews.claim_next()
            previews.finish(alive, {"kind": "table"})
        previews.fail(dead, "too late")

        assert FilePreview.objects.get().status == "ready"

    def test_are_given_up_after_three_deaths(self):
        make_dataset()

        for minutes in (0, 4, 8, 12):
            with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
                previews.claim_next()

        row = FilePreview.objects.get()
        assert row.status == "failed"
        assert "could not be prepared" in row.problem

    def test_fault_of_ours_is_tried_again_and_told_to_nobody(self, monkeypatch):
        make_dataset()
        monkeypatch.setattr(profiling, "walls", "no.such.module")

        actors.prepare_next()

        row = FilePreview.objects.get()
        assert (row.status, row.attempts, row.problem) == ("waiting", 1, "")


class TestTidy:
    def test_deletes_old_leftovers_and_no_other_file(self):
        folder = Path(settings.FILE_UPLOAD_TEMP_DIR)
        names = ("dataset-old", "dataset-new", "other-old")
        paths = [folder / name for name in names]
        for path in paths:
            path.write_bytes(b"x")
        for path in (paths[0], paths[2]):
            os.utime(path, (time.time() - 90_000,) * 2)

        housekeeping.tidy()

        assert [path.exists() for path in paths] == [False, True, True]
        for path in paths[1:]:
            path.unlink()

    def test_deletes_files_that_nothing_points_at_any_more(self):
        held = make_dataset(files={"a.csv": b"x\n1\n"}).latest.files.get().stored
        unused, again, young = (store_bytes(content) for content in (b"1", b"2", b"3"))
        old = timezone.now() - timedelta(days=2)
        StoredFile.objects.exclude(pk=young.pk).update(stored_at=old)
        store_bytes(b"2")  # somebody is about to use it

        housekeeping.tidy()

        assert set(StoredFile.objects.all()) == {held, again, young}
        assert not unused.local_path().exists()
        assert held.local_path().exists() and again.local_path().exists()

    def test_counts_public_uses(self):
        dataset = make_dataset()
        make_competition(dataset_version=dataset.latest)
        make_competition(dataset_version=dataset.latest, visibility="private")

        housekeeping.tidy()

        dataset.refresh_from_db()
        assert dataset.use_count == 1


class TestPanels:
    def test_come_from_apps_above(self, monkeypatch):
        monkeypatch.setattr(registry, "panels", {})
        panel = Panel("notebooks", "Notebooks", lambda dataset, user: [], lambda d: 7)

        registry.register(panel)
        registry.register(panel)
        housekeeping.tidy()

        assert list(registry) == [panel]


class TestPersonal:
    def test_exports_what_is_kept(self):
        owner = make_user()
        make_dataset(owner, title="Mine")

        (told,) = personal.export(owner)["datasets.json"]

        assert told["title"] == "Mine"
        assert [version["number"] for version in told["versions"]] == [1]
        assert personal.keeper in keepers()

    def test_forgets_all_but_what_a_competition_needs(self):
        owner = make_user()
        make_dataset(owner)
        used = make_dataset(owner)
        make_competition(dataset_version=used.latest)

        personal.forget(owner)

        assert Dataset.objects.get() == used
        assert Dataset.objects.get().visibility == "private"
