"""Who may do what: a status for each role, route and method, in `roles.txt`.

A route without a line fails, so nobody adds one without saying whom it is for.
"""

from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from competitions.models import Draft
from podium.accounts.models import ApiToken
from podium.common.files import store_bytes
from podium.credentials import services as credentials
from podium.datasets.models import Dataset
from podium.datasets.services import add_version
from podium.notices import unsubscribe
from podium.notices.models import Notice
from podium.portfolio.models import ProjectPicture
from podium.site.reports.models import Report
from tests.factories import (
    make_check,
    make_competition,
    make_project,
    make_scored,
    make_submission,
    make_team,
    make_user,
)
from tests.routes import address_of, routes

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).with_name("roles.txt")
ROLES = ("anonymous", "participant", "mate", "other", "host", "other_host", "staff")
SEES_DRAFTS = ("host", "staff")
MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


@cache
def table() -> dict[tuple[str, str], list[int]]:
    """The statuses by method and route; each pair has one line."""
    found = {}
    for line in TABLE.read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        method, route, *statuses = line.split()
        assert len(statuses) == len(ROLES), line
        assert (method, route) not in found, line
        found[method, route] = [int(status) for status in statuses]
    return found


class Scene:
    """A competition with one of each role around it, and what they made."""

    def __init__(self, **values):
        self.users = {
            role: make_user(role, is_staff=role == "staff") for role in ROLES[1:]
        }
        self.competition = make_competition(
            host=self.users["host"],
            accepts=["model", "predictions"],
            team_max_size=4,
            **values,
        )
        make_competition(host=self.users["other_host"])
        self._give_files()
        team = make_team(
            self.competition, self.users["participant"], self.users["mate"]
        )
        make_team(self.competition, self.users["other"])
        self.scored, self.queued = make_scored(team), make_submission(team)
        self.check = make_check(team)
        self.token, _ = ApiToken.objects.create(user=self.users["participant"])
        self._give_own_things(self.users["participant"])
        self.credential = None
        if self.competition.published_at:
            self.credential, _ = credentials.issue(
                competition=self.competition, user=self.users["participant"]
            )

    def _give_files(self):
        dataset = Dataset.objects.create(owner=self.users["host"], slug="d", title="D")
        self.competition.dataset_version = add_version(
            dataset=dataset,
            files={"train.csv": store_bytes(b"x")},
            created_by=dataset.owner,
        )
        self.competition.save()

    def _give_own_things(self, user):
        """What belongs to the participant alone: a notice, a session, a picture."""
        self.notice = Notice.objects.create(user=user, kind="x", title="T", url="/")
        self.session = UserSession.objects.create(
            user=user, ip="127.0.0.1", session_key="k"
        )
        user.picture = store_bytes(b"a picture", "public")
        user.save()
        self.own = {
            "/notices/": self.notice.pk,
            "/settings/sessions/": self.session.pk,
            "/pictures/": user.picture.pk,
        }
        self._ask_for_the_team()
        self._give_project(user)

    def _ask_for_the_team(self):
        """Somebody of no team is invited to the participant's, another team asked."""
        here = "/competitions/<slug:slug>/team/"
        mine = self.users["participant"].teams.get()
        mine.link = "a-link-to-the-team"
        mine.save()
        invitation = mine.invitations.create(
            user=self.users["other_host"], invited_by=self.users["participant"]
        )
        proposal = mine.proposals_made.create(
            to_team=self.users["other"].teams.get(),
            proposed_by=self.users["participant"],
        )
        for start in (here, f"/api/v1{here}"):
            self.own[f"{start}invitations/"] = invitation.pk
            self.own[f"{start}mergers/"] = proposal.pk
        asking = self.competition.admissions.create(user=self.users["other_host"])
        self.own["/competitions/<slug:slug>/access/"] = asking.pk

    def _give_project(self, owner):
        """A public project with a picture, which somebody reported."""
        self.project = make_project(owner=owner, visibility="public")
        self.picture = ProjectPicture.objects.create(
            project=self.project,
            stored=store_bytes(b"a cover"),
            name="0123456789abcdef-2x1.webp",
            width=2,
            height=1,
        )
        self.link = self.project.share_links.create(
            key="a-link-to-the-project", expires_at=timezone.now() + timedelta(days=1)
        )
        self.own["/people/<slug:username>/<slug:project>/links/"] = self.link.pk
        report = Report.objects.create(
            kind="project",
            target_id=self.project.pk,
            target_name=self.project.title,
            reporter=self.users["other"],
            text="Spam.",
        )
        self.own["/reports/"] = report.pk
        self.own["/competitions/<slug:slug>/checks/"] = self.check.pk
        draft = Draft.objects.create(host=self.users["host"])
        self.own["/host/drafts/"] = draft.pk

    def values(self, route: str) -> dict:
        return {
            "slug": self.competition.slug,
            "pk": self._pk(route),
            "token": unsubscribe.path_for(self.notice.user_id, "submission_scored")
            .rstrip("/")
            .rpartition("/")[2],
            "id": self.token.id,
            "path": "train.csv",
            "username": "participant",
            "project": self.project.slug,
            "owner": "host" if "dataset" in route else "participant",
            "dataset": "d",
            "name": self._name(route),
            "rest": "v9/",
            "key": "no-key",
            "share_key": self.link.key,
            "uidb36": "1",
            "team": self.scored.team_id,
            "step": "limits",
            "kind": "launch",
            "team_link": "a-link-to-the-team",
            "entry_link": "a-link-to-the-competition",
            "code": self.credential.code if self.credential else "no-code",
            "number": self.credential.status_list_id if self.credential else 0,
        }

    def _name(self, route: str) -> str:
        if "/pictures/" in route:
            return self.picture.name
        if route.endswith(".csv"):
            return "teams"
        return "d" if "dataset" in route else self.project.slug

    def _pk(self, route: str) -> int:
        mine = [pk for start, pk in self.own.items() if route.startswith(start)]
        return (
            mine[0] if mine else (self.scored if "select" in route else self.queued).pk
        )

    def body(self, route: str) -> dict:
        """What a deed asks for."""
        fields = {
            "accept_rules": True,
            "accept": True,
            "selected": True,
            "name": "laptop",
            "username": "participant",
            "password": "a-long-password",
            "title": "A project",
            "visibility": "public",
            "revision": 2,
            "text": "This is spam.",
            "deed": "accept",
            "reason": "Two accounts.",
            "slug": "a-copy",
            "seconds": 60,
            "memory_mb": 2048,
            "file_mb": 50,
            "device": "any",
        }
        if route.endswith(("submissions/", "submit/", "check/")):
            file = SimpleUploadedFile("answers.csv", b"id,no,yes\n1,0.5,0.5\n")
            fields["file"] = file
        if "/datasets/" in route:
            fields |= {
                "files": SimpleUploadedFile("new.csv", b"x\n1\n"),
                "begin": "keep",
            }
        return fields

    def statuses(self, method: str, route: str) -> list[int]:
        """What each role is answered, none seeing what another one did."""
        return [self._status(role, method, route) for role in ROLES]

    def _status(self, role, method, route):
        client = Client()
        body = self.body(route) if method == "POST" else {}
        before = transaction.savepoint()
        if role != "anonymous":
            client.force_login(self.users[role], MODEL_BACKEND)
        call = getattr(client, method.lower())
        response = call(address_of(route, self.values(route)), body)
        if response.streaming:
            b"".join(response)
        transaction.savepoint_rollback(before)
        return response.status_code


