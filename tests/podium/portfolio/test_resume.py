"""A portfolio as JSON Resume is valid, and says no more than the portfolio does."""

import json
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from jsonschema import Draft4Validator

from podium.accounts.models import User
from podium.credentials import services as credentials
from podium.portfolio import services
from tests.api import assert_problem, client_of
from tests.factories import (
    make_competition,
    make_project,
    make_scored,
    make_team,
    make_user,
)
from tests.pages import browser_of, html_of
from tests.podium.credentials.scene import make_credential

pytestmark = pytest.mark.django_db

SCHEMA = json.loads(
    Path(__file__).with_name("schemas").joinpath("resume.json").read_text()
)
ADDRESS = "/api/v1/users/mira/resume.json"


@pytest.fixture(autouse=True)
def own_keys(settings, tmp_path):
    settings.CREDENTIAL_KEYS = tmp_path / "credential-keys"


def resume(reader=None) -> dict:
    answer = client_of(reader).get(ADDRESS)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    told = answer.json()
    validator = Draft4Validator(SCHEMA, format_checker=Draft4Validator.FORMAT_CHECKER)
    assert list(validator.iter_errors(told)) == []
    return told


def make_result(person, **values):
    competition = make_competition(**values)
    make_scored(make_team(competition, is_baseline=True, name="B"), public=0.5)
    make_scored(make_team(competition, person), public=0.75)
    return competition


def names(told: dict, kind: str) -> list[str]:
    return [each["name"] for each in told.get("projects", []) if each["type"] == kind]


class TestResume:
    def test_of_a_newcomer_has_nothing_empty(self):
        make_user("mira")

        told = resume()

        assert set(told) == {"$schema", "basics", "meta"}
        assert set(told["basics"]) == {"name", "url", "profiles"}
        assert told["meta"]["canonical"].endswith(ADDRESS)

    def test_tells_the_profile(self):
        make_user(
            "mira",
            display_name="Mira K",
            bio="Small models.",
            location="Lisbon",
            practitioner="programmer",
            practitioner_also=["data_scientist"],
            links=["https://example.org/mira"],
            email="mira@example.org",
        )

        basics = resume()["basics"]

        assert basics["name"] == "Mira K"
        assert basics["label"] == "Programmer, also data scientist"
        assert basics["location"] == {"address": "Lisbon"}
        assert basics["profiles"][1]["url"] == "https://example.org/mira"
        assert "email" not in basics

    def test_tells_results_with_the_board(self):
        competition = make_result(make_user("mira"), title="Digits")

        (project,) = resume()["projects"]

        assert project["name"] == "Digits"
        assert project["highlights"][0] == "Rank 1 of 1 on the public board"
        assert project["highlights"][2] == "+0.25000 against the host's baseline"
        assert project["url"].endswith(f"/competitions/{competition.slug}/leaderboard/")

    def test_leads_to_the_credential_where_there_is_one(self):
        person = make_user("mira")
        competition = make_result(person, title="Digits", closes_at=None)
        credential, _ = credentials.issue(competition=competition, user=person)

        told = resume()

        (certificate,) = told["certificates"]
        assert certificate["name"] == "Standing in Digits, 1 of 1"
        assert certificate["url"].endswith(credential.get_absolute_url())
        assert told["projects"][0]["url"] == certificate["url"]
        assert "awards" not in told  # an open board awards nothing

    def test_tells_a_won_competition_as_an_award(self):
        credential = make_credential(username="mira")

        (award,) = resume()["awards"]

        assert award["title"].startswith("Won: ")
        assert credential.get_absolute_url() in award["summary"]

    def test_tells_public_projects_pinned_ones_first(self):
        person = make_user("mira")
        scored = make_scored(
            make_team(make_competition(title="Digits"), person), public=0.75
        )
        for title in ("Private one", "Unlisted one", "Pinned", "Newest"):
            make_project(
                owner=person,
                title=title,
                visibility=title.split()[0].lower() if "one" in title else "public",
                results=[scored.pk],
            )
        services.pin(project=person.projects.get(title="Pinned"))

        told = resume(person)

        assert names(told, "project") == ["Pinned", "Newest"]
        assert told["projects"][1]["highlights"][0].startswith("Digits: ")

    def test_says_nothing_that_its_reader_may_not_see(self):
        person = make_user("mira")
        make_result(person, title="Secret", visibility="private")
        make_result(person, title="Masked", anonymous=True)

        assert names(resume(), "competition") == []
        assert set(names(resume(person), "competition")) == {"Secret", "Masked"}

    def test_is_not_there_for_those_who_cannot_see_the_profile(self):
        make_user("mira", is_active=False)

        assert_problem(client_of().get(ADDRESS), 404)
        User.objects.update(is_active=True, hidden_at="2026-01-01T00:00Z")
        assert_problem(client_of().get(ADDRESS), 404)

    def test_takes_as_many_queries_for_many_as_for_one(self):
        person = make_user("mira")

        def add():
            competition = make_result(person, closes_at=None)
            credentials.issue(competition=competition, user=person)
            scored = person.teams.last().submissions.first()
            make_project(owner=person, visibility="public", results=[scored.pk])

        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                client_of().get(ADDRESS)
            return len(captured)

        add()
        few = queries()
        for _ in range(4):
            add()

        assert queries() == few
        assert len(resume()["certificates"]) == 5

    def test_is_one_click_from_the_portfolio(self):
        make_user("mira")

        page = html_of(browser_of().get("/people/mira/"))

        assert f'href="{ADDRESS}"' in page
        assert "JSON Resume</a>" in page
