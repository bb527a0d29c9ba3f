"""Projects are made, changed, pinned and voted for as their rules say."""

from uuid import uuid4

import pytest

from podium.common.errors import BadRequest, NotAllowed, WrongState
from podium.datasets.models import Dataset
from podium.portfolio import services
from podium.portfolio.models import PINS, Project, ProjectDraft
from tests.factories import (
    make_competition,
    make_project,
    make_scored,
    make_submission,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db


class TestCreateProject:
    def test_makes_it_private(self):
        project = make_project(title="One year on")

        assert project.visibility == "private"
        assert project.published_at is None
        assert project.slug == "one-year-on"

    def test_makes_one_of_a_form_that_was_sent_twice(self):
        owner, key = make_user(), uuid4()

        first = services.create_project(owner=owner, title="A", form_key=key)
        second = services.create_project(owner=owner, title="A", form_key=key)

        assert first == second
        assert owner.projects.count() == 1

    def test_numbers_equal_titles(self):
        owner = make_user()

        slugs = [make_project(owner=owner, title="Same").slug for _ in range(3)]

        assert slugs == ["same", "same-2", "same-3"]

    @pytest.mark.parametrize("title", ["مشروع", "🎉🎉", "项目", "!!!"])
    def test_names_a_title_without_latin_letters(self, title):
        project = make_project(title=title)

        assert project.slug == "project"
        assert project.title == title

    @pytest.mark.parametrize("word", ["List", "settings", "edit", "Data", "new"])
    def test_uses_no_word_of_podiums_own(self, word):
        assert make_project(title=word).slug == f"{word.lower()}-project"

    @pytest.mark.parametrize("title", ["", "  \n ", "\u202e"])
    def test_asks_for_a_title(self, title):
        with pytest.raises(BadRequest, match="needs a title"):
            make_project(title=title)

    def test_refuses_three_hundred_letters_in_a_sentence(self):
        with pytest.raises(BadRequest, match="has 300 characters: write at most 120"):
            make_project(title="x" * 300)


class TestUpdateProject:
    def test_publishes_once(self):
        project = make_project()
        first = services.update_project(project=project, visibility="public")
        again = services.update_project(project=first, visibility="private")

        last = services.update_project(project=again, visibility="unlisted")

        assert first.published_at == last.published_at is not None

    def test_keeps_its_address_when_the_title_changes(self):
        project = make_project(title="Before")

        changed = services.update_project(project=project, title="After")

        assert (changed.title, changed.slug) == ("After", "before")

    def test_refuses_to_write_over_another_window(self):
        project = make_project(title="A")
        services.update_project(project=project, title="B", revision=1)

        with pytest.raises(WrongState, match="another window"):
            services.update_project(project=project, title="C", revision=1)
        assert Project.objects.get().title == "B"

    @pytest.mark.parametrize(
        "address", ["http://x.org", "javascript:alert(1)", "ftp://x.org", "x.org"]
    )
    def test_takes_code_from_the_web_alone(self, address):
        with pytest.raises(BadRequest, match="https://"):
            services.update_project(project=make_project(), repository=address)

    def test_changes_nothing_where_one_thing_is_wrong(self):
        project = make_project(title="A")

        with pytest.raises(BadRequest):
            services.update_project(project=project, title="B", visibility="secret")
        assert Project.objects.get().title == "A"


class TestLinks:
    def test_links_ones_own_scored_submissions(self):
        owner = make_user()
        scored = make_scored(make_team(make_competition(), owner))

        project = make_project(owner=owner, results=[scored.pk])

        assert list(project.results.all()) == [scored]

    def test_refuses_somebody_elses(self):
        scored = make_scored()

        with pytest.raises(BadRequest, match="not a scored one of yours"):
            make_project(results=[scored.pk])

    def test_refuses_one_that_is_not_scored(self):
        owner = make_user()
        queued = make_submission(make_team(make_competition(), owner))

        with pytest.raises(BadRequest, match="not a scored one of yours"):
            make_project(owner=owner, results=[queued.pk])

    def test_keeps_what_was_linked_when_somebody_leaves_their_team(self):
        owner = make_user()
        team = make_team(make_competition(), owner)
        scored = make_scored(team)
        project = make_project(owner=owner, results=[scored.pk])
        team.memberships.all().delete()

        services.update_project(project=project, results=[scored.pk])

        assert list(project.results.all()) == [scored]

    def test_refuses_a_dataset_that_one_may_not_see(self):
        hidden = Dataset.objects.create(owner=make_user(), slug="d", title="D")

        with pytest.raises(BadRequest, match="not one that you may see"):
            make_project(datasets=[hidden.pk])

    def test_counts_public_uses_of_a_dataset(self):
        owner = make_user()
        dataset = Dataset.objects.create(owner=owner, slug="d", title="D")
        project = make_project(owner=owner, datasets=[dataset.pk])
        dataset.refresh_from_db()
        before = dataset.use_count

        services.update_project(project=project, visibility="public")
        dataset.refresh_from_db()
        after = dataset.use_count
        services.delete_project(project=project)
        dataset.refresh_from_db()

        assert (before, after, dataset.use_count) == (0, 1, 0)


class TestDrafts:
    def save(self, project, **values):
        typed = {"title": "T", "summary": "S", "body": "B", **values}
        return services.save_draft(project=project, revision=project.revision, **typed)

    def test_stand_beside_what_is_shown(self):
        project = make_project(title="A", visibility="public", body="old")

        self.save(project, body="new")

        project.refresh_from_db()
        assert project.body == "old"
        assert project.draft.body == "new"

    def test_may_lack_a_title(self):
        draft = self.save(make_project(), title="")

        assert draft.title == ""

    def test_refuse_to_write_over_another_window(self):
        project = make_project()
        here = Project.objects.get(pk=project.pk)
        self.save(Project.objects.get(pk=project.pk), body="there")

        with pytest.raises(WrongState, match="another window"):
            self.save(here, body="here")
        assert ProjectDraft.objects.get().body == "there"

    def test_go_when_the_project_is_saved(self):
        project = make_project()
        self.save(project)

        services.update_project(project=project, body="B")

        assert not ProjectDraft.objects.exists()

    def test_go_when_they_are_discarded(self):
        project = make_project(body="old")
        self.save(project)

        services.discard_draft(project=project)

        assert not ProjectDraft.objects.exists()
        assert Project.objects.get().body == "old"


class TestVote:
    def test_counts_each_person_once_and_takes_back(self):
        project, voter = make_project(visibility="public"), make_user()
        services.vote(project=project, user=make_user())

        given = services.vote(project=project, user=voter)
        project.refresh_from_db()
        with_it = project.vote_count
        taken = services.vote(project=project, user=voter)
        project.refresh_from_db()

        assert (given, taken) == (True, False)
        assert (with_it, project.vote_count) == (2, 1)

    def test_is_not_for_ones_own(self):
        project = make_project(visibility="public")

        with pytest.raises(NotAllowed):
            services.vote(project=project, user=project.owner)

    def test_is_not_for_private_ones(self):
        with pytest.raises(WrongState):
            services.vote(project=make_project(), user=make_user(is_staff=True))


class TestPins:
    def titles(self, owner):
        pinned = owner.projects.filter(pinned__isnull=False).order_by("pinned")
        return [(project.pinned, project.title) for project in pinned]

    def pinned(self, owner, *titles):
        projects = [make_project(owner=owner, title=title) for title in titles]
        for project in projects:
            services.pin(project=project)
        return projects

    def test_stand_in_the_order_of_pinning(self):
        owner = make_user()
        self.pinned(owner, "a", "b")

        assert self.titles(owner) == [(1, "a"), (2, "b")]

    def test_are_six_at_most(self):
        owner = make_user()
        self.pinned(owner, *"abcdef")

        with pytest.raises(WrongState, match=f"{PINS} projects are pinned"):
            services.pin(project=make_project(owner=owner))

    def test_close_ranks_when_one_goes(self):
        owner = make_user()
        _, second, _ = self.pinned(owner, "a", "b", "c")

        services.unpin(project=second)

        assert self.titles(owner) == [(1, "a"), (2, "c")]

    @pytest.mark.parametrize(
        ("title", "step", "order"),
        [("c", -1, "acb"), ("a", 1, "bac"), ("a", -1, "abc"), ("c", 1, "abc")],
    )
    def test_move_one_place_and_stop_at_the_ends(self, title, step, order):
        owner = make_user()
        self.pinned(owner, "a", "b", "c")
        project = owner.projects.get(title=title)

        services.move_pin(project=project, step=step)

        assert "".join(title for _, title in self.titles(owner)) == order

    def test_pinned_again_it_stays_where_it_is(self):
        owner = make_user()
        first, _ = self.pinned(owner, "a", "b")

        services.pin(project=Project.objects.get(pk=first.pk))

        assert self.titles(owner) == [(1, "a"), (2, "b")]
