"""From signing in to a line on the board, in a browser, with a model just trained."""

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
def page(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.problems = []
    opened.on("pageerror", lambda error: opened.problems.append(str(error)))
    opened.on(
        "console",
        lambda message: (
            message.type == "error" and opened.problems.append(message.text)
        ),
    )
    yield opened
    context.close()


def test_a_trained_starter_climbs_the_board(instance, page, tmp_path):
    user = instance.make_user("ada")

    page.goto(f"{instance.url}/competitions/digits/")
    page.get_by_role("link", name="Sign in").first.click()
    page.locator("[name=login]").fill(user)
    page.locator("[name=password]").fill(instance.passwords[user])
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{instance.url}/competitions/digits/rules/")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name=re.compile("Join|Accept")).click()

    page.goto(f"{instance.url}/competitions/digits/data/")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("train.npz")).first.click()
    download.value.save_as(tmp_path / "train.npz")
    model = train(instance, tmp_path)

    page.goto(f"{instance.url}/competitions/digits/submit/")
    page.set_input_files("input[type=file]", model)
    page.get_by_label("What changed?").fill("The starter as it is")
    page.get_by_role("button", name="Submit a model").click()
    page.wait_for_url(re.compile(r"/submissions/\d+/"))
    # The page follows the run by itself, without a reload.
    expect(page.locator(".score").first).to_be_visible(timeout=90_000)
    assert float(page.locator(".score").first.inner_text().split()[0]) > 0.95

    by_program = instance.submit("digits", user, model)
    row = instance.finished(by_program["id"], user)
    assert row["status"] == "scored"

    page.goto(f"{instance.url}/competitions/digits/leaderboard/")
    mine = page.locator("tr.you").first
    expect(mine).to_contain_text(user)
    assert not page.problems


def train(instance, folder):
    """Run the competition's own starter on the file that was downloaded."""
    starter = ROOT / "platform/podium/demo/competitions/digits/starter.py"
    (folder / "starter.py").write_text(starter.read_text())
    done = subprocess.run(
        [sys.executable, "starter.py"], cwd=folder, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return next(folder.glob("*.keras"))
