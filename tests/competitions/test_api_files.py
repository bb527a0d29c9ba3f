"""The files of a competition by REST: listed, and downloaded whole or in part."""

import pytest

from competitions.models import RulesVersion
from podium.common.files import store_bytes
from podium.datasets.models import Dataset
from podium.datasets.services import add_version
from tests.api import assert_problem, client_of, read, url
from tests.factories import make_competition, make_team, make_user

pytestmark = pytest.mark.django_db

LIST = "/api/v1/competitions/"
CONTENT = b"0123456789" * 10


def make_files(competition, visibility="private", files=None):
    """Give a competition files to download."""
    dataset = Dataset.objects.create(
        owner=competition.host,
        slug=competition.slug,
        title=competition.title,
        visibility=visibility,
    )
    files = files or {"train.csv": CONTENT, "deep/über.bin": b"deep"}
    competition.dataset_version = add_version(
        dataset=dataset,
        files={path: store_bytes(content) for path, content in files.items()},
        created_by=competition.host,
    )
    competition.save()
    return competition.dataset_version


class TestFiles:
    def test_lists_paths_sizes_and_digests(self):
        competition, user = make_competition(), make_user()
        version = make_files(competition)
        make_team(competition, user)

        body = client_of(user).get(url(competition, "files/")).json()

        train = version.files.get(path="train.csv").stored
        assert [row["path"] for row in body["results"]] == [
            "deep/über.bin",
            "train.csv",
        ]
        assert body["results"][1] == {
            "path": "train.csv",
            "size": 100,
            "sha256": train.sha256,
        }

    def test_is_for_participants_the_host_and_staff(self):
        competition, user = make_competition(), make_user()
        make_files(competition)
        make_team(competition, user)

        def status(someone):
            return [
                client_of(someone).get(url(competition, path)).status_code
                for path in ("files/", "files/train.csv")
            ]

        assert status(user) == [200, 200]
        assert status(competition.host) == [200, 200]
        assert status(make_user(is_staff=True)) == [200, 200]
        assert status(make_user()) == [403, 403]
        assert status(None) == [401, 401]

    def test_waits_until_changed_rules_are_accepted(self):
        competition, user = make_competition(), make_user()
        make_files(competition)
        make_team(competition, user)
        RulesVersion.objects.create(competition=competition, number=2, text="New.")

        response = client_of(user).get(url(competition, "files/train.csv"))

        assert "rules have changed" in assert_problem(response, 403)["detail"]

    def test_is_for_everybody_where_the_dataset_is_public(self):
        competition = make_competition()
        make_files(competition, visibility="public")

        response = client_of().get(url(competition, "files/train.csv"))

        assert read(response) == CONTENT

    def test_lists_nothing_where_there_is_no_dataset(self):
        competition = make_competition()

        client = client_of(competition.host)

        assert client.get(url(competition, "files/")).json()["results"] == []
        assert_problem(client.get(url(competition, "files/train.csv")), 404)

    def test_never_reaches_a_file_of_another_kind(self):
        competition, user = make_competition(), make_user()
        make_files(competition)
        make_team(competition, user)
        labels = competition.hidden_test_set.labels

        for path in (labels.sha256, labels.name, "../hidden/labels.csv", "%00", "x/"):
            response = client_of(user).get(url(competition, f"files/{path}"))
            assert_problem(response, 404)

    def test_costs_the_same_at_10_and_at_1000_rows(self, django_assert_num_queries):
        few, many = make_competition(), make_competition()
        make_files(few, files={f"{n}.csv": b"x" for n in range(10)})
        make_files(many, files={f"{n}.csv": b"x" for n in range(1000)})

        for competition, rows in ((few, 10), (many, 50)):
            client = client_of(competition.host)
            with django_assert_num_queries(6):
                body = client.get(url(competition, "files/")).json()
            assert len(body["results"]) == rows


class TestFileDownload:
    @pytest.fixture
    def download(self):
        competition = make_competition()
        make_files(competition)
        client = client_of(competition.host)

        def get(path="train.csv", **headers):
            return client.get(url(competition, f"files/{path}"), headers=headers)

        return get

    def test_sends_the_whole_file(self, download):
        response = download()

        assert response.status_code == 200
        assert response.streaming and read(response) == CONTENT
        assert response.headers["Content-Length"] == "100"
        assert response.headers["Accept-Ranges"] == "bytes"
        assert response.headers["Content-Type"] == "application/octet-stream"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert 'filename="train.csv"' in response.headers["Content-Disposition"]

    def test_sends_it_whatever_the_client_says_it_accepts(self, download):
        assert download(Accept="text/csv").status_code == 200

    def test_names_it_in_any_script(self, download):
        response = download("deep/über.bin")

        assert (
            "filename*=UTF-8''%C3%BCber.bin" in response.headers["Content-Disposition"]
        )

    @pytest.mark.parametrize(
        ("asked", "part", "told"),
        [
            ("bytes=0-9", CONTENT[:10], "bytes 0-9/100"),
            ("bytes=95-", CONTENT[95:], "bytes 95-99/100"),
            ("bytes=-3", CONTENT[-3:], "bytes 97-99/100"),
            ("bytes=-300", CONTENT, "bytes 0-99/100"),
            ("bytes=90-500", CONTENT[90:], "bytes 90-99/100"),
        ],
    )
    def test_sends_a_range(self, download, asked, part, told):
        response = download(Range=asked)

        assert response.status_code == 206
        assert read(response) == part
        assert response.headers["Content-Range"] == told
        assert response.headers["Content-Length"] == str(len(part))

    @pytest.mark.parametrize("asked", ["bytes=100-", "bytes=200-300", "bytes=-0"])
    def test_refuses_a_range_outside(self, download, asked):
        response = download(Range=asked)

        assert_problem(response, 416)
        assert response.headers["Content-Range"] == "bytes */100"

    @pytest.mark.parametrize("asked", ["bytes=5-1", "lines=1-2", "bytes=0-1,5-6", "?"])
    def test_sends_all_for_what_is_not_one_range(self, download, asked):
        response = download(Range=asked)

        assert response.status_code == 200 and read(response) == CONTENT

    def test_sends_nothing_again_that_the_client_has(self, download):
        etag = download().headers["ETag"]

        again = download(**{"If-None-Match": etag})

        assert again.status_code == 304 and again.content == b""
        assert len(etag) == 66

    def test_sends_all_when_the_file_is_another_one_by_now(self, download):
        etag = download().headers["ETag"]

        same = download(Range="bytes=0-1", **{"If-Range": etag})
        other = download(Range="bytes=0-1", **{"If-Range": '"other"'})

        assert (same.status_code, other.status_code) == (206, 200)
