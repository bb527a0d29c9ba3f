"""A link shows a private project until its date, or until its owner deletes it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from podium.accounts.models import User
from podium.common.errors import BadRequest, WrongState
from podium.portfolio import share_links
from podium.portfolio.models import Project, ShareLink
from podium.portfolio.personal import export
from podium.portfolio.pictures import add_picture, address_of
from tests.factories import make_picture, make_project, make_user
from tests.pages import browser_of, html_of, queries_of, words_of

pytestmark = pytest.mark.django_db


def make_link(project=None, days=7, **values) -> ShareLink:
    project = project or make_project(
        owner=make_user("mira"), title="Secret", body="Hm."
    )
    return share_links.make(project=project, days=days, **values)


def door(link: ShareLink) -> str:
    return f"/shared/{link.key}/"


def page_of(project) -> str:
    return f"{project.get_absolute_url()}links/"


class TestMake:
    def test_refuses_a_project_that_is_open_already(self):
        for visibility in ("public", "unlisted"):
            with pytest.raises(WrongState, match=f"is {visibility}"):
                make_link(make_project(visibility=visibility))

    def test_refuses_another_time_and_one_too_many(self, monkeypatch):
        monkeypatch.setattr(share_links, "MOST", 1)
        link = make_link()

        with pytest.raises(BadRequest, match="1, 7, 30 or 90 days"):
            make_link(link.project, days=1000)
        with pytest.raises(WrongState, match="delete one of them"):
            make_link(link.project)


class TestEnter:
    def test_shows_the_project_with_its_pictures_to_who_holds_it(self):
        link = make_link()
        picture = add_picture(project=link.project, file=make_picture())
        address = link.project.get_absolute_url()
        visitor = browser_of()
        assert visitor.get(address).status_code == 404

        response = visitor.get(door(link))

        assert (response.status_code, response.headers["Location"]) == (302, address)
        page = visitor.get(address)
        assert "Hm." in words_of(page)
        assert '<meta name="robots" content="noindex">' in html_of(page)
        assert "Report this project" not in words_of(page)
        assert visitor.get(address_of(link.project, picture)).status_code == 200
        assert browser_of().get(address).status_code == 404

    def test_opens_no_other_project_and_no_editor(self):
        link = make_link()
        other = make_project(owner=link.project.owner, title="Another")
        visitor = browser_of(make_user())
        visitor.get(door(link))

        assert visitor.get(other.get_absolute_url()).status_code == 404
        edit = visitor.get(f"{link.project.get_absolute_url()}edit/")
        assert edit.status_code == 403

    @pytest.mark.parametrize("end", ["date", "deleted", "hidden", "closed account"])
    def test_opens_nothing_after_its_end_to_those_inside_either(self, end):
        link = make_link()
        visitor = browser_of()
        visitor.get(door(link))
        address = link.project.get_absolute_url()
        assert visitor.get(address).status_code == 200

        match end:
            case "date":
                ShareLink.objects.update(expires_at=timezone.now())
            case "deleted":
                link.delete()
            case "hidden":
                Project.objects.update(hidden_at=timezone.now(), hidden_reason="x")
            case "closed account":
                User.objects.update(is_active=False)

        assert visitor.get(address).status_code == 404
        answer = browser_of().get(door(link))
        assert answer.status_code == 404

    def test_counts_the_visits_of_others(self):
        link = make_link()
        browser_of().get(door(link))
        browser_of(link.project.owner).get(door(link))

        link.refresh_from_db()
        assert link.opened == 1
        assert link.opened_at is not None

    def test_of_nothing_is_not_there(self):
        for key in ("x", "%00", "x" * 400):
            assert browser_of().get(f"/shared/{key}/").status_code == 404


class TestLinks:
    def test_makes_one_by_the_form_and_lists_it(self):
        project = make_project()
        owner = browser_of(project.owner)
        sent = {"label": "Anna at Acme", "days": "7"}

        response = owner.post(page_of(project), sent)

        assert response.status_code == 303
        link = project.share_links.get()
        left = link.expires_at - timezone.now()
        assert timedelta(days=6) < left <= timedelta(days=7)
        page = owner.get(page_of(project))
        assert door(link) in html_of(page)
        assert "Anna at Acme" in words_of(page)
        assert "Not opened yet" in words_of(page)

    def test_says_why_it_makes_none(self):
        project = make_project()
        owner = browser_of(project.owner)

        assert owner.post(page_of(project), {"days": "5"}).status_code == 400
        Project.objects.update(visibility="public", published_at=timezone.now())
        response = owner.post(page_of(project), {"days": "7"})
        assert "whoever has its address sees it" in words_of(response, 409)

    def test_is_for_the_owner_alone(self):
        link = make_link()
        address = page_of(link.project)

        assert browser_of(make_user()).get(address).status_code == 404
        staff = browser_of(make_user(is_staff=True))
        assert staff.get(address).status_code == 403
        assert staff.post(f"{address}{link.pk}/delete/").status_code == 403

    def test_deletes_ones_own_alone(self):
        mine, others = make_link(), make_link(make_project())
        owner, address = browser_of(mine.project.owner), page_of(mine.project)

        assert owner.post(f"{address}{others.pk}/delete/").status_code == 404
        assert owner.post(f"{address}{mine.pk}/delete/").status_code == 303
        assert list(ShareLink.objects.all()) == [others]

    def test_takes_as_many_queries_for_many_as_for_one(self):
        link = make_link()
        owner, address = browser_of(link.project.owner), page_of(link.project)
        few = queries_of(owner, address)
        for _ in range(4):
            make_link(link.project)

        assert queries_of(owner, address) == few


def test_an_export_tells_links_without_their_keys():
    link = make_link(label="Anna")

    (project,) = export(link.project.owner)["projects.json"]

    assert project["share_links"][0]["label"] == "Anna"
    assert "key" not in project["share_links"][0]
