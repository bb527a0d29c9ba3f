"""Somebody new: from signing up to a portfolio; the same deeds by keyboard alone."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from competitions import leaderboard
from competitions.models import Score, Submission
from podium.portfolio.models import Project
from tests.factories import make_competition, make_scored, make_team, make_user
from tests.journeys.browser import visitors
from tests.journeys.keyboard import press, tab_to, write

pytestmark = [
    pytest.mark.needs("browser"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
]

PASSWORD = "a-long-password"


@pytest.fixture
def browser(live_server, monkeypatch):
    """Visitors of a live server; the test's own thread goes on using the database."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with visitors(live_server.url) as make:
        yield make


@pytest.fixture
def competition():
    made = make_competition(slug="penguins", title="Which penguin is it?")
    make_scored(make_team(made, name="Constant", is_baseline=True), public=0.4)
    return made


@pytest.fixture
def model(tmp_path):
    file = tmp_path / "my-model.keras"
    file.write_bytes(b"\x00\x01 no model")
    return file


def score(submission: Submission, public: float) -> None:
    """What a worker writes when the run is over."""
    Submission.objects.filter(pk=submission.pk).update(
        status="scored",
        stage="done",
        finished_at=timezone.now(),
        public_score=public,
        public_key=leaderboard.sort_key(public, "maximize"),
    )
    for split in ("public", "private", "all"):
        Score.objects.create(
            submission=submission,
            hidden_test_set=submission.hidden_test_set,
            split=split,
            metric="accuracy",
            value=public,
        )
    leaderboard.update_team(submission.competition, submission.team)


def test_from_signing_up_to_a_public_portfolio(browser, competition, model):
    visitor = browser(viewport={"width": 1280, "height": 900})
    page = visitor.page

    visitor.go("/")
    page.get_by_role("link", name="Sign up").first.click()
    page.get_by_label("User name").fill("mira-k")
    page.get_by_label("E-mail address").fill("mira@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    page.get_by_text("Your account, mira-k").wait_for(state="attached")

    page.get_by_role("link", name="Competitions").first.click()
    page.get_by_role("link", name="Which penguin is it?").click()
    page.get_by_role("link", name="Join competition").click()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Join as mira-k").click()
    page.get_by_role("link", name="Submit a model").click()
    page.get_by_label("Drop a model here, or choose a file").set_input_files(model)
    page.get_by_role("button", name="Submit a model").click()
    page.get_by_text("Queued, position 1").first.wait_for()
    score(Submission.objects.get(team__is_baseline=False), 0.625)
    page.get_by_text("0.62500", exact=True).wait_for()

    page.get_by_text("Your account, mira-k").locator("..").click()
    page.get_by_role("link", name="Your projects").click()
    page.get_by_role("link", name="New project").first.click()
    page.get_by_label("Title").fill("How I told penguins apart")
    page.get_by_role("button", name="Begin writing").click()
    page.get_by_label("Text (optional)").fill("# Bills\n\nThey are **long**.")
    page.get_by_label("Public: everybody").check()
    page.get_by_label(re.compile("Which penguin is it")).check()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="Bills").wait_for()

    phone = browser(viewport={"width": 390, "height": 844}, is_mobile=True)
    phone.go("/people/mira-k/")
    results = phone.page.get_by_role("table")
    results.get_by_text("1 of 1").wait_for()
    results.get_by_text("0.62500").wait_for()
    assert phone.overflow() == 0
    assert phone.faults() == []
    phone.page.get_by_role("link", name="How I told penguins apart").click()
    phone.page.get_by_text("They are long.").wait_for()
    phone.page.get_by_text("0.62500").first.wait_for()
    assert phone.overflow() == 0
    assert phone.faults() == []
    assert not visitor.errors + phone.errors


