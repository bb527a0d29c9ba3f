"""What a portfolio tells other apps: uses of datasets, and what is kept of people."""

import io
import json
import zipfile

import pytest
from django.contrib.auth.models import AnonymousUser

from podium.accounts.deletion import delete_account
from podium.accounts.export import export_of
from podium.datasets.models import Dataset
from podium.datasets.panels import registry
from podium.portfolio import services
from podium.portfolio.models import Project, ProjectVote
from tests.factories import make_project, make_user

pytestmark = pytest.mark.django_db


def test_a_dataset_names_the_projects_that_use_it():
    owner = make_user(display_name="Mira")
    dataset = Dataset.objects.create(
        owner=owner, slug="d", title="D", visibility="public"
    )
    for visibility in ("public", "unlisted", "private"):
        make_project(
            owner=owner,
            title=visibility,
            visibility=visibility,
            datasets=[dataset.pk],
        )
    panel = registry.panels["projects"]

    others = [use.title for use in panel.uses(dataset, AnonymousUser())]
    mine = [use.title for use in panel.uses(dataset, owner)]

    assert others == ["public"]
    assert sorted(mine) == ["private", "public", "unlisted"]
    assert panel.count(dataset) == 1


def test_an_export_holds_ones_projects_with_their_drafts():
    project = make_project(body="Stands.")
    services.save_draft(
        project=project, revision=project.revision, title="T", summary="", body="Typed."
    )
    services.vote(project=make_project(visibility="public"), user=project.owner)

    archive = zipfile.ZipFile(io.BytesIO(export_of(project.owner).read()))

    (kept,) = json.loads(archive.read("projects.json"))
    assert (kept["body"], kept["draft"]["body"]) == ("Stands.", "Typed.")
    assert len(json.loads(archive.read("project_votes.json"))) == 1


def test_a_deleted_account_takes_its_projects_and_votes_along():
    person, other = make_user(), make_project(visibility="public")
    make_project(owner=person, visibility="public")
    services.vote(project=other, user=person)

    delete_account(user=person)

    assert list(Project.objects.all()) == [other]
    assert not ProjectVote.objects.exists()
    assert Project.objects.get().vote_count == 0
