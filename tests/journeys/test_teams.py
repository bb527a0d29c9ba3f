"""Three people form a team, merge with a fourth, submit, and use the quota up.

What each reads on each page, and the mails they get, as the outbox sends them.
"""

import re

import pytest
from django.conf import settings
from django.core import mail as sent
from playwright.sync_api import expect

from competitions.models import Competition, Submission
from podium.notices import mail
from tests.factories import make_competition
from tests.journeys.browser import visitors
from tests.podium.accounts.people import PASSWORD, make_confirmed

pytestmark = [
    pytest.mark.needs("browser"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
]


@pytest.fixture
def browser(live_server, monkeypatch):
    """Visitors of a live server; the test's own thread goes on using the database."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with visitors(live_server.url) as make:
        yield make


@pytest.fixture
def owls(tmp_path):
    """A competition for teams of four with three submissions a day."""
    return make_competition(
        slug="owls", title="Owls", team_max_size=4, quota_per_day=3, quota_total=20
    )


class Crowd:
    """Four people with a browser each; `mails` are those that left since last asked."""

    def __init__(self, make, folder):
        self.folder = folder
        self.by_name = {}
        for name in ("ada", "bob", "cy", "dan"):
            make_confirmed(name)
            self.by_name[name] = make(viewport={"width": 1280, "height": 900})
            self.by_name[name].sign_in(name, PASSWORD)

    def page(self, name, path=None):
        visitor = self.by_name[name]
        if path is not None:
            visitor.go(f"/competitions/owls/{path}")
        return visitor.page

    def mails(self) -> dict[str, list[str]]:
        """By address, subjects; each address is a user's name."""
        mail.deliver()
        found: dict[str, list[str]] = {}
        for message in sent.outbox:
            name = message.to[0].partition("@")[0]
            found.setdefault(name, []).append(message.subject)
        self.last = list(sent.outbox)
        sent.outbox.clear()
        return found

    def join(self, name):
        page = self.page(name, "rules/")
        page.get_by_role("checkbox").check()
        page.get_by_role("button", name=f"Join as {name}").click()
        expect(page.get_by_text(f"You take part as {name}")).to_be_visible()

    def submit(self, name):
        path = self.folder / f"{name}.keras"
        path.write_bytes(b"\x00\x01 no model by " + name.encode())
        page = self.page(name, "submit/")
        page.set_input_files("input[type=file]", path)
        page.get_by_role("button", name="Submit a model").click()
        page.wait_for_url(re.compile(r"/submissions/\d+/"))

    def errors(self) -> list[str]:
        """What went wrong in any browser, but for the one name that was mistyped."""
        found = [error for one in self.by_name.values() for error in one.errors]
        return [error for error in found if "status of 400" not in error]


def test_a_team_comes_together_merges_and_uses_its_quota_up(browser, owls, tmp_path):
    crowd = Crowd(browser, tmp_path)

    form_a_team_of_three(crowd)
    merge_with_a_fourth(crowd)
    use_the_quota_up(crowd)
    look_at_the_page(crowd)

    owls.refresh_from_db()
    assert owls.team_count == 1
    assert Submission.objects.count() == 3
    assert crowd.errors() == []


def form_a_team_of_three(crowd):
    """Ada joins, names her team, invites Bob by name, and Cy by a link."""
    crowd.join("ada")
    ada = crowd.page("ada", "team/")
    ada.get_by_label("Name", exact=True).fill("The Owls")
    ada.get_by_role("button", name="Rename").click()
    expect(ada.get_by_role("heading", name="The Owls")).to_be_visible()
    ada.get_by_label("User name").fill("bobb")
    ada.get_by_role("button", name="Invite").click()
    expect(ada.get_by_text("Nobody here has the user name “bobb”")).to_be_visible()
    ada.get_by_label("User name").fill("bob")
    ada.get_by_role("button", name="Invite").click()
    expect(ada.get_by_text("bob invited")).to_be_visible()
    ada.get_by_role("button", name="Make a link").click()
    link = ada.get_by_label("Link to the team").input_value()

    assert crowd.mails() == {"bob": ["ada invites you to the team The Owls"]}
    (address,) = re.findall(rf"{settings.URL}(/competitions/\S+)", crowd.last[0].body)
    bob = crowd.page("bob", "")
    crowd.by_name["bob"].go(address)
    expect(bob.get_by_text("ada invited you")).to_be_visible()
    bob.get_by_role("button", name="Accept").click()
    expect(bob.get_by_text("Read the rules and accept them")).to_be_visible()
    bob.get_by_role("checkbox").check()
    bob.get_by_role("button", name="Accept").click()
    expect(bob.get_by_text("You are in the team The Owls now")).to_be_visible()

    cy = crowd.page("cy", "")
    crowd.by_name["cy"].go(link.removeprefix(settings.URL))
    expect(cy.get_by_text("Become a member of The Owls?")).to_be_visible()
    cy.get_by_role("checkbox").check()
    cy.get_by_role("button", name="Join The Owls").click()
    expect(cy.get_by_text("3 of 4")).to_be_visible()

    assert crowd.mails() == {
        "ada": [
            "bob is in your team The Owls now",
            "cy is in your team The Owls now",
        ],
        "bob": ["cy is in your team The Owls now"],
    }


def merge_with_a_fourth(crowd):
    """Dan has submitted, and is open to team up; the Owls ask, and he accepts."""
    crowd.join("dan")
    crowd.submit("dan")
    dan = crowd.page("dan", "team/")
    expect(dan.get_by_text("so its members stay")).to_be_visible()
    dan.get_by_label("What you bring").fill("I know forests.")
    dan.get_by_role("checkbox", name="Open to team up").check()
    dan.get_by_role("button", name="Save").click()
    crowd.submit("cy")

    ada = crowd.page("ada", "team/")
    expect(ada.get_by_text("I know forests.")).to_be_visible()
    ada.get_by_role("button", name="Propose to merge with dan").click()
    expect(ada.get_by_text("asked to merge")).to_be_visible()

    assert crowd.mails() == {"dan": ["The team The Owls asks yours to merge"]}
    dan = crowd.page("dan", "team/")
    expect(dan.get_by_text("Together you would be 4, with 2")).to_be_visible()
    dan.get_by_role("button", name="Accept…").click()
    expect(dan.get_by_text("This cannot be undone.")).to_be_visible()
    dan.get_by_role("button", name="Merge the teams").click()
    expect(dan.get_by_text("4 of 4")).to_be_visible()

    subject = "The Owls and dan are one team now"
    assert crowd.mails() == {name: [subject] for name in ("ada", "bob", "cy")}
    assert Competition.objects.get().team_count == 1


def use_the_quota_up(crowd):
    """One is left of three for the day; Bob takes it, and nobody can go on."""
    bob = crowd.page("bob", "submit/")
    expect(bob.get_by_text("1 of 3 left today")).to_be_visible()
    crowd.submit("bob")
    ada = crowd.page("ada", "submit/")
    expect(ada.get_by_text("0 of 3 left today")).to_be_visible()
    expect(ada.get_by_role("button", name="Submit a model")).to_be_disabled()
    expect(ada.get_by_text("Nothing is left until")).to_be_visible()
    ledger = crowd.page("dan", "team/").get_by_role("table")
    for line in ("No. 1 by cy", "No. 2 by dan", "No. 3 by bob"):
        expect(ledger.get_by_text(line)).to_be_visible()

    crowd.page("bob").get_by_role("button", name="Cancel", exact=True).click()
    crowd.page("bob").get_by_role("button", name="Cancel the submission").click()
    expect(
        crowd.page("bob").get_by_text("Your team has its submission")
    ).to_be_visible()
    ledger = crowd.page("dan", "team/").get_by_role("table")
    expect(ledger.get_by_text("given back: cancelled before it ran")).to_be_visible()


def look_at_the_page(crowd):
    """The team's page holds on a phone, in the dark, and for everybody."""
    for name, width, scheme in (("ada", 1280, "light"), ("dan", 390, "dark")):
        visitor = crowd.by_name[name]
        visitor.page.set_viewport_size({"width": width, "height": 900})
        visitor.page.emulate_media(color_scheme=scheme)
        visitor.go("/competitions/owls/team/")
        assert visitor.overflow() == 0
        assert visitor.faults() == []
