"""Writing a project: nothing typed is lost, and nothing half written is shown."""

from uuid import uuid4

import pytest
from django.test import Client

from podium.datasets.models import Dataset
from podium.portfolio import services
from podium.portfolio.models import Project, ProjectDraft
from podium.portfolio.pictures import add_picture
from tests.factories import (
    make_competition,
    make_picture,
    make_project,
    make_scored,
    make_team,
    make_user,
)
from tests.pages import MODEL_BACKEND, a_file, browser_of, html_of, words_of

pytestmark = pytest.mark.django_db


def filled(project, **values):
    """The editor's form as a browser sends it."""
    return {
        "title": project.title,
        "summary": project.summary,
        "body": project.body,
        "visibility": project.visibility,
        "revision": project.revision,
        **values,
    }


def edit_address(project):
    return f"{project.get_absolute_url()}edit/"


class TestNew:
    def test_leads_from_a_title_to_the_editor(self):
        owner = make_user("mira")

        response = browser_of(owner).post("/projects/new/", {"title": "One year on"})

        assert response.status_code == 303
        assert response.headers["Location"] == "/people/mira/one-year-on/edit/"

    def test_makes_one_project_of_a_double_click(self):
        browser, sent = browser_of(make_user()), {"title": "A", "form_key": uuid4()}

        first, second = (browser.post("/projects/new/", sent) for _ in range(2))

        assert first.headers["Location"] == second.headers["Location"]
        assert Project.objects.count() == 1

    def test_keeps_what_was_typed_where_something_is_wrong(self):
        sent = {"title": "x" * 300, "summary": "My words"}

        html = html_of(browser_of(make_user()).post("/projects/new/", sent), 400)

        assert "My words" in html
        assert "at most 120 characters (it has 300)" in html