def test_every_route_has_its_lines_and_every_line_its_route():
    asked = {(method, route) for route in routes() for method in ("GET", "POST")}
    told = set(table())

    missing, stale = asked - told, {route for _, route in told} - set(routes())

    assert not missing, f"tests/roles.txt lacks {sorted(missing)}"
    assert not stale, f"tests/roles.txt tells of routes that are gone: {sorted(stale)}"


@pytest.mark.parametrize(
    ("method", "route"), sorted(table()), ids=lambda value: str(value)
)
def test_route_answers_each_role_as_the_table_says(method, route):
    scene = Scene()

    statuses = scene.statuses(method, route)

    expected = table()[method, route]
    assert dict(zip(ROLES, statuses, strict=True)) == dict(
        zip(ROLES, expected, strict=True)
    )


@pytest.mark.parametrize(
    ("method", "route"),
    [(m, r) for m, r in sorted(table()) if "<slug:slug>" in r],
    ids=lambda value: str(value),
)
def test_route_of_a_draft_is_not_there_for_others(method, route):
    scene = Scene(published_at=None)

    statuses = dict(zip(ROLES, scene.statuses(method, route), strict=True))

    for role in set(ROLES) - {*SEES_DRAFTS, "anonymous"}:
        assert statuses[role] in (404, 405), role
    assert statuses["anonymous"] in (302, 401, 404, 405)


class TestAdmin:
    """The admin is one group: its own rights take over behind its door."""

    def test_lets_in_staff_alone(self):
        scene = Scene()

        statuses = scene.statuses("GET", "/admin/")

        assert dict(zip(ROLES, statuses, strict=True)) == {
            **dict.fromkeys(ROLES, 302),
            "staff": 200,
        }

    def test_shows_no_list_to_staff_without_a_right_to_it(self):
        scene = Scene()

        for model in admin.site._registry:
            route = reverse(
                f"admin:{model._meta.label_lower.replace('.', '_')}_changelist"
            )
            statuses = dict(zip(ROLES, scene.statuses("GET", route), strict=True))
            assert statuses == {**dict.fromkeys(ROLES, 302), "staff": 403}, route
