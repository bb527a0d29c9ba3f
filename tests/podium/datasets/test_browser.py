"""Datasets in a browser: sent with and without script, looked at, attacked."""

import re

import pytest

from podium.datasets import actors
from podium.datasets.models import Dataset
from tests.factories import make_competition, make_user
from tests.journeys.browser import visitors
from tests.podium.datasets.given import make_dataset, page_of

pytestmark = [
    pytest.mark.needs("browser"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
]

PASSWORD = "a-long-password"
TABLE = "number,word\n" + "".join(f"{n},{'ab'[n % 2]}\n" for n in range(40))
EVIL = [
    "<script>window.ran=1</script>",
    "<img src=x onerror=window.ran=1>",
    '"><svg onload=window.ran=1>',
    "{{7*7}}${7*7}<%window.ran=1%>",
    "javascript:window.ran=1",
]


@pytest.fixture
def browser(live_server, monkeypatch):
    """Visitors of a live server; the test's own thread goes on using the database."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with visitors(live_server.url) as make:
        yield make


@pytest.fixture
def folder(tmp_path):
    """A folder as somebody has it on their disk."""
    below = tmp_path / "birds"
    (below / "deep").mkdir(parents=True)
    (below / "train.csv").write_text(TABLE)
    (below / "deep" / "notes.txt").write_text("notes")
    (tmp_path / "single.csv").write_text("x\n1\n")
    return tmp_path


def paths_of(dataset: Dataset) -> list[str]:
    return [file.path for file in dataset.latest.files.all()]


def prepare() -> None:
    while actors.prepare_next():
        pass


class TestSending:
    @pytest.mark.parametrize("script", [True, False], ids=["script", "plain form"])
    def test_takes_single_files_and_a_folder(self, browser, folder, script):
        make_user("mira-k")
        visitor = browser(java_script_enabled=script)
        visitor.sign_in("mira-k", PASSWORD)
        visitor.go("/datasets/new/")

        visitor.page.get_by_label("Single files").set_input_files(folder / "single.csv")
        visitor.page.get_by_label("A whole folder").set_input_files(folder / "birds")
        visitor.page.get_by_label("Title", exact=True).fill("Birds")
        if script:
            assert (
                "3 files"
                in visitor.page.get_by_role("group", name="Files").inner_text()
            )
        visitor.page.get_by_role("button", name="Make the dataset").click()
        visitor.page.wait_for_url("**/datasets/mira-k/birds/")

        assert paths_of(Dataset.objects.get()) == [
            *("birds/deep/notes.txt", "birds/train.csv", "single.csv")
        ]
        assert not visitor.errors

    def test_says_what_is_wrong_and_keeps_what_was_typed(self, browser, folder):
        make_user("mira-k")
        visitor = browser()
        visitor.sign_in("mira-k", PASSWORD)
        visitor.go("/datasets/new/")
        page = visitor.page

        page.get_by_label("Title", exact=True).fill("Birds")
        page.get_by_role("button", name="Make the dataset").click()
        page.get_by_role("alert").filter(has_text="at least one file").wait_for()
        assert page.get_by_label("Title", exact=True).input_value() == "Birds"
        page.get_by_label("Single files").set_input_files(folder / "single.csv")
        page.get_by_role("button", name="Make the dataset").click()
        page.wait_for_url("**/datasets/mira-k/birds/")

        assert Dataset.objects.count() == 1

    def test_leaves_out_what_is_put_away(self, browser, folder):
        make_user("mira-k")
        visitor = browser()
        visitor.sign_in("mira-k", PASSWORD)
        visitor.go("/datasets/new/")
        page = visitor.page

        page.get_by_label("A whole folder").set_input_files(folder / "birds")
        page.get_by_role("button", name="Leave out birds/deep/notes.txt").click()
        page.get_by_label("Title", exact=True).fill("Birds")
        page.get_by_role("button", name="Make the dataset").dblclick()
        page.wait_for_url("**/datasets/mira-k/birds/")

        assert paths_of(Dataset.objects.get()) == ["birds/train.csv"]

    def test_makes_a_version_without_a_file_that_is_ticked(self, browser, folder):
        owner = make_user("mira-k")
        dataset = make_dataset(owner, {"old.csv": b"x\n1\n", "stay.csv": b"x\n2\n"})
        visitor = browser()
        visitor.sign_in("mira-k", PASSWORD)
        visitor.go(page_of(dataset, "version/"))
        page = visitor.page

        page.get_by_label("old.csv").check()
        page.get_by_label("Single files").set_input_files(folder / "single.csv")
        page.get_by_label("What changed?").fill("Newer numbers")
        page.get_by_role("button", name="Make the version").click()
        page.get_by_text("Version 2 is here.").wait_for()

        dataset.refresh_from_db()
        assert paths_of(dataset) == ["single.csv", "stay.csv"]
        assert not visitor.errors


class TestPages:
    @pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
    def test_are_accessible_and_fit(self, browser, width, theme):
        owner = make_user("mira-k")
        dataset = make_dataset(
            owner,
            {"table.csv": TABLE.encode(), f"{'long' * 60}.bin": b"x"},
            title="W" * 120,
            subtitle="🐧" * 200,
            description="# Head\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n",
            licence="CC-BY-SA-4.0",
            tags=["tabular", "x" * 40],
        )
        make_competition(dataset_version=dataset.latest, title="Uses it" * 12)
        rtl = make_dataset(owner, title="بيانات", files={"بيانات.csv": TABLE.encode()})
        prepare()
        pages = {
            "": ["/datasets/", "/datasets/?q=zebra", page_of(dataset), page_of(rtl)],
            "mira-k": [
                *("/datasets/new/", "/datasets/?mine=1", page_of(dataset)),
                *(page_of(dataset, f"{part}/") for part in ("edit", "version")),
                *(page_of(dataset, f"{part}/") for part in ("delete", "links")),
            ],
        }

        for user, addresses in pages.items():
            visitor = browser(
                viewport={"width": width, "height": 900}, color_scheme=theme
            )
            if user:
                visitor.sign_in(user, PASSWORD)
            for address in addresses:
                visitor.go(address)
                assert visitor.faults() == [], address
                assert visitor.overflow() <= 0, address
            assert not visitor.errors

    def test_show_a_preview_once_it_is_there(self, browser):
        dataset = make_dataset(files={"table.csv": TABLE.encode()})
        visitor = browser()
        visitor.go(page_of(dataset))
        visitor.page.get_by_text("Its preview is being prepared").wait_for()

        prepare()

        visitor.page.get_by_role("columnheader", name=re.compile("number")).wait_for()
        drawn = visitor.page.get_by_role("img", name="word: a 20, b 20")
        assert drawn.locator("rect").count() == 2
        assert not visitor.errors

    @pytest.mark.parametrize("evil", EVIL)
    def test_run_nothing_that_people_wrote(self, browser, evil):
        quoted = '"' + evil.replace('"', '""') + '"'
        dataset = make_dataset(
            title=evil,
            subtitle=evil,
            description=f"{evil}\n\n[click]({evil})\n\n![x]({evil})",
            licence=evil,
            tags=[evil[:40]],
            files={
                "t.csv": f"{quoted},b\n{quoted},1\n".encode(),
                evil.replace("/", "-"): b"",
            },
            notes=evil,
        )
        prepare()
        visitor = browser()

        for address in (page_of(dataset), "/datasets/"):
            visitor.go(address)
            assert visitor.page.evaluate("window.ran") is None

        assert not visitor.errors
