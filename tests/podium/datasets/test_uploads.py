"""Uploads of many files: what arrives, what is refused, what is left behind."""

from pathlib import Path

import pytest
from django.conf import settings

from podium.common.models import StoredFile
from podium.datasets import limits, uploads
from podium.datasets.models import Dataset
from tests.api import assert_problem, client_of
from tests.factories import make_user
from tests.pages import browser_of, words_of
from tests.podium.datasets.given import (
    BOUNDARY,
    api_of,
    body_of,
    make_dataset,
    page_of,
    send,
    send_body,
)

pytestmark = pytest.mark.django_db
NEW = "/api/v1/datasets/"


def left_behind() -> list[str]:
    return [path.name for path in Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir()]


class TestReceive:
    def test_keeps_folders_and_content(self):
        files = [("a.csv", b"a"), ("deep/er/b.csv", b"bb"), ("deep/empty.txt", b"")]

        answer = send(client_of(make_user()), NEW, files, title="Folders")

        assert answer.status_code == 201, answer.content
        version = Dataset.objects.get().latest
        assert {f.path: f.stored.open().read() for f in version.files.all()} == dict(
            files
        )
        assert not left_behind()

    def test_keeps_the_same_content_once(self):
        files = [("a.csv", b"same"), ("b.csv", b"same")]

        send(client_of(make_user()), NEW, files, title="Twins")

        assert StoredFile.objects.count() == 1
        assert not left_behind()

    def test_takes_five_thousand_files(self):
        files = [(f"part-{n % 50}/{n}.txt", str(n).encode()) for n in range(5_000)]
        descriptors = len(list(Path("/proc/self/fd").iterdir()))

        answer = send(client_of(make_user()), NEW, files, title="Many")

        assert answer.status_code == 201, answer.content
        assert answer.json()["files"] == 5_000
        assert len(list(Path("/proc/self/fd").iterdir())) <= descriptors + 2
        assert not left_behind()

    def test_refuses_more_files_than_a_version_has(self, monkeypatch):
        monkeypatch.setattr(uploads, "MAX_FILES", 3)

        answer = send(
            client_of(make_user()), NEW, [(f"{n}", b"") for n in range(4)], title="x"
        )

        assert "more than 3 files" in assert_problem(answer, 413)["detail"]
        assert not left_behind()

    def test_refuses_a_large_body_before_it_reads_a_byte(self):
        size = limits.MAX_BYTES + 20_000_000

        answer = send_body(client_of(make_user()), NEW, b"", size)

        assert "20 GB" in assert_problem(answer, 413)["detail"].replace("\xa0", " ")

    def test_says_that_the_disk_is_full(self, monkeypatch):
        monkeypatch.setattr(uploads, "SPARE", 2**62)

        answer = send(client_of(make_user()), NEW, [("a", b"a")], title="x")

        assert "no room" in assert_problem(answer, 507)["detail"]

    @pytest.mark.parametrize("cut", [1, 30, 200, 5_000, 60_000])
    def test_keeps_nothing_of_an_upload_that_breaks_off(self, cut):
        files = [("a.csv", b"a" * 50_000), ("b.csv", b"b" * 50_000)]
        body = body_of(files, title="Cut")

        answer = send_body(client_of(make_user()), NEW, body[:-cut], len(body))

        assert "broke off" in assert_problem(answer, 400)["detail"]
        assert not Dataset.objects.exists()
        assert not StoredFile.objects.exists()
        assert not left_behind()

    def test_refuses_a_body_without_its_end(self):
        body = body_of([("a.csv", b"a" * 100)], title="Endless")
        body = body.removesuffix(f"\r\n--{BOUNDARY}--\r\n".encode())

        answer = send_body(client_of(make_user()), NEW, body)

        assert_problem(answer, 400)
        assert not Dataset.objects.exists()
        assert not left_behind()

    @pytest.mark.parametrize(
        "name", ["../a.csv", "/etc/passwd", "a\\\\b.csv", "a\x07b.csv", "download"]
    )
    def test_refuses_a_name_and_keeps_nothing(self, name):
        sent = [("fine.csv", b"fine"), (name, b"a")]

        answer = send(client_of(make_user()), NEW, sent, title="Names")

        assert "cannot be taken" in assert_problem(answer, 400)["detail"]
        assert not StoredFile.objects.exists()
        assert not left_behind()

    def test_refuses_one_name_with_two_contents(self):
        answer = send(
            client_of(make_user()), NEW, [("a", b"1"), ("a", b"2")], title="Two"
        )

        assert "came twice" in assert_problem(answer, 400)["detail"]
        assert not StoredFile.objects.exists()

    def test_gives_back_files_whose_words_are_refused(self):
        answer = send(client_of(make_user()), NEW, [("a", b"1")], title="a" * 300)

        assert_problem(answer, 400)
        assert not StoredFile.objects.exists()


class TestPageThatTakesFiles:
    def test_asks_for_the_pages_word_against_forgery(self):
        client = browser_of(make_user())
        client.handler.enforce_csrf_checks = True

        answer = send(client, "/datasets/new/", [("a", b"1")], title="Forged")

        assert answer.status_code == 403
        assert not Dataset.objects.exists()
        assert not left_behind()

    def test_takes_a_form_with_that_word(self):
        client = browser_of(make_user())
        client.handler.enforce_csrf_checks = True
        client.get("/datasets/new/")
        word = client.cookies[settings.CSRF_COOKIE_NAME].value

        answer = send(
            client,
            "/datasets/new/",
            [("a", b"1")],
            title="True",
            visibility="private",
            csrfmiddlewaretoken=word,
        )

        assert answer.status_code == 303
        assert Dataset.objects.get().title == "True"

    def test_does_not_read_the_body_of_whom_it_does_not_concern(self):
        dataset = make_dataset()

        answer = send_body(
            browser_of(make_user()), page_of(dataset, "version/"), b"", 10**15
        )

        assert answer.status_code == 404  # not 413: its length was not looked at

    def test_says_on_the_page_what_broke_off(self):
        body = body_of([("a.csv", b"a" * 100)], title="Cut")

        answer = send_body(
            browser_of(make_user()), "/datasets/new/", body[:-40], len(body)
        )

        assert "The upload broke off" in words_of(answer, 400)

    def test_api_asks_whose_it_is_before_it_reads(self):
        answer = send_body(
            client_of(make_user()), api_of(make_dataset(), "versions/"), b"", 10**15
        )

        assert_problem(answer, 403)
