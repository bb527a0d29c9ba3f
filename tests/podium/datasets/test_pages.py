"""Pages of datasets, as each kind of visitor reads them."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from podium.datasets import actors, services
from podium.datasets.models import Dataset
from tests.api import read
from tests.factories import make_competition, make_user
from tests.pages import browser_of, html_of, queries_of, words_of
from tests.podium.datasets.given import make_dataset, page_of, send

pytestmark = pytest.mark.django_db
LIST = "/datasets/"


def prepare() -> None:
    """Do what the housekeeper does."""
    while actors.prepare_next():
        pass


class TestList:
    def test_invites_where_there_is_nothing(self):
        assert "No datasets yet" in words_of(browser_of().get(LIST))

    def test_says_that_nothing_matches(self):
        make_dataset()

        page = words_of(browser_of().get(LIST, {"q": "<script>zebra"}))

        assert "Nothing matches “ <script>zebra ”" in page

    def test_hides_what_is_unlisted_private_or_hidden_by_staff(self):
        make_dataset(title="Seen")
        make_dataset(title="Unlisted one", visibility="unlisted")
        make_dataset(title="Private one", visibility="private")
        services.hide_dataset(dataset=make_dataset(title="Bad one"), reason="Stolen")

        page = words_of(browser_of(make_user()).get(LIST))

        assert "Seen" in page
        assert not re.search("Unlisted one|Private one|Bad one", page)

    def test_shows_ones_own(self):
        owner = make_user()
        make_dataset(title="Other")
        make_dataset(owner, title="Own", visibility="private")

        page = words_of(browser_of(owner).get(LIST, {"mine": "1"}))

        assert "Own" in page
        assert "Other" not in page

    def test_keeps_filters_from_page_to_page(self, monkeypatch):
        monkeypatch.setattr("podium.datasets.views.listing.PAGE", 2)
        for number in range(5):
            make_dataset(title=f"Tagged {number}", tags=["t"])
            make_dataset(title=f"Plain {number}")
        client, address, seen = browser_of(), f"{LIST}?tag=t&sort=name", []

        while address:
            page = html_of(client.get(address))
            seen += re.findall(r"<bdi>(\w+ \d)</bdi>", page)
            found = re.search(r'href="(\?[^"]*)" rel="next"', page)
            address = found and LIST + found[1].replace("&amp;", "&")

        assert seen == [f"Tagged {number}" for number in range(5)]

    def test_takes_as_many_queries_for_many_as_for_one(self):
        make_dataset()
        one = queries_of(browser_of(), LIST)
        for _ in range(8):
            make_dataset(tags=["a", "b"], licence="MIT")

        assert queries_of(browser_of(), LIST) == one


class TestDetail:
    def test_tells_the_licence_in_plain_words(self):
        page = words_of(browser_of().get(page_of(make_dataset(licence="CC-BY-4.0"))))

        assert "if you name whom it is from" in page

    def test_names_a_licence_that_it_does_not_know(self):
        page = words_of(browser_of().get(page_of(make_dataset(licence="House rules"))))

        assert "House rules" in page
        assert "does not know this licence" in page

    def test_says_that_a_preview_is_being_prepared_until_it_is_there(self):
        dataset = make_dataset(files={"t.csv": b"x,word\n1,a\n,b\n3,a\n4,b\n"})
        before = words_of(browser_of().get(page_of(dataset)))
        prepare()

        after = html_of(browser_of().get(page_of(dataset)))

        assert "being prepared" in before
        assert "being prepared" not in after
        assert "1 missing" in after
        assert 'aria-label="x from 1 to 4, mean 2.66667"' in after
        assert 'aria-label="word: a 2, b 2"' in after
        assert "style=" not in after

    def test_says_why_there_is_no_preview(self):
        dataset = make_dataset(files={"t.parquet": b"PAR1 not really"})
        prepare()

        assert "cannot be read as Parquet" in words_of(
            browser_of().get(page_of(dataset))
        )

    def test_shows_other_files_by_name_and_size(self):
        dataset = make_dataset(files={"notes.txt": b"x" * 1_500})

        page = words_of(browser_of().get(page_of(dataset)))

        assert "notes.txt" in page
        assert "1.5 kB" in page

    def test_shows_one_folder_at_a_time(self):
        files = {"top.csv": b"a", "in/one.csv": b"b", "in/deep/two.csv": b"c"}
        dataset = make_dataset(files=files)
        client = browser_of()

        top = words_of(client.get(page_of(dataset)))
        inside = words_of(client.get(page_of(dataset), {"folder": "in"}))

        assert "2 files" in top
        assert "two.csv" not in top + inside
        assert "one.csv" in inside

    def test_pages_through_a_folder_of_many(self):
        dataset = make_dataset(files={f"{n:03}.bin": b"a" for n in range(250)})
        client = browser_of()

        first = words_of(client.get(page_of(dataset)))
        last = words_of(client.get(page_of(dataset), {"from": "200"}))

        assert "1 to 100 of 250" in first
        assert "201 to 250 of 250" in last
        assert "249.bin" in last

    @pytest.mark.parametrize(
        "query",
        [
            {"from": "-1"},
            {"from": "9" * 30},
            {"from": "x"},
            {"folder": "../.."},
            {"folder": "\x00"},
        ],
    )
    def test_stands_any_query(self, query):
        html_of(browser_of().get(page_of(make_dataset()), query))

    @pytest.mark.parametrize(
        "query", [{"version": "9"}, {"file": "x"}, {"version": "²"}]
    )
    def test_says_that_something_is_not_there(self, query):
        words_of(browser_of().get(page_of(make_dataset()), query), 404)

    def test_shows_who_uses_it_as_far_as_one_may_see(self):
        dataset = make_dataset()
        make_competition(title="Open one", dataset_version=dataset.latest)
        secret = make_competition(
            title="Secret one", dataset_version=dataset.latest, visibility="private"
        )

        seen = words_of(browser_of().get(page_of(dataset)))
        by_host = words_of(browser_of(secret.host).get(page_of(dataset)))

        assert "Open one" in seen
        assert "Secret one" not in seen
        assert "Secret one" in by_host

    def test_escapes_what_people_wrote(self):
        evil = "<script>alert(1)</script>"
        dataset = make_dataset(
            title=evil,
            subtitle=evil,
            description=f"{evil}\n\n[x](javascript:alert(1))",
            licence=evil,
            tags=[evil],
            files={"t.csv": f"{evil},b\n{evil},1\n".encode(), f"{evil[1:7]}": b""},
        )
        prepare()

        page = html_of(browser_of().get(page_of(dataset)))

        assert evil not in page
        assert 'href="javascript' not in page

    def test_tells_its_owner_that_and_why_staff_hid_it(self):
        dataset = make_dataset()
        services.hide_dataset(dataset=dataset, reason="Copied from a paid source")

        own = words_of(browser_of(dataset.owner).get(page_of(dataset)))

        assert "Copied from a paid source" in own
        words_of(browser_of(make_user()).get(page_of(dataset)), 404)

    def test_takes_as_many_queries_for_many_files_and_versions_as_for_few(self):
        few, many = make_dataset(), make_dataset(files={f"{n}": b"" for n in range(50)})
        for number in range(5):
            services.next_version(
                dataset=many,
                created_by=many.owner,
                files=make_dataset(files={f"v{number}": b"x"}).latest.files
                and {f"v{number}": few.latest.files.get().stored},
            )
        many = Dataset.objects.get(pk=many.pk)

        assert queries_of(browser_of(), page_of(many)) <= queries_of(
            browser_of(), page_of(few)
        )


class TestChanges:
    def test_form_keeps_what_was_typed(self):
        answer = send(
            browser_of(make_user()),
            "/datasets/new/",
            [("a", b"a")],
            title="Kept title",
            description="Kept words",
            tags="x" * 41,
            visibility="public",
        )

        page = html_of(answer, 400)
        assert "Kept title" in page
        assert "Kept words" in page
        assert "too long" in page

    def test_asks_for_files(self):
        answer = send(
            browser_of(make_user()),
            "/datasets/new/",
            [],
            title="T",
            visibility="public",
        )

        assert "at least one file" in words_of(answer, 400)

    def test_makes_one_dataset_of_a_form_sent_twice(self):
        client = browser_of(make_user())
        page = html_of(client.get("/datasets/new/"))
        key = re.search(r'name="form_key" value="([^"]+)"', page)[1]

        sent = [
            send(
                client,
                "/datasets/new/",
                [("a", b"a")],
                title="Twice",
                visibility="public",
                form_key=key,
            )
            for _ in range(2)
        ]

        assert [answer.status_code for answer in sent] == [303, 303]
        assert Dataset.objects.get().versions.count() == 1

    def test_makes_a_version_that_keeps_removes_and_adds(self):
        dataset = make_dataset(files={"a": b"a", "b": b"b"})

        answer = send(
            browser_of(dataset.owner),
            page_of(dataset, "version/"),
            [("c", b"c")],
            remove="a",
            begin="keep",
            base="1",
            notes="Better",
        )

        assert answer.status_code == 303
        version = dataset.versions.get(number=2)
        assert [file.path for file in version.files.all()] == ["b", "c"]
        assert version.notes == "Better"

    def test_edits(self):
        dataset = make_dataset(tags=["old"])
        client = browser_of(dataset.owner)

        answer = client.post(
            page_of(dataset, "edit/"),
            {"title": "New title", "tags": "a, b", "visibility": "unlisted"},
        )

        assert answer.status_code == 303
        dataset.refresh_from_db()
        assert (dataset.title, dataset.tags) == ("New title", ["a", "b"])
        assert dataset.visibility == "unlisted"

    def test_asks_before_it_deletes(self):
        dataset = make_dataset()
        client = browser_of(dataset.owner)

        assert "cannot be undone" in words_of(client.get(page_of(dataset, "delete/")))
        assert Dataset.objects.exists()
        assert client.post(page_of(dataset, "delete/")).status_code == 303
        assert not Dataset.objects.exists()

    def test_says_who_keeps_it_from_being_deleted(self):
        dataset = make_dataset()
        competition = make_competition(dataset_version=dataset.latest)

        answer = browser_of(dataset.owner).post(page_of(dataset, "delete/"))

        assert str(competition) in words_of(answer, 409)


class TestLinks:
    def link(self, dataset) -> str:
        page = html_of(browser_of(dataset.owner).get(page_of(dataset, "links/")))
        found = re.search(r"http://testserver(/\S+/files/\S+?)</code>", page)[1]
        return found.replace("&amp;", "&")

    def test_open_a_private_dataset_for_whoever_has_one(self):
        dataset = make_dataset(visibility="private")

        link = self.link(dataset)

        assert read(browser_of().get(link)) == b"x,word\n1,a\n2,b\n"
        whole = link.replace("files/table.csv", "download/")
        assert browser_of().get(whole).status_code == 200

    def test_open_one_version_alone(self):
        dataset = make_dataset(visibility="private")
        link = self.link(dataset)
        services.next_version(
            dataset=dataset,
            created_by=dataset.owner,
            files={"new.csv": dataset.latest.files.get().stored},
        )

        assert browser_of().get(link).status_code == 200
        other = link.replace("version=1", "version=2")
        assert browser_of().get(other).status_code == 404

    def test_end_after_a_day(self):
        dataset = make_dataset(visibility="private")
        link = self.link(dataset)

        with time_machine.travel(timezone.now() + timedelta(hours=25)):
            assert browser_of().get(link).status_code == 404

    def test_open_nothing_where_a_letter_differs(self):
        link = self.link(make_dataset(visibility="private"))
        other = make_dataset(visibility="private")

        assert browser_of().get(link[:-1] + "_").status_code == 404
        query = link.partition("?")[2]
        elsewhere = page_of(other, f"files/table.csv?{query}")
        assert browser_of().get(elsewhere).status_code == 404

    def test_open_nothing_that_staff_have_hidden(self):
        dataset = make_dataset(visibility="private")
        link = self.link(dataset)

        services.hide_dataset(dataset=dataset, reason="Stolen")

        assert browser_of().get(link).status_code == 404

    def test_are_made_by_the_owner_alone(self):
        dataset = make_dataset()

        for other in (make_user(), make_user(is_staff=True)):
            words_of(browser_of(other).get(page_of(dataset, "links/")), 404)
