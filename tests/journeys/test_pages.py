"""Every page in a browser: nothing inaccessible, nothing too wide, no error at all."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from competitions import check_runs, leaderboard
from competitions.models import Check, Score, Submission
from podium.accounts.models import ApiToken, User
from podium.common.files import store_bytes
from podium.datasets.models import Dataset
from podium.datasets.services import add_version
from tests.factories import (
    make_check,
    make_competition,
    make_report,
    make_scored,
    make_submission,
    make_team,
    make_user,
)
from tests.journeys.browser import visitors

pytestmark = [
    pytest.mark.needs("browser"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
]

PASSWORD = "a-long-password"
MARKDOWN = """# What you get

A [link](https://example.org/), `code`, and:

| file | rows |
|------|-----:|
| train.csv | 60000 |

```python
import keras  # a comment
model.save("model.keras")
```

> A quotation. ~~Not this.~~

1. One
2. Two
"""


@pytest.fixture
def browser(live_server, monkeypatch):
    """Visitors of a live server; the test's own thread goes on using the database."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with visitors(live_server.url) as make:
        yield make


MISFIT = "The model does not fit the contract: it takes picture float32 (n, 3)."
SIDE = "takes picture float32 (n, 3); answers dense float32 (n, 2)."


class Scene:
    """A competition with a full board, and submissions in every state."""

    def __init__(self):
        self.host, self.mira = make_user("open-lab"), make_user("mira-k")
        self.competition = make_competition(
            host=self.host,
            slug="penguins",
            title="Which penguin is it?",
            subtitle="Tell three species apart by their measurements.",
            tags=["tabular", "beginner"],
            licence="CC0-1.0",
            overview=MARKDOWN,
            data_text=MARKDOWN,
            evaluation=MARKDOWN,
            starter="import keras\n\nprint('start')  # here\n" * 20,
            closes_at=timezone.now() + timedelta(days=20),
            entry_deadline=timezone.now() + timedelta(days=18),
            quota_per_day=20,
        )
        self._give_files()
        make_competition(slug="empty", title="An empty one")
        make_competition(
            slug="names",
            title="\u202eWWWWWWWWWW" * 10,
            subtitle="🐧" * 240,
            tags=["W" * 40, "\u200fعربي"],
            visibility="public",
        )
        for name in ("W" * 60, "🐧" * 60, "\u202eturned"):
            make_scored(make_team(self.competition, name=name), public=0.99)
        for number in range(60):
            make_scored(make_team(self.competition), public=0.5 + number / 200)
        for name, public in (("Small network", 0.6), ("Constant", 0.1)):
            baseline = make_team(self.competition, name=name, is_baseline=True)
            make_scored(baseline, public=public)
        self.team = make_team(self.competition, self.mira, make_user("joao-p"))
        self.submissions = self._submissions()
        self.checks = self._checks()
        ApiToken.objects.create(user=self.mira, name="laptop")

    def _give_files(self):
        dataset = Dataset.objects.create(owner=self.host, slug="penguins", title="P")
        self.competition.dataset_version = add_version(
            dataset=dataset,
            files={
                "train.csv.gz": store_bytes(b"x" * 2000),
                "a-folder/with-a-rather-long-file-name.csv": store_bytes(b"y"),
            },
            created_by=self.host,
        )
        self.competition.save()

    def _submissions(self) -> list[Submission]:
        usage = {"seconds": 9.3, "peak_mb": 600.0, "stages": {}, "device": "cpu"}
        text = {"detail": "row 17", "printed": "Epoch 1\n" * 60, "usage": usage}
        made = [make_scored(self.team, public=0.55, description="A try", **text)]
        for reason in ("bad_predictions", "platform_fault"):
            made.append(
                make_submission(
                    self.team,
                    status="failed",
                    reason=reason,
                    message="Each row must sum to 1.",
                    finished_at=timezone.now(),
                    started_at=timezone.now(),
                    file_name="a-file-with-a-rather-long-name-of-its-own.keras",
                    **text,
                )
            )
        running = {"status": "running", "stage": "predict", "faults": 1}
        for values in (
            {"status": "cancelled", "finished_at": timezone.now()},
            running | {"lease_until": timezone.now(), "started_at": timezone.now()},
            {},
        ):
            made.append(make_submission(self.team, **values))
        return made

    def _checks(self) -> list[Check]:
        """A file that fits, one that does not, and one that waits."""
        bad = make_report(
            (
                "bad_predictions",
                "Not 0 to 1. 2 row(s), counted from 0: row 0: 7; row 1: 8",
            ),
            ("wrong_signature", f"{MISFIT} Contract: {SIDE} Model: {SIDE}"),
            printed="Epoch 1\n" * 60,
        )
        end = {"status": "done", "finished_at": timezone.now()}
        # The same as a submission that ended in its check
        ended = make_submission(
            self.team,
            status="failed",
            stage="check",
            reason="bad_predictions",
            message="Not 0 to 1.",
            check_report=bad,
            finished_at=timezone.now(),
        )
        self.submissions.append(ended)
        return [
            make_check(self.team, report=make_report(), **end),
            make_check(self.team, report=bad, **end),
            make_check(self.team),
        ]

    def pages(self) -> dict[str, list[str]]:
        """The pages of each role."""
        tabs = ("", "data/", "evaluation/", "leaderboard/", "rules/")
        own = [f"/submissions/{each.pk}/" for each in self.submissions]
        penguins = "/competitions/penguins/"
        own += [f"{penguins}checks/{each.pk}/" for each in self.checks]
        return {
            "": [
                *("/", "/competitions/", "/competitions/?q=nothing-like-it"),
                *("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"),
                *(penguins + tab for tab in tabs),
                *("/competitions/empty/leaderboard/", "/nowhere/"),
                *("/competitions/names/", "/search/?q=a", "/search/?q=nothing-like"),
                *("/search/", "/search/?kind=people&q=i"),
                *("/about/", "/terms/", "/privacy/"),
            ],
            "mira-k": [
                *("/competitions/", "/settings/", "/settings/tokens/"),
                *("/accounts/email/", "/accounts/password/change/"),
                "/accounts/logout/",
                *(penguins + tab for tab in tabs),
                penguins + "leaderboard/?around=me",
                *(penguins + "submit/", penguins + "submissions/"),
                *("/competitions/empty/submit/", "/competitions/empty/submissions/"),
                *own,
            ],
            "open-lab": [
                *(penguins, penguins + "submit/", penguins + "submissions/"),
                penguins + "rules/",
                *own[:2],
            ],
        }


def faults_of(browser, scene, width, theme) -> list[str]:
    """What is wrong with any page at one width in one theme, or too wide at 320."""
    found, seen = [], set()
    for username, addresses in scene.pages().items():
        visitor = browser(viewport={"width": width, "height": 900})
        visitor.page.context.add_cookies(
            [{"name": "theme", "value": theme, "url": visitor.url}]
        )
        if username:
            visitor.sign_in(username, PASSWORD)
        for address in addresses:
            # On phones each page is looked at by one kind of visitor: time is dear.
            if width < 1000 and address in seen:
                continue
            seen.add(address)
            visitor.go(address)
            found += [f"{address} {fault}" for fault in visitor.faults()]
            for narrow in (width, 320):
                visitor.page.set_viewport_size({"width": narrow, "height": 900})
                if (over := visitor.overflow()) > 0:
                    found.append(f"{address} is {over} pixels too wide at {narrow}")
            visitor.page.set_viewport_size({"width": width, "height": 900})
        # Chromium itself notes the 404 that was asked for.
        found += [error for error in visitor.errors if "/nowhere/" not in error]
    return found


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_every_page_is_accessible_and_fits(browser, width, theme):
    found = faults_of(browser, Scene(), width, theme)

    assert not found, "\n".join(found)


class TestChecking:
    """Check first, read what was found, and submit the same file by one click."""

    @pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
    def test_from_a_file_to_a_submission(self, browser, script, tmp_path):
        user = make_user("mira-k")
        competition = make_competition(slug="penguins", train_path="train.csv")
        make_team(competition, user)
        file = tmp_path / "my-model.keras"
        file.write_bytes(b"\x00\x01 no model")
        visitor = browser(java_script_enabled=script)
        page = visitor.page
        visitor.sign_in("mira-k", PASSWORD)

        visitor.go("/competitions/penguins/submit/")
        page.get_by_label("Drop a model here, or choose a file").set_input_files(file)
        page.get_by_label("What changed?").fill("a wider net")
        page.get_by_role("button", name="Check first").click()
        page.get_by_text("Waiting for a worker").first.wait_for()
        claim = check_runs.claim_next(worker="w", devices=("any",))
        check_runs.record(claim, make_report())
        # The page comes up to date by itself, with and without script.
        page.get_by_role("button", name="Submit this file").click()

        page.get_by_role("heading", name="my-model.keras").wait_for()
        submission = Submission.objects.get()
        assert submission.description == "a wider net"
        assert submission.artifact == claim.check.artifact
        assert submission.status == "checking"


class TestJourney:
    """Sign up, read the rules, join, submit, see it wait, cancel, sign out."""

    @pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
    def test_from_a_stranger_to_a_submission(self, browser, script, tmp_path):
        make_competition(slug="penguins", title="Which penguin is it?")
        file = tmp_path / "my-model.keras"
        file.write_bytes(b"\x00\x01 no model")
        visitor = browser(java_script_enabled=script)
        page = visitor.page

        visitor.go("/competitions/penguins/submit/")
        page.get_by_role("link", name="Sign up").first.click()
        page.get_by_label("User name").fill("mira-k")
        page.get_by_label("E-mail address").fill("mira@example.org")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Make the account").click()

        visitor.go("/competitions/penguins/")
        page.get_by_role("link", name="Join competition").click()
        page.get_by_text("Be fair.").wait_for()
        page.get_by_role("checkbox").check()
        page.get_by_role("button", name="Join as mira-k").click()
        page.get_by_role("link", name="Submit a model").click()

        page.get_by_label("Drop a model here, or choose a file").set_input_files(file)
        page.get_by_label("What changed?").fill("the first one")
        page.get_by_role("button", name="Submit a model").click()
        page.get_by_role("heading", name="my-model.keras").wait_for()
        page.get_by_text("Queued, position 1").first.wait_for()

        page.get_by_role("button", name="Cancel", exact=True).click()
        page.get_by_role("button", name="Cancel the submission").click()
        page.get_by_text("It did not run, and costs nothing.").wait_for()
        assert Submission.objects.get().status == "cancelled"

        page.get_by_text("Your account, mira-k").locator("..").click()
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("link", name="Sign in").first.wait_for()
        assert not visitor.errors


class TestSubmitting:
    def visitor(self, browser, competition):
        user = make_team(competition, make_user("mira-k")).members.get()
        visitor = browser()
        visitor.sign_in(user.username, PASSWORD)
        visitor.go(f"/competitions/{competition.slug}/submit/")
        return visitor

    def test_a_refusal_keeps_what_was_written(self, browser, tmp_path):
        visitor = self.visitor(browser, make_competition())
        page = visitor.page
        empty = tmp_path / "empty.keras"
        empty.touch()

        page.get_by_label("Drop a model here").set_input_files(empty)
        page.get_by_label("What changed?").fill("everything")
        page.get_by_role("button", name="Submit a model").click()

        alert = page.get_by_role("alert")
        alert.get_by_text("The file is empty").wait_for()
        assert page.get_by_label("What changed?").input_value() == "everything"
        assert page.get_by_role("button", name="Submit a model").is_enabled()
        assert visitor.faults() == []

    def test_names_the_chosen_file(self, browser, tmp_path):
        visitor = self.visitor(browser, make_competition())
        file = tmp_path / "chosen.keras"
        file.write_bytes(b"x" * 1_500_000)

        visitor.page.get_by_label("Drop a model here").set_input_files(file)

        visitor.page.get_by_text("chosen.keras, 1.5\u00a0MB").wait_for()


class TestLive:
    def test_a_page_that_is_open_sees_the_score_and_stops_asking(self, browser):
        submission = make_submission()
        visitor = browser()
        visitor.sign_in(submission.team.members.get().username, PASSWORD)
        asked = []
        visitor.page.on("request", lambda request: asked.append(request.url))
        visitor.go(f"/submissions/{submission.pk}/")
        visitor.page.get_by_text("Queued, position 1").first.wait_for()

        self.score(submission, 0.625)

        visitor.page.get_by_text("0.62500", exact=True).wait_for()
        assert visitor.page.title().startswith("Submission 1, scored")
        status = visitor.page.locator("#live-status")
        assert status.text_content() == "Scored: 0.62500"
        asked.clear()
        visitor.page.wait_for_timeout(2500)
        assert not [url for url in asked if "/live/" in url]
        assert not visitor.errors
        assert visitor.faults() == []

    def test_signing_out_elsewhere_ends_it(self, browser):
        submission = make_submission()
        visitor = browser()
        visitor.sign_in(submission.team.members.get().username, PASSWORD)
        visitor.go(f"/submissions/{submission.pk}/")

        User.objects.all().update(is_active=False)

        visitor.page.wait_for_url(re.compile("/accounts/login/"))

    def score(self, submission, public):
        submission.public_score = public
        submission.public_key = leaderboard.sort_key(public, "maximize")
        submission.status, submission.stage = "scored", "done"
        submission.finished_at = timezone.now()
        submission.save()
        Score.objects.create(
            submission=submission,
            hidden_test_set=submission.hidden_test_set,
            split="public",
            metric="accuracy",
            value=public,
        )
        leaderboard.update_team(submission.competition, submission.team)


class TestComforts:
    def test_the_theme_stays_chosen(self, browser):
        visitor = browser(color_scheme="light")
        visitor.go("/")
        root = visitor.page.locator("html")

        visitor.page.get_by_role("button", name="Switch between light").click()
        assert root.get_attribute("data-theme") == "dark"
        visitor.go("/competitions/")

        assert root.get_attribute("data-theme") == "dark"
        assert not visitor.errors

    def test_the_theme_switches_without_script(self, browser):
        visitor = browser(java_script_enabled=False)
        visitor.go("/competitions/")

        visitor.page.get_by_role("button", name="Switch between light").click()

        visitor.page.wait_for_url("**/competitions/")
        assert visitor.page.locator("html").get_attribute("data-theme") == "dark"

    def test_the_keyboard_gets_past_the_head(self, browser):
        visitor = browser()
        visitor.go("/competitions/")

        visitor.page.keyboard.press("Tab")
        skip = visitor.page.get_by_role("link", name="Skip to content")
        assert skip.evaluate("link => link === document.activeElement")
        assert skip.bounding_box()["y"] >= 0
        visitor.page.keyboard.press("Enter")
        visitor.page.keyboard.press("Tab")

        inside = "document.querySelector('main').contains(document.activeElement)"
        assert visitor.page.evaluate(inside)

    def test_escape_closes_the_menu_and_leaves_the_focus_there(self, browser):
        user = make_user()
        EmailAddress.objects.create(
            user=user, email=user.email, primary=True, verified=True
        )
        visitor = browser()
        visitor.sign_in(user.username, PASSWORD)
        summary = visitor.page.locator(".menu-user summary")

        summary.click()
        visitor.page.get_by_role("link", name="API tokens").wait_for()
        visitor.page.keyboard.press("Escape")

        visitor.page.get_by_role("link", name="API tokens").wait_for(state="hidden")
        assert summary.evaluate("it => it === document.activeElement")

    def test_a_token_is_revoked_after_a_question(self, browser):
        user = make_user()
        ApiToken.objects.create(user=user, name="laptop")
        visitor = browser()
        visitor.sign_in(user.username, PASSWORD)
        visitor.go("/settings/tokens/")

        visitor.page.get_by_role("button", name="Revoke laptop").click()
        visitor.page.get_by_role("button", name="Keep it").click()
        assert ApiToken.objects.exists()
        visitor.page.get_by_role("button", name="Revoke laptop").click()
        assert visitor.faults() == []
        visitor.page.get_by_role("button", name="Revoke it").click()

        visitor.page.get_by_text("No tokens").wait_for()
        assert not ApiToken.objects.exists()
