"""Datasets by REST, from outside."""

import io
import zipfile

import pytest

from podium.datasets import services
from podium.datasets.models import Dataset
from tests.api import assert_problem, client_of, read
from tests.factories import make_competition, make_user
from tests.podium.datasets.given import api_of, make_dataset, send

pytestmark = pytest.mark.django_db
LIST = "/api/v1/datasets/"
KEYS = {
    *("owner", "slug", "title", "subtitle", "description", "licence", "tags"),
    *("visibility", "version", "digest", "files", "size", "downloads", "uses"),
    *("created_at", "updated_at", "url"),
}


def slugs(answer) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [each["slug"] for each in answer.json()["results"]]


class TestList:
    def test_has_every_key_and_null_where_there_is_no_version(self):
        make_dataset(files={})

        (row,) = client_of().get(LIST).json()["results"]

        assert set(row) == KEYS
        assert (row["version"], row["digest"], row["files"]) == (None, None, 0)

    def test_shows_public_ones_and_ones_own(self):
        owner = make_user()
        for visibility in ("public", "unlisted", "private"):
            make_dataset(owner, title=visibility, visibility=visibility)

        assert set(slugs(client_of(owner).get(LIST))) == {
            *("public", "unlisted", "private")
        }
        for other in (None, make_user(), make_user(is_staff=True)):
            assert slugs(client_of(other).get(LIST)) == ["public"]

    def test_finds_words_in_any_case_and_script(self):
        make_dataset(title="Größe der Pinguine", tags=["Vögel"])
        make_dataset(title="Bike hours", subtitle="Rentals in Washington")
        client = client_of()

        assert slugs(client.get(LIST, {"q": "GRÖSSE vögel"})) == ["groe-der-pinguine"]
        assert slugs(client.get(LIST, {"q": "washington bike"})) == ["bike-hours"]
        assert slugs(client.get(LIST, {"q": "bike pinguine"})) == []
        assert slugs(client.get(LIST, {"q": "100%_\x00"})) == []

    def test_filters_by_tag_and_licence(self):
        make_dataset(title="a", tags=["birds"], licence="MIT")
        make_dataset(title="b", tags=["bird"], licence="CC0-1.0")
        client = client_of()

        assert slugs(client.get(LIST, {"tag": "bird"})) == ["b"]
        assert slugs(client.get(LIST, {"licence": "MIT"})) == ["a"]

    @pytest.mark.parametrize(
        ("sort", "expected"),
        [
            ("newest", ["zebra", "ants", "mice"]),
            ("updated", ["mice", "zebra", "ants"]),
            ("used", ["ants", "zebra", "mice"]),
            ("name", ["ants", "mice", "zebra"]),
            ("nonsense", ["zebra", "ants", "mice"]),
        ],
    )
    def test_sorts(self, sort, expected):
        mice, ants, _ = (
            make_dataset(title=title) for title in ("Mice", "Ants", "zebra")
        )
        Dataset.objects.filter(pk=ants.pk).update(use_count=3)
        services.edit_dataset(dataset=mice, user=mice.owner, subtitle="New")

        assert slugs(client_of().get(LIST, {"sort": sort})) == expected

    @pytest.mark.parametrize("sort", ["newest", "updated", "used", "name"])
    def test_pages_through_all_of_them_once(self, sort, monkeypatch):
        owner = make_user()
        made = {make_dataset(owner, title=f"Same {n % 3}").slug for n in range(7)}
        monkeypatch.setattr("podium.common.paging.CursorPages.page_size", 3)
        client, address, seen = client_of(), f"{LIST}?sort={sort}", []

        while address:
            page = client.get(address).json()
            seen += [row["slug"] for row in page["results"]]
            address = page["next"]

        assert len(seen) == 7
        assert set(seen) == made

    def test_takes_as_many_queries_for_ten_as_for_one(self, django_assert_num_queries):
        make_dataset()
        client = client_of()
        with django_assert_num_queries(1):
            client.get(LIST)
        for _ in range(9):
            make_dataset()

        with django_assert_num_queries(1):
            client.get(LIST)


class TestMake:
    def test_takes_json_without_files(self):
        user = make_user()

        answer = client_of(user).post(
            LIST, {"title": "Plain", "tags": ["a"], "visibility": "public"}, "json"
        )

        assert answer.status_code == 201, answer.content
        assert answer.headers["Location"] == f"{LIST}{user.username}/plain/"
        assert answer.json()["version"] is None
        assert client_of().get(answer.headers["Location"]).status_code == 200

    def test_takes_a_form_with_files(self):
        user = make_user()

        answer = send(
            client_of(user), LIST, [("x/a.csv", b"a\n1\n")], title="F", tags="t"
        )

        assert answer.status_code == 201, answer.content
        body = answer.json()
        assert (body["version"], body["files"], body["size"]) == (1, 1, 4)
        assert (body["tags"], body["visibility"]) == (["t"], "private")

    def test_asks_for_a_title(self):
        answer = client_of(make_user()).post(LIST, {}, "json")

        assert "title" in assert_problem(answer, 400)["errors"]

    def test_refuses_a_slug_twice(self):
        client = client_of(make_user())
        client.post(LIST, {"title": "A", "slug": "a"}, "json")

        answer = client.post(LIST, {"title": "B", "slug": "a"}, "json")

        assert_problem(answer, 409)

    def test_asks_who_calls(self):
        assert_problem(client_of().post(LIST, {"title": "A"}, "json"), 401)


