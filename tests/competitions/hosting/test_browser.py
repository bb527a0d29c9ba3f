"""A host in a browser: from nothing to a published competition, then its dashboard."""

from pathlib import Path

import pytest

from competitions.folders import export_folder, import_folder
from competitions.models import Competition
from tests.competitions.hosting.given import PENGUINS, housekeeper
from tests.competitions.test_folders_export import told_by
from tests.factories import make_user
from tests.journeys.browser import visitors

pytestmark = [
    pytest.mark.needs("browser"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
]
PASSWORD = "a-long-password"


@pytest.fixture
def visitor(live_server, monkeypatch):
    """A host's browser; the test's own thread is the housekeeper."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    make_user("mira-k")
    with visitors(live_server.url) as make:
        visitor = make()
        visitor.page.set_default_timeout(60_000)
        visitor.sign_in("mira-k", PASSWORD)
        yield visitor


def faults_of(visitor) -> list[str]:
    """What is wrong with a page as it is, at both widths."""
    found = visitor.faults()
    for width in (1280, 320):
        visitor.page.set_viewport_size({"width": width, "height": 900})
        if visitor.overflow() > 0:
            found.append(f"{visitor.page.url} is too wide at {width}")
    visitor.page.set_viewport_size({"width": 1280, "height": 900})
    return found


def test_host_makes_and_publishes_penguins(visitor, tmp_path: Path):
    page, faults = visitor.page, []

    def go_on(step: str):
        faults.extend(faults_of(visitor))
        page.get_by_role("button", name="Save and go on").click()
        page.wait_for_url(f"**/{step}/")

    visitor.go("/host/")
    page.get_by_role("link", name="New competition").click()
    faults += faults_of(visitor)
    page.get_by_role("button", name="Begin the wizard").click()
    page.locator("#id_title").fill("Which penguin is it?")
    page.locator("#id_slug").fill("penguins")
    go_on("data")
    page.locator("#id_files").set_input_files(PENGUINS / "files/train.csv.gz")
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_text("The file is being read.").wait_for()
    housekeeper()
    page.locator("input[name=target]").first.wait_for()  # it loads by itself
    go_on("hidden")
    page.locator("#id_test").set_input_files(PENGUINS / "hidden/test.csv.gz")
    page.locator("#id_labels").set_input_files(PENGUINS / "hidden/labels.csv.gz")
    go_on("metric")
    housekeeper()
    page.locator("input[name=metric][value=macro_f1]").check()
    go_on("contract")
    go_on("limits")
    go_on("teams")
    page.locator("#id_opens_at").fill("2026-01-01T00:00")
    go_on("pages")
    for name in ("overview", "data", "evaluation", "rules"):
        page.locator(f"textarea[name={name}]").fill(f"# {name}\n")
    go_on("review")
    housekeeper()
    page.get_by_role("button", name="Check it and make").click()
    page.get_by_text("It is being checked and made.").wait_for()
    housekeeper()
    page.get_by_text("It is made.").wait_for()
    faults += faults_of(visitor)
    visitor.go("/host/penguins/launch/")
    faults += faults_of(visitor)
    page.get_by_role("button", name="I have read this").click()
    page.get_by_role("button", name="Publish it").click()
    page.wait_for_url("**/host/penguins/")
    faults += faults_of(visitor)

    made = Competition.objects.get()
    assert made.status == "open"
    export_folder(made, tmp_path / "out")
    again = import_folder(tmp_path / "out", host=made.host, slug="again")
    assert told_by(again) == told_by(made)
    assert not visitor.errors
    assert not faults
