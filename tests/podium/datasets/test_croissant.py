"""A version as Croissant: every file by digest, every known table by its columns."""

import gzip

import pytest

from podium.common.files import store_bytes
from podium.datasets import actors, services
from podium.datasets.croissant import encoding_of
from podium.datasets.models import FilePreview
from tests.api import assert_problem, client_of
from tests.factories import make_user
from tests.pages import browser_of, html_of
from tests.podium.datasets.given import CSV, api_of, make_dataset, page_of

pytestmark = pytest.mark.django_db

TABLE = b"id,weight,is_male,born,name\n1,3.5,true,2020-01-02,\n2,4,false,2020-01-03,b\n"


def croissant(dataset, rest: str = "", reader=None) -> dict:
    answer = client_of(reader).get(api_of(dataset, f"croissant.json{rest}"))
    assert answer.status_code == 200, answer.content
    return answer.json()


def prepare_previews():
    while actors.prepare_next():
        pass


class TestCroissant:
    def test_tells_what_the_dataset_is(self):
        owner = make_user("mira", display_name="Mira K")
        dataset = make_dataset(
            owner, title="Pinguine", licence="CC0-1.0", tags=["birds"]
        )

        told = croissant(dataset)

        assert told["@type"] == "sc:Dataset"
        assert told["conformsTo"] == "http://mlcommons.org/croissant/1.0"
        assert told["@context"]["cr"] == "http://mlcommons.org/croissant/"
        assert (told["name"], told["version"]) == ("Pinguine", "1.0.0")
        assert told["description"] == "Pinguine"  # asked for, so never empty
        assert told["license"].startswith("https://creativecommons.org/publicdomain/")
        assert told["creator"]["name"] == "Mira K"
        assert told["keywords"] == ["birds"]

    def test_names_no_licence_where_there_is_none(self):
        assert "license" not in croissant(make_dataset())

    def test_lists_files_that_can_be_taken_and_checked(self):
        dataset = make_dataset(files={"a b/ü.csv": CSV, "notes.txt": b"x"})

        first, second = croissant(dataset)["distribution"]

        assert first["@id"] == "files/a%20b/%C3%BC.csv"
        assert first["name"] == "a b/ü.csv"
        assert (first["encodingFormat"], second["encodingFormat"]) == (
            *("text/csv", "text/plain"),
        )
        assert first["contentSize"] == f"{len(CSV)} B"
        taken = client_of().get(first["contentUrl"])
        assert b"".join(taken.streaming_content) == CSV
        assert taken.headers["ETag"] == f'"{first["sha256"]}"'

    def test_types_the_columns_that_a_preview_knows(self):
        files = {"t.csv": TABLE, "z.csv.gz": gzip.compress(CSV), "p.bin": b"\0"}
        dataset = make_dataset(files=files)
        assert croissant(dataset)["recordSet"] == []
        prepare_previews()

        table, packed = croissant(dataset)["recordSet"]

        types = {field["name"]: field["dataType"] for field in table["field"]}
        assert types == {
            "id": "sc:Integer",
            "weight": "sc:Float",
            "is_male": "sc:Boolean",
            "born": "sc:Date",
            "name": "sc:Text",
        }
        assert table["field"][0]["@id"] == "t.csv/id"
        assert table["field"][0]["source"] == {
            "fileObject": {"@id": "files/t.csv"},
            "extract": {"column": "id"},
        }
        assert table["description"] == "2 rows."
        assert packed["@id"] == "z.csv.gz"

    def test_says_where_types_are_of_the_first_rows_and_columns_alone(self):
        dataset = make_dataset()
        prepare_previews()
        preview = FilePreview.objects.get()
        preview.content |= {"rows": None, "column_count": 300}
        preview.content["columns"][0]["name"] = "x" * 201  # as a preview cuts them
        preview.save()

        (table,) = croissant(dataset)["recordSet"]

        assert table["description"] == (
            "More rows than were counted. Types are those of the first 2 rows. "
            "299 columns are not described."
        )
        assert [field["name"] for field in table["field"]] == ["word"]

    def test_is_of_the_newest_version_or_the_one_asked_for(self):
        owner = make_user()
        dataset = make_dataset(owner)
        services.next_version(
            dataset=dataset,
            created_by=owner,
            files={"new.csv": store_bytes(CSV)},
            removed=["table.csv"],
        )

        assert croissant(dataset)["version"] == "2.0.0"
        (new,) = croissant(dataset)["distribution"]
        assert new["name"] == "new.csv"
        old = croissant(dataset, "?version=1")
        assert old["distribution"][0]["contentUrl"].endswith("table.csv?version=1")
        for number in ("3", "x"):
            answer = client_of().get(
                api_of(dataset, f"croissant.json?version={number}")
            )
            assert_problem(answer, 404)

    def test_is_for_those_who_see_the_dataset(self):
        owner = make_user()
        dataset = make_dataset(owner, visibility="private")

        assert_problem(client_of().get(api_of(dataset, "croissant.json")), 404)
        assert croissant(dataset, reader=owner)["name"] == dataset.title

    def test_is_not_there_before_the_first_version(self):
        dataset = make_dataset(files={})

        assert_problem(client_of().get(api_of(dataset, "croissant.json")), 404)
        assert "croissant.json" not in html_of(browser_of().get(page_of(dataset)))

    def test_takes_as_many_queries_for_many_files_as_for_one(
        self, django_assert_num_queries
    ):
        one = make_dataset()
        many = make_dataset(files={f"{n}.csv": b"x\n%d\n" % n for n in range(5)})
        prepare_previews()

        for address in (api_of(each, "croissant.json") for each in (one, many)):
            with django_assert_num_queries(3):  # dataset, files, previews
                client_of().get(address)

    def test_is_linked_from_the_page(self):
        dataset = make_dataset()

        page = html_of(browser_of().get(page_of(dataset)))

        address = api_of(dataset, "croissant.json")
        assert f'type="application/ld+json" href="{address}"' in page
        assert page.count(f'href="{address}"') == 2


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("a.parquet", "application/x-parquet"),
        ("a.csv.gz", "text/csv"),
        ("a.npz", "application/zip"),
        ("a/B.PNG", "image/png"),
        ("a.txt.gz", "application/gzip"),
        ("a.unknown", "application/octet-stream"),
    ],
)
def test_encodings_are_told_by_the_name(path, kind):
    assert encoding_of(path) == kind