class TestOne:
    @pytest.mark.parametrize(
        ("visibility", "status"), [("public", 200), ("unlisted", 200), ("private", 404)]
    )
    def test_is_there_for_whom_it_is_for(self, visibility, status):
        dataset = make_dataset(visibility=visibility)

        for rest in ("", "versions/", "files/", "files/table.csv", "archive/"):
            for other in (None, make_user()):
                answer = client_of(other).get(api_of(dataset, rest))
                assert answer.status_code == status, rest
            for reader in (dataset.owner, make_user(is_staff=True)):
                answer = client_of(reader).get(api_of(dataset, rest))
                assert answer.status_code == 200, rest

    def test_of_a_closed_account_is_not_there(self):
        dataset = make_dataset()
        dataset.owner.is_active = False
        dataset.owner.save()

        assert_problem(client_of().get(api_of(dataset)), 404)
        assert slugs(client_of().get(LIST)) == []

    def test_is_changed_by_its_owner(self):
        dataset = make_dataset(title="Old", description="Kept")

        answer = client_of(dataset.owner).patch(
            api_of(dataset), {"title": "New", "visibility": "unlisted"}, "json"
        )

        assert answer.status_code == 200, answer.content
        body = answer.json()
        assert (body["title"], body["slug"]) == ("New", "old")
        assert (body["description"], body["visibility"]) == ("Kept", "unlisted")

    def test_is_changed_by_nobody_else(self):
        dataset = make_dataset()

        for other in (make_user(), make_user(is_staff=True)):
            client = client_of(other)
            change = client.patch(api_of(dataset), {"title": "Mine"}, "json")
            assert_problem(change, 403)
            assert_problem(client.delete(api_of(dataset)), 403)

    def test_is_deleted_by_its_owner(self):
        dataset = make_dataset()

        answer = client_of(dataset.owner).delete(api_of(dataset))

        assert answer.status_code == 204
        assert not Dataset.objects.exists()

    def test_is_not_deleted_while_a_competition_uses_it(self):
        dataset = make_dataset()
        make_competition(dataset_version=dataset.latest)

        answer = client_of(dataset.owner).delete(api_of(dataset))

        assert "used by" in assert_problem(answer, 409)["detail"]


class TestVersions:
    def test_are_made_of_what_changes(self):
        dataset = make_dataset(files={"a": b"a", "b": b"b"})
        client = client_of(dataset.owner)

        made = send(
            client, api_of(dataset, "versions/"), [("c", b"c")], remove="a", notes="C"
        )
        again = send(
            client, api_of(dataset, "versions/"), [("c", b"c")], remove="a", notes="C"
        )

        assert (made.status_code, again.status_code) == (201, 200), made.content
        assert made.json() == again.json()
        assert (made.json()["number"], made.json()["files"]) == (2, 2)
        listed = client.get(api_of(dataset, "versions/")).json()["results"]
        assert [each["number"] for each in listed] == [2, 1]

    def test_stay_as_they_were(self):
        dataset = make_dataset(files={"a": b"old"})
        client = client_of(dataset.owner)
        send(client, api_of(dataset, "versions/"), [("a", b"new")])

        assert read(client.get(api_of(dataset, "files/a"))) == b"new"
        assert read(client.get(api_of(dataset, "files/a?version=1"))) == b"old"
        assert_problem(client.get(api_of(dataset, "files/a?version=3")), 404)
        assert_problem(client.get(api_of(dataset, "files/a?version=x")), 404)


class TestFiles:
    def test_are_listed_with_size_and_digest(self):
        dataset = make_dataset(files={"b/c": b"12", "a": b"1"})

        listed = client_of().get(api_of(dataset, "files/")).json()["results"]

        assert [(each["path"], each["size"]) for each in listed] == [
            ("a", 1),
            ("b/c", 2),
        ]
        assert all(len(each["sha256"]) == 64 for each in listed)

    def test_come_whole_or_in_parts(self):
        dataset = make_dataset(files={"dir/a.bin": b"0123456789"})
        client, address = client_of(), api_of(dataset, "files/dir/a.bin")

        whole = client.get(address)
        part = client.get(address, headers={"Range": "bytes=3-5"})
        unchanged = client.get(
            address, headers={"If-None-Match": whole.headers["ETag"]}
        )
        outside = client.get(address, headers={"Range": "bytes=10-"})

        assert read(whole) == b"0123456789"
        assert (part.status_code, read(part)) == (206, b"345")
        assert part.headers["Content-Range"] == "bytes 3-5/10"
        assert unchanged.status_code == 304
        assert outside.status_code == 416

    def test_downloads_are_counted_once(self):
        dataset = make_dataset()
        client, address = client_of(), api_of(dataset, "files/table.csv")

        etag = client.get(address).headers["ETag"]
        client.get(address, headers={"Range": "bytes=2-3"})
        client.get(address, headers={"If-None-Match": etag})
        client.head(address)

        dataset.refresh_from_db()
        assert dataset.download_count == 1

    def test_come_all_in_one_zip_of_a_length_that_is_told(self):
        files = {"a.csv": b"a" * 70_000, "deep/ü.txt": b"", "deep/b.bin": b"\x00" * 9}
        dataset = make_dataset(files=files)

        answer = client_of().get(api_of(dataset, "archive/"))
        content = read(answer)

        assert answer.headers["Content-Type"] == "application/zip"
        assert int(answer.headers["Content-Length"]) == len(content)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert archive.testzip() is None
            top = f"{dataset.slug}-v1/"
            found = {name: archive.read(name) for name in archive.namelist()}
        assert found == {top + path: data for path, data in files.items()}