class TestEdit:
    def test_saves_all_that_was_filled_in(self):
        owner = make_user()
        scored = make_scored(make_team(make_competition(), owner))
        project = make_project(owner=owner)
        sent = filled(
            project,
            title="New title",
            body="# Text\r\n\r\nmore",
            tags="Keras, tabular",
            repository="https://code.example.org/x",
            visibility="public",
            results=[scored.pk],
            cover=make_picture(20, 10),
        )

        response = browser_of(owner).post(edit_address(project), sent)

        project.refresh_from_db()
        assert response.status_code == 303
        assert project.title == "New title"
        assert project.body == "# Text\n\nmore"
        assert project.tags == ["keras", "tabular"]
        assert project.visibility == "public"
        assert list(project.results.all()) == [scored]
        assert (project.cover.width, project.cover.height) == (20, 10)

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"title": ""}, "This field is required"),
            ({"repository": "javascript:alert(1)"}, "begins with https://"),
            ({"tags": "1,2,3,4,5,6,7,8,9"}, "9 tags: give at most 8"),
            ({"visibility": "secret"}, "not one of the available choices"),
            ({"body": "x" * 100_001}, "write at most 100000"),
            ({"cover": a_file(b"<svg onload='x'/>", "x.svg")}, "not a picture"),
            ({"results": ["77"]}, "not one of the available choices"),
        ],
    )
    def test_keeps_what_was_typed_where_something_is_wrong(self, wrong, sentence):
        project = make_project()
        sent = filled(project, summary="My words") | wrong

        response = browser_of(project.owner).post(edit_address(project), sent)

        assert response.status_code in (400, 413)
        assert sentence in words_of(response, response.status_code)
        assert "My words" in html_of(response, response.status_code)
        assert Project.objects.get().summary == ""

    def test_of_an_old_page_asks_and_then_saves(self):
        project = make_project(title="A")
        services.update_project(project=project, title="B")
        browser = browser_of(project.owner)
        sent = filled(project, title="C")

        asked = html_of(browser.post(edit_address(project), sent), 409)
        sent["revision"] = 2
        saved = browser.post(edit_address(project), sent)

        assert "another window" in asked
        assert 'name="revision" value="2"' in asked
        assert 'value="C"' in asked
        assert saved.status_code == 303
        assert Project.objects.get().title == "C"

    def test_previews_without_saving(self):
        project = make_project(body="old")
        sent = filled(project, body="**new** $x$", deed="preview")

        html = html_of(browser_of(project.owner).post(edit_address(project), sent))

        assert "<strong>new</strong>" in html
        assert "<math" in html
        assert Project.objects.get().body == "old"

    def test_begins_with_the_draft(self):
        project = make_project(title="Stands", body="stands")
        services.save_draft(
            project=project,
            revision=project.revision,
            title="Typed",
            summary="",
            body="typed",
        )

        html = html_of(browser_of(project.owner).get(edit_address(project)))

        assert 'value="Typed"' in html
        assert "This is a draft from" in html

    def test_shows_a_signed_out_writer_what_they_typed(self):
        project = make_project()
        sent = filled(project, body="My <b>long</b> text")

        html = html_of(browser_of().post(edit_address(project), sent), 403)

        assert "You were signed out while you wrote" in html
        assert "My &lt;b&gt;long&lt;/b&gt; text" in html
        assert f"next={edit_address(project)}" in html
        assert Project.objects.get().body == ""

    def test_names_no_dataset_that_was_made_private_since(self):
        dataset = Dataset.objects.create(
            owner=make_user(), slug="d", title="Secret data", visibility="public"
        )
        project = make_project(datasets=[dataset.pk])
        Dataset.objects.update(visibility="private")
        browser = browser_of(project.owner)

        html = html_of(browser.get(edit_address(project)))
        sent = filled(project, datasets=[])
        response = browser.post(edit_address(project), sent)

        assert "Secret data" not in html
        assert response.status_code == 303

    def test_is_for_the_owner_alone(self):
        public, private = make_project(visibility="public"), make_project()

        for user in (make_user(), make_user(is_staff=True)):
            browser = browser_of(user)
            for project in (public, private):
                response = browser.post(edit_address(project), filled(project))
                sees = project == public or user.is_staff
                assert response.status_code == (403 if sees else 404)

    def test_asks_for_its_own_word_against_forgery(self):
        project = make_project()
        client = Client(enforce_csrf_checks=True)
        client.force_login(project.owner, MODEL_BACKEND)

        response = client.post(edit_address(project), filled(project, title="Forged"))

        assert response.status_code == 403
        assert Project.objects.get().title == project.title


class TestDraft:
    def send(self, browser, project, **values):
        return browser.post(
            f"{project.get_absolute_url()}draft/", filled(project, **values)
        )

    def test_is_kept_and_counted(self):
        project = make_project(body="old")

        answer = self.send(browser_of(project.owner), project, body="new").json()

        assert answer["revision"] == project.revision + 1
        assert answer["words"].startswith("Draft saved at ")
        assert ProjectDraft.objects.get().body == "new"
        assert Project.objects.get().body == "old"

    def test_says_that_one_is_signed_out(self):
        response = self.send(browser_of(), make_project())

        assert response.status_code == 401
        assert response.json() == {"words": "You are signed out."}

    def test_stops_where_another_window_went_on(self):
        project = make_project()
        browser = browser_of(project.owner)
        self.send(browser, project, body="there")

        response = self.send(browser, project, body="here")

        assert response.status_code == 409
        assert "another window" in response.json()["words"]

    @pytest.mark.parametrize("revision", ["", "x", "1.5"])
    def test_asks_for_a_revision(self, revision):
        project = make_project()

        response = self.send(browser_of(project.owner), project, revision=revision)

        assert response.status_code == 400

    def test_goes_when_it_is_discarded(self):
        project = make_project()
        browser = browser_of(project.owner)
        self.send(browser, project, body="new")

        response = browser.post(f"{project.get_absolute_url()}draft/discard/")

        assert response.status_code == 303
        assert not ProjectDraft.objects.exists()


