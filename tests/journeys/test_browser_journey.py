"""From signing up to a portfolio with a verified result, with a model just trained."""

import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.journeys.instance import ROOT

pytestmark = [
    pytest.mark.needs("sandbox"),
    pytest.mark.needs("browser"),
    pytest.mark.xdist_group("instance"),
]


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser):
    """Make visitors, each with cookies of their own; none may meet a script's error."""
    contexts, problems = [], []

    def make(width=1280, **options):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on(
            "console",
            lambda message: message.type == "error" and problems.append(message.text),
        )
        return page

    yield make
    for context in contexts:
        context.close()
    assert not problems


def test_a_newcomer_trains_climbs_and_shows(instance, open_page, tmp_path):
    page = open_page()

    page.goto(f"{instance.url}/competitions/digits/")
    page.get_by_role("link", name="Sign up").first.click()
    page.get_by_label("User name").fill("newcomer")
    page.get_by_label("E-mail address").fill("newcomer@example.org")
    page.get_by_label("Password", exact=True).fill("a-long-password")
    page.get_by_role("button", name="Make the account").click()
    page.get_by_text("Your account, newcomer").wait_for(state="attached")
    page.goto(f"{instance.url}/competitions/digits/rules/")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Join as newcomer").click()

    page.goto(f"{instance.url}/competitions/digits/data/")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("train.npz")).first.click()
    download.value.save_as(tmp_path / "train.npz")
    model = train(tmp_path)

    page.goto(f"{instance.url}/competitions/digits/submit/")
    page.set_input_files("input[type=file]", model)
    page.get_by_label("What changed?").fill("The starter as it is")
    page.get_by_role("button", name="Submit a model").click()
    page.wait_for_url(re.compile(r"/submissions/\d+/"))
    # The page follows the run by itself, without a reload.
    expect(page.locator(".score").first).to_be_visible(timeout=90_000)
    score = page.locator(".score").first.inner_text().split()[0]
    assert float(score) > 0.95
    page.goto(f"{instance.url}/competitions/digits/leaderboard/")
    mine = page.locator("tr.you").first
    expect(mine).to_contain_text("newcomer")
    expect(mine).to_contain_text(score)

    write_project(page, instance)

    phone = open_page(width=390, is_mobile=True)
    phone.goto(f"{instance.url}/people/newcomer/")
    expect(phone.get_by_role("table")).to_contain_text(score)
    phone.get_by_role("link", name="Reading digits").click()
    expect(phone.get_by_text("A small network is enough.")).to_be_visible()
    expect(phone.get_by_text(score).first).to_be_visible()


def write_project(page, instance):
    page.goto(f"{instance.url}/projects/mine/")
    page.get_by_role("link", name="New project").first.click()
    page.get_by_label("Title").fill("Reading digits")
    page.get_by_role("button", name="Begin writing").click()
    page.get_by_label("Text (optional)").fill("A small network is **enough**.")
    page.get_by_label("Public: everybody").check()
    page.get_by_label(re.compile("digit", re.I)).last.check()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("A small network is enough.").wait_for()


def train(folder):
    """Run the competition's own starter on the file that was downloaded."""
    starter = ROOT / "platform/podium/demo/competitions/digits/starter.py"
    (folder / "starter.py").write_text(starter.read_text())
    done = subprocess.run(
        [sys.executable, "starter.py"], cwd=folder, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return next(folder.glob("*.keras"))
