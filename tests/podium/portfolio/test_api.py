"""People and projects by REST, from outside."""

import pytest

from podium.accounts.models import User
from podium.datasets.models import Dataset
from podium.portfolio import services
from podium.portfolio.models import Project
from tests.api import assert_problem, client_of
from tests.factories import (
    make_competition,
    make_project,
    make_scored,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db

LISTED = {
    *("owner", "slug", "title", "summary", "repository", "tags", "cover"),
    *("visibility", "pinned", "votes", "published_at", "created_at", "updated_at"),
    "url",
}


class TestPerson:
    def test_tells_what_the_portfolio_shows(self):
        make_user("mira", display_name="Mira", practitioner="programmer")

        body = client_of().get("/api/v1/users/mira/").json()

        assert body["display_name"] == "Mira"
        assert body["practitioner"] == "programmer"
        assert body["bio"] is None
        assert body["picture"] is None
        assert body["url"].endswith("/people/mira/")
        assert "email" not in body

    def test_is_not_there_for_nobody(self):
        User.objects.filter(pk=make_user("gone").pk).update(is_active=False)

        for name in ("gone", "nobody"):
            assert_problem(client_of().get(f"/api/v1/users/{name}/"), 404)


class TestResults:
    def test_tell_what_a_board_says(self):
        user, competition = make_user("mira"), make_competition()
        make_scored(make_team(competition, is_baseline=True, name="B"), public=0.5)
        make_scored(make_team(competition, user, name="ours"), public=0.75, private=0.1)

        (result,) = client_of().get("/api/v1/users/mira/results/").json()["results"]

        assert result["competition"] == competition.slug
        assert (result["score"], result["baseline"]) == (0.75, 0.5)
        assert (result["rank"], result["teams"]) == (1, 1)
        assert "private_score" not in result
        assert "all_score" not in result

    def test_hide_competitions_that_one_may_not_see(self):
        user, competition = make_user("mira"), make_competition(visibility="private")
        make_scored(make_team(competition, user))
        address = "/api/v1/users/mira/results/"

        assert client_of().get(address).json()["results"] == []
        assert len(client_of(user).get(address).json()["results"]) == 1


class TestProjects:
    def test_list_public_ones_with_every_key(self):
        make_project(visibility="public")
        make_project(visibility="unlisted")
        make_project()

        body = client_of().get("/api/v1/projects/").json()

        assert set(body) == {"results", "next", "previous"}
        (project,) = body["results"]
        assert set(project) == LISTED
        assert project["summary"] is None

    def test_are_found_and_ordered(self):
        old = make_project(title="Old", tags="keras", visibility="public")
        make_project(title="New", visibility="public")
        services.vote(project=old, user=make_user())
        client = client_of()

        def titles(query):
            body = client.get(f"/api/v1/projects/?{query}").json()
            return [project["title"] for project in body["results"]]

        assert titles("") == ["New", "Old"]
        assert titles("sort=votes") == ["Old", "New"]
        assert titles("tag=keras") == ["Old"]
        assert titles("q=new") == ["New"]

    def test_of_a_person_are_all_there_for_themselves(self):
        owner = make_user("mira")
        make_project(owner=owner)
        address = "/api/v1/users/mira/projects/"

        assert len(client_of(owner).get(address).json()["results"]) == 1
        assert client_of().get(address).json()["results"] == []

    def test_are_made_whole(self):
        owner = make_user("mira")
        scored = make_scored(make_team(make_competition(), owner), public=0.75)
        Dataset.objects.create(owner=owner, slug="d", title="D")
        sent = {
            "title": "One year on",
            "body": "# Text\n",
            "tags": ["Keras"],
            "visibility": "public",
            "results": [scored.pk],
            "datasets": ["mira/d"],
        }

        response = client_of(owner).post("/api/v1/projects/", sent, format="json")

        body = response.json()
        assert response.status_code == 201
        assert response.headers["Location"] == "/api/v1/projects/mira/one-year-on/"
        assert set(body) == {*LISTED, "body", "results", "datasets"}
        assert body["body"] == "# Text\n"
        assert body["tags"] == ["keras"]
        assert body["datasets"] == ["mira/d"]
        assert body["results"][0]["score"] == 0.75

    def test_are_private_unless_told(self):
        sent = {"title": "A"}

        body = client_of(make_user()).post("/api/v1/projects/", sent).json()

        assert (body["visibility"], body["published_at"]) == ("private", None)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"title": ""},
            {"title": "x" * 300},
            {"visibility": "secret"},
            {"results": [1]},
            {"results": [2**70]},
            {"datasets": ["nobody/nothing"]},
            {"datasets": ["\x00"]},
            {"repository": "http://x.org"},
            {"tags": ["x" * 41]},
            {"body": "x" * 100_001},
        ],
        ids=lambda value: next(iter(value)),
    )
    def test_refuse_what_is_wrong_and_make_nothing(self, wrong):
        sent = {"title": "A", **wrong}

        response = client_of(make_user()).post("/api/v1/projects/", sent, format="json")

        assert_problem(response, 400)
        assert not Project.objects.exists()

    def test_ask_for_a_token(self):
        assert_problem(client_of().post("/api/v1/projects/", {"title": "A"}), 401)


class TestProject:
    def address(self, project):
        return f"/api/v1/projects/{project}/"

    def test_changes_what_is_named_alone(self):
        project = make_project(title="A", body="B")

        body = (
            client_of(project.owner)
            .patch(self.address(project), {"visibility": "public"}, format="json")
            .json()
        )

        assert (body["title"], body["body"]) == ("A", "B")
        assert body["visibility"] == "public"

    def test_is_deleted(self):
        project = make_project()

        response = client_of(project.owner).delete(self.address(project))

        assert response.status_code == 204
        assert not Project.objects.exists()

    @pytest.mark.parametrize("method", ["patch", "delete"])
    def test_is_changed_by_its_owner_alone(self, method):
        public, private = make_project(visibility="public"), make_project()

        for user, project, status in (
            (make_user(), public, 403),
            (make_user(), private, 404),
            (make_user(is_staff=True), private, 403),
        ):
            call = getattr(client_of(user), method)
            assert_problem(call(self.address(project), {"title": "X"}), status)

    def test_is_not_there_for_whom_it_is_private(self):
        project = make_project()

        assert_problem(client_of().get(self.address(project)), 404)
        assert_problem(client_of(make_user()).get(self.address(project)), 404)

    def test_hides_what_its_reader_may_not_see(self):
        owner = make_user()
        competition = make_competition(visibility="private")
        scored = make_scored(make_team(competition, owner))
        dataset = Dataset.objects.create(owner=owner, slug="d", title="D")
        project = make_project(
            owner=owner,
            visibility="public",
            results=[scored.pk],
            datasets=[dataset.pk],
        )

        body = client_of().get(self.address(project)).json()

        assert (body["results"], body["datasets"]) == ([], [])