def test_by_keyboard_alone(browser, competition, model):
    make_user("mira-k")
    visitor = browser(viewport={"width": 1280, "height": 900})
    page = visitor.page

    visitor.go("/competitions/penguins/")
    press(page, "Sign in")
    page.wait_for_url("**/accounts/login/**")
    write(page, "User name or e-mail address", "mira-k")
    write(page, "Password", PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_text("Your account, mira-k").wait_for(state="attached")

    press(page, "Join competition")
    page.wait_for_url("**/rules/**")
    press(page, "I accept the rules", "Space")
    press(page, "Join as mira-k")
    page.get_by_role("link", name="Submit a model").wait_for()
    press(page, "Submit a model")
    page.wait_for_url("**/submit/")

    tab_to(page, "Drop a model here")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(model)
    write(page, "What changed?", "everything")
    press(page, "Submit a model")
    page.wait_for_url(re.compile(r"/submissions/\d+/"))
    score(Submission.objects.get(team__is_baseline=False), 0.625)
    page.get_by_text("0.62500", exact=True).wait_for()

    press(page, "Choose it")
    page.get_by_role("button", name="Take the choice back").wait_for()
    assert Submission.objects.get(team__is_baseline=False).selected

    press(page, "Your account, mira-k")
    press(page, "Your projects")
    page.wait_for_url("**/projects/mine/")
    press(page, "New project")
    page.wait_for_url("**/projects/new/")
    write(page, "Title", "By keyboard")
    press(page, "Begin writing")
    page.wait_for_url("**/edit/")
    write(page, "Text (optional)", "Typed, not clicked.")
    tab_to(page, "Private")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    press(page, "Save")
    page.get_by_text("Typed, not clicked.").wait_for()

    assert Project.objects.get().visibility == "public"
    assert not visitor.errors


def test_the_search_box_is_one_key_away(browser, competition):
    visitor = browser(viewport={"width": 1280, "height": 900})
    page = visitor.page
    visitor.go("/")

    page.keyboard.press("/")
    page.keyboard.type("penguin/")
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=penguin")
    press(page, "Which penguin is it?")

    page.wait_for_url("**/competitions/penguins/")
    assert not visitor.errors


class TestNothingIsLost:
    def start(self, browser, competition, **options):
        user = make_team(competition, make_user("mira-k")).members.get()
        visitor = browser(**options)
        visitor.sign_in(user.username, PASSWORD)
        visitor.go("/competitions/penguins/submit/")
        return visitor

    def send(self, visitor, model):
        page = visitor.page
        page.get_by_label("Drop a model here").set_input_files(model)
        page.get_by_role("button", name="Submit a model").click()

    def sign_in_again(self, visitor):
        page = visitor.page
        page.get_by_text("what you sent was not taken").wait_for()
        page.get_by_label("User name or e-mail address").fill("mira-k")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.locator("main").get_by_role("button", name="Sign in").click()
        page.get_by_role("heading", name="New submission").wait_for()

    def test_when_the_session_ends_before_a_form_is_sent(
        self, browser, competition, model
    ):
        visitor = self.start(browser, competition)
        page = visitor.page
        page.get_by_label("What changed?").fill("A long thought")
        Session.objects.all().delete()

        self.send(visitor, model)
        self.sign_in_again(visitor)
        assert page.get_by_label("What changed?").input_value() == ""
        assert visitor.faults() == []
        page.get_by_role("button", name="Put it back").click()

        assert page.get_by_label("What changed?").input_value() == "A long thought"
        self.send(visitor, model)
        page.get_by_role("heading", name="my-model.keras").wait_for()
        visitor.go("/competitions/penguins/submit/")
        assert page.get_by_role("button", name="Put it back").count() == 0
        assert Submission.objects.get(team__is_baseline=False).description

    def test_without_script_it_is_said(self, browser, competition, model):
        visitor = self.start(browser, competition, java_script_enabled=False)
        Session.objects.all().delete()

        self.send(visitor, model)
        self.sign_in_again(visitor)

        assert not Submission.objects.filter(team__is_baseline=False).exists()

    def test_what_is_thrown_away_stays_away(self, browser, competition):
        visitor = self.start(browser, competition)
        page = visitor.page
        page.get_by_label("What changed?").fill("A thought")
        page.reload()

        page.get_by_role("button", name="Throw it away").click()
        page.reload()

        assert page.get_by_role("button", name="Put it back").count() == 0

    @pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
    def test_a_double_click_submits_once(self, browser, competition, model, script):
        visitor = self.start(browser, competition, java_script_enabled=script)
        page = visitor.page
        page.get_by_label("Drop a model here").set_input_files(model)

        page.get_by_role("button", name="Submit a model").dblclick()

        page.get_by_role("heading", name="my-model.keras").wait_for()
        assert Submission.objects.filter(team__is_baseline=False).count() == 1

    def test_the_back_button_shows_what_is_true(self, browser, competition, model):
        visitor = self.start(browser, competition)
        page = visitor.page
        first = page.locator("[name=form_key]").input_value()
        self.send(visitor, model)
        page.get_by_role("heading", name="my-model.keras").wait_for()

        page.go_back()

        page.get_by_role("link", name="my-model.keras").wait_for()
        assert page.locator("[name=form_key]").input_value() != first
