"""The demo's projects, and the models that are submitted for them."""

import pytest
from django.test import Client
from django.utils import timezone

from competitions.folders import import_folder
from competitions.models import Competition, Membership, Submission
from podium.demo import gallery, loading
from podium.demo.catalogue import load_datasets
from podium.demo.gallery import PROJECTS, load_projects
from podium.portfolio.models import Project
from podium.portfolio.services import update_project
from scoring import artifact
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.services]


@pytest.fixture
def host():
    """A host with what the projects are about, and the two who write them."""
    host = make_user("demo-host")
    for slug in ("digits", "bike-hours"):
        import_folder(loading.FOLDERS / slug, host=host, publish=True)
    load_datasets(host)
    make_user("demo-mira")
    make_user("demo-joao")
    return host


def participants():
    return Submission.objects.filter(team__is_baseline=False)


def score_all():
    """What the workers do after a first start."""
    participants().update(
        status="scored",
        stage="done",
        finished_at=timezone.now(),
        public_score=0.5,
        public_key=0.5,
    )


class TestLoadProjects:
    def test_submits_a_real_model_for_each_as_a_participant_would(self, host):
        load_projects(host)

        told = participants().order_by("submitted_by__username")
        assert list(
            told.values_list(
                "submitted_by__username", "competition__slug", "format", "charged"
            )
        ) == [
            ("demo-joao", "bike-hours", "keras", True),
            ("demo-mira", "digits", "keras", True),
        ]
        assert Membership.objects.count() == 2

    def test_shows_both_to_everybody_with_picture_code_and_formula(self, host):
        load_projects(host)

        for project in Project.objects.select_related("owner"):
            address = f"/people/{project.owner.username}/{project.slug}/"
            answer = Client().get(address)
            page = answer.content.decode()
            assert answer.status_code == 200
            assert "<math" in page and "<pre" in page and ".webp" in page
            assert ".png" not in project.body

    def test_links_a_public_dataset(self, host):
        load_projects(host)

        found = Project.objects.order_by("owner__username").values_list(
            "owner__username", "datasets__slug", "pinned"
        )
        assert list(found) == [
            ("demo-joao", "bike-rentals", 1),
            ("demo-mira", "handwritten-digits", 1),
        ]

    def test_links_the_result_once_it_is_scored(self, host):
        load_projects(host)
        assert not gallery.link_results()
        assert not Project.objects.filter(results__isnull=False).exists()
        score_all()

        assert gallery.link_results()

        assert Project.objects.get(owner__username="demo-mira").results.get() == (
            participants().get(submitted_by__username="demo-mira")
        )

    def test_links_nothing_to_a_project_that_its_owner_changed(self, host):
        load_projects(host)
        mine = Project.objects.get(owner__username="demo-mira")
        update_project(project=mine, summary="My own words.")
        score_all()

        load_projects(host)

        mine.refresh_from_db()
        assert mine.summary == "My own words." and not mine.results.exists()

    def test_changes_nothing_from_the_third_time_on(self, host):
        load_projects(host)
        score_all()
        load_projects(host)
        before = list(Project.objects.order_by("pk").values())

        load_projects(host)

        assert list(Project.objects.order_by("pk").values()) == before
        assert participants().count() == 2

    def test_completes_what_was_cut_off(self, host, monkeypatch):
        def cut_off(**values):
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(gallery, "update_project", cut_off)
            with pytest.raises(KeyboardInterrupt):
                load_projects(host)
        assert not Project.objects.exists()

        load_projects(host)

        assert Project.objects.filter(visibility="public").count() == 2
        assert participants().count() == 2

    def test_does_without_a_submission_that_is_refused(self, host):
        Competition.objects.filter(slug="digits").update(
            opens_at="2020-01-01T00:00Z", closes_at="2021-01-01T00:00Z"
        )

        load_projects(host)

        assert participants().get().competition.slug == "bike-hours"
        assert Project.objects.count() == 2

    def test_keeps_the_models_of_the_repository_where_they_are(self, host):
        load_projects(host)

        for example in PROJECTS:
            assert artifact.identify(example.path / example.model) == "keras"