class TestPreview:
    def test_answers_the_text_alone(self):
        response = browser_of(make_user()).post(
            "/projects/preview/", {"body": "# A\n\n<script>alert(1)</script>"}
        )

        html = html_of(response)
        assert "<h2>A</h2>" in html
        assert "<script>" not in html
        assert "<html" not in html


class TestDelete:
    def test_asks_and_then_deletes_all_of_it(self):
        project = make_project(visibility="public")
        add_picture(project=project, file=make_picture())
        services.vote(project=project, user=make_user())
        browser, address = (
            browser_of(project.owner),
            f"{project.get_absolute_url()}delete/",
        )

        asked = words_of(browser.get(address))
        response = browser.post(address)

        assert "1 vote go with it" in asked.replace("\xa0", " ")
        assert response.status_code == 303
        assert not Project.objects.exists()


class TestPictures:
    def send(self, browser, project, file, **headers):
        address = f"{project.get_absolute_url()}pictures/"
        return browser.post(address, {"picture": file} if file else {}, headers=headers)

    def test_answers_the_line_for_the_text_to_the_script(self):
        project = make_project()

        response = self.send(
            browser_of(project.owner),
            project,
            make_picture(30, 20),
            accept="application/json",
        )

        line = response.json()["markdown"]
        assert response.status_code == 201
        assert line.startswith(f"![What the picture shows](/people/{project}/pictures/")
        assert line.endswith("-30x20.webp)")

    def test_is_served_as_a_picture_and_nothing_else(self):
        project = make_project(visibility="public")
        picture = add_picture(project=project, file=make_picture())

        response = browser_of().get(
            f"{project.get_absolute_url()}pictures/{picture.name}"
        )

        assert response.headers["Content-Type"] == "image/webp"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cache-Control"] == "private, max-age=300"
        assert b"".join(response)[8:12] == b"WEBP"

    def test_of_a_private_project_is_not_there_for_others(self):
        project, other = make_project(), make_project(visibility="public")
        picture = add_picture(project=project, file=make_picture())
        address = f"{project.get_absolute_url()}pictures/{picture.name}"

        assert browser_of(make_user()).get(address).status_code == 404
        assert browser_of(project.owner).get(address).status_code == 200
        elsewhere = f"{other.get_absolute_url()}pictures/{picture.name}"
        assert browser_of(make_user()).get(elsewhere).status_code == 404

    @pytest.mark.parametrize(
        ("file", "status", "sentence"),
        [
            (lambda: a_file(b"<svg/>", "x.png"), 400, "not a picture"),
            (lambda: make_picture(7000, 6000), 413, "at most 40 million"),
            (lambda: None, 400, "choose a picture first"),
        ],
        ids=["svg", "42 megapixels", "none"],
    )
    def test_is_refused_in_a_sentence(self, file, status, sentence):
        project = make_project()

        response = self.send(
            browser_of(project.owner), project, file(), accept="application/json"
        )

        assert response.status_code == status
        assert sentence in response.json()["words"]
        assert not project.pictures.exists()

    def test_is_taken_by_a_plain_form(self):
        project = make_project()
        browser = browser_of(project.owner)

        taken = self.send(browser, project, make_picture())
        refused = self.send(browser, project, a_file(b"no", "x.png"))

        assert taken.status_code == refused.status_code == 303
        assert project.pictures.count() == 1
        assert "not a picture" in words_of(browser.get(edit_address(project)))

    def test_is_deleted_by_its_button(self):
        project = make_project()
        picture = add_picture(project=project, file=make_picture())
        services.update_project(project=project, cover=picture)

        response = browser_of(project.owner).post(
            f"{project.get_absolute_url()}pictures/{picture.name}/delete/"
        )

        assert response.status_code == 303
        assert Project.objects.get().cover is None
