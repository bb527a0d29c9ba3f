"""Portfolios, the gallery and projects, as each kind of visitor meets them."""

import re

import pytest
from django.utils import timezone

from podium.accounts.models import User
from podium.datasets.models import Dataset
from podium.portfolio import services
from podium.portfolio.models import Project
from podium.portfolio.pictures import add_picture
from tests.factories import (
    make_competition,
    make_picture,
    make_project,
    make_scored,
    make_team,
    make_user,
)
from tests.pages import browser_of, html_of, queries_of, words_of

pytestmark = pytest.mark.django_db


def hide(row):
    type(row).objects.filter(pk=row.pk).update(
        hidden_at=timezone.now(), hidden_reason="It is spam."
    )


class TestPortfolio:
    def test_tells_who_somebody_is(self):
        person = make_user(
            "mira",
            display_name="Mira K",
            bio="I like **small** models.",
            location="Lisbon",
            links=["https://mira.example.org/code"],
            practitioner="data_scientist",
        )

        html = html_of(browser_of().get("/people/mira/"))

        assert person.display_name in html
        assert "<strong>small</strong>" in html
        for word in ("Lisbon", "mira.example.org/code", "Data scientist"):
            assert word in html

    def test_shows_verified_results_and_where_they_can_be_checked(self):
        person, competition = make_user("mira"), make_competition(title="Digits")
        make_scored(make_team(competition, person, name="ours"), public=0.75)

        response = browser_of().get("/people/mira/")

        assert "1 of 1" in words_of(response)
        assert f"/competitions/{competition.slug}/leaderboard/?q=ours" in html_of(
            response
        )

    def test_shows_results_by_pages(self):
        person = make_user("mira")
        for number in range(13):
            competition = make_competition(title=f"Number {number:02}")
            make_scored(make_team(competition, person))
        browser = browser_of()
        first = html_of(browser.get("/people/mira/"))
        cursor = re.search(r"\?cursor=([\w-]+)\" rel=\"next", first)[1]

        second = html_of(browser.get(f"/people/mira/?cursor={cursor}"))

        assert len(re.findall(r"Number \d\d</bdi></a><small", first)) == 12
        assert len(re.findall(r"Number \d\d</bdi></a><small", second)) == 1

    def test_shows_pinned_projects_in_their_order_and_no_private_one(self):
        person = make_user("mira")
        for title in ("Alpha", "Beta"):
            services.pin(
                project=make_project(owner=person, title=title, visibility="public")
            )
        services.pin(project=make_project(owner=person, title="Secret"))
        make_project(owner=person, title="Unlisted one", visibility="unlisted")

        html = html_of(browser_of().get("/people/mira/"))

        assert html.index("Alpha") < html.index("Beta")
        assert "Secret" not in html
        assert "Unlisted one" not in html

    def test_tells_its_owner_alone_what_is_missing(self):
        person = make_user("mira")

        mine = words_of(browser_of(person).get("/people/mira/"))
        others = words_of(browser_of().get("/people/mira/"))

        assert "Add a picture" in mine
        assert "Join a competition and submit a model" in mine
        assert "Add a picture" not in others
        assert "No verified results yet" in others

    def test_leads_other_spellings_to_the_one_address(self):
        make_user("Mira")

        response = browser_of().get("/people/mira/")

        assert response.status_code == 301
        assert response.headers["Location"] == "/people/Mira/"

    def test_describes_itself_where_it_is_shared(self):
        make_user("mira", display_name='M "x" <b>', bio="I **do** things.")

        html = html_of(browser_of().get("/people/mira/"))

        assert '<meta property="og:type" content="profile">' in html
        assert 'content="M &quot;x&quot; &lt;b&gt;, portfolio"' in html

    def test_is_not_there_for_nobody_nor_for_those_who_left(self):
        User.objects.filter(pk=make_user("gone").pk).update(is_active=False)

        for name in ("gone", "nobody", "admin"):
            assert browser_of().get(f"/people/{name}/").status_code == 404

    def test_hidden_is_there_for_its_user_and_staff_with_the_reason(self):
        person = make_user("mira")
        hide(person)

        assert browser_of().get("/people/mira/").status_code == 404
        assert browser_of(make_user()).get("/people/mira/").status_code == 404
        for user in (person, make_user(is_staff=True)):
            user = User.objects.get(pk=user.pk)
            text = words_of(browser_of(user).get("/people/mira/"))
            assert "It is spam." in text

    @pytest.mark.parametrize(
        "name", ["نور\u202eevil", "W" * 80, "👩‍🔬" * 20, "<script>alert(1)</script>"]
    )
    def test_bears_any_name(self, name):
        make_user("mira", display_name=name)

        html = html_of(browser_of().get("/people/mira/"))

        assert "\u202e" not in html.split("</title>")[0]
        assert "<script>alert" not in html

    def test_takes_as_many_queries_for_many_as_for_one(self):
        person, browser = make_user("mira"), browser_of()

        def more():
            make_scored(make_team(make_competition(), person))
            project = make_project(owner=person, visibility="public")
            cover = add_picture(project=project, file=make_picture())
            services.update_project(project=project, cover=cover)
            services.pin(project=project)

        more()
        few = queries_of(browser, "/people/mira/")
        more()
        more()

        assert queries_of(browser, "/people/mira/") == few
        assert few <= 14


class TestGallery:
    def titles(self, query=""):
        html = html_of(browser_of().get(f"/projects/{query}"))
        return re.findall(r'<h3 class="break"><a [^>]+><bdi>([^<]*)', html)

    def test_shows_public_projects_alone(self):
        for visibility in ("public", "unlisted", "private"):
            make_project(title=visibility, visibility=visibility)
        hide(make_project(title="hidden", visibility="public"))

        assert self.titles() == ["public"]

    def test_finds_by_words_tag_and_person(self):
        mira = make_user("mira", display_name="Mira Kovač")
        make_project(
            owner=mira, title="One", tags="keras, 表", summary="x", visibility="public"
        )
        make_project(title="Two", tags="keras-cv", visibility="public")

        assert self.titles("?q=one+x") == ["One"]
        assert self.titles("?q=kovač") == ["One"]
        assert self.titles("?tag=keras") == ["One"]
        assert self.titles("?tag=表") == ["One"]
        assert self.titles("?by=MIRA") == ["One"]
        assert self.titles("?q=absent") == []

    def test_orders_by_votes_or_by_age(self):
        old = make_project(title="Old", visibility="public")
        make_project(title="New", visibility="public")
        services.vote(project=old, user=make_user())

        assert self.titles() == ["New", "Old"]
        assert self.titles("?sort=votes") == ["Old", "New"]
        assert self.titles("?sort=nonsense") == ["New", "Old"]

    @pytest.mark.parametrize("sort", ["newest", "votes"])
    def test_goes_through_all_pages_once(self, sort):
        for number in range(27):
            make_project(title=f"P{number}", visibility="public")
        browser, address, found = browser_of(), f"?sort={sort}", []
        while address:
            html = html_of(browser.get(f"/projects/{address}"))
            found += re.findall(r"<bdi>(P\d+)", html)
            link = re.search(r'href="(\?[^"]+)" rel="next"', html)
            address = link and link[1].replace("&amp;", "&")

        assert len(found) == len(set(found)) == 27

    def test_says_what_happens_where_there_is_nothing(self):
        assert "No projects yet" in words_of(browser_of().get("/projects/"))
        text = words_of(browser_of().get("/projects/?q=%3Cscript%3E"))
        assert "Nothing matches “ <script> ”" in text

    def test_takes_as_many_queries_for_many_as_for_one(self):
        browser = browser_of()
        make_project(visibility="public", tags="a")
        few = queries_of(browser, "/projects/")
        for _ in range(5):
            make_project(visibility="public", tags="b")

        assert queries_of(browser, "/projects/") == few


class TestProject:
    def test_shows_text_code_and_formulas(self):
        project = make_project(
            visibility="public", body="# Why\n\n```python\nimport keras\n```\n\n$x^2$"
        )

        html = html_of(browser_of().get(project.get_absolute_url()))

        assert "<h2>Why</h2>" in html
        assert '<span class="kn">import</span>' in html
        assert "<msup><mi>x</mi><mn>2</mn></msup>" in html

    @pytest.mark.parametrize("visibility", ["private", "unlisted", "public"])
    def test_is_there_for_whom_its_owner_wants(self, visibility):
        project = make_project(visibility=visibility)
        address = project.get_absolute_url()
        others = 404 if visibility == "private" else 200

        assert browser_of().get(address).status_code == others
        assert browser_of(make_user()).get(address).status_code == others
        assert browser_of(project.owner).get(address).status_code == 200

    def test_hidden_is_there_for_its_owner_with_the_reason(self):
        project = make_project(visibility="public")
        hide(project)
        address = project.get_absolute_url()

        assert browser_of().get(address).status_code == 404
        assert browser_of(make_user()).get(address).status_code == 404
        text = words_of(browser_of(project.owner).get(address))
        assert "Your project is hidden from others. Staff’s reason: It is spam." in text

    def test_goes_with_an_account_that_is_closed(self):
        project = make_project(visibility="public")
        User.objects.filter(pk=project.owner_id).update(is_active=False)

        assert browser_of().get(project.get_absolute_url()).status_code == 404
        assert "No projects yet" in words_of(browser_of().get("/projects/"))

    def test_shows_results_and_datasets_that_the_visitor_may_see(self):
        owner = make_user()
        competition = make_competition(title="Secret cup", visibility="private")
        scored = make_scored(make_team(competition, owner), public=0.987654)
        dataset = Dataset.objects.create(owner=owner, slug="d", title="Secret data")
        project = make_project(
            owner=owner,
            visibility="public",
            results=[scored.pk],
            datasets=[dataset.pk],
        )
        address = project.get_absolute_url()

        mine = html_of(browser_of(owner).get(address))
        others = html_of(browser_of().get(address))

        for word in ("Secret cup", "0.98765", "Secret data"):
            assert word in mine
            assert word not in others

    def test_tells_search_engines_nothing_of_unlisted_ones(self):
        project = make_project(visibility="unlisted")

        html = html_of(browser_of().get(project.get_absolute_url()))

        assert '<meta name="robots" content="noindex">' in html

    def test_shares_its_cover(self):
        project = make_project(visibility="public", summary="A sentence.")
        cover = add_picture(project=project, file=make_picture(20, 10))
        services.update_project(project=project, cover=cover)

        html = html_of(browser_of().get(project.get_absolute_url()))

        found = re.search(r'og:image" content="http://[^/]+([^"]+)"', html)
        assert browser_of().get(found[1]).status_code == 200
        assert 'og:image:width" content="20"' in html
        assert 'og:description" content="A sentence."' in html

    def test_takes_as_many_queries_with_more_beside_it(self):
        owner = make_user()
        project = make_project(owner=owner, visibility="public")
        browser = browser_of(make_user())

        def more():
            scored = make_scored(make_team(make_competition(), owner))
            slug = f"d{scored.pk}"
            dataset = Dataset.objects.create(
                owner=owner, slug=slug, title="D", visibility="public"
            )
            project.results.add(scored)
            project.datasets.add(dataset)

        more()
        few = queries_of(browser, project.get_absolute_url())
        more()

        assert queries_of(browser, project.get_absolute_url()) == few


class TestVote:
    def test_counts_by_a_plain_form(self):
        project, voter = make_project(visibility="public"), make_user()

        response = browser_of(voter).post(f"{project.get_absolute_url()}vote/")

        assert response.status_code == 303
        assert Project.objects.get().vote_count == 1

    def test_answers_the_button_alone_to_htmx(self):
        project, browser = make_project(visibility="public"), browser_of(make_user())
        address = f"{project.get_absolute_url()}vote/"

        given = html_of(browser.post(address, headers={"HX-Request": "true"}))
        taken = html_of(browser.post(address, headers={"HX-Request": "true"}))

        assert 'aria-pressed="true"' in given
        assert 'aria-pressed="false"' in taken
        assert "<html" not in given

    def test_refuses_ones_own_in_a_sentence(self):
        project = make_project(visibility="public")

        response = browser_of(project.owner).post(f"{project.get_absolute_url()}vote/")

        assert "This is your own project" in words_of(response, 403)

    def test_is_not_there_for_what_one_may_not_see(self):
        project = make_project()

        response = browser_of(make_user()).post(f"{project.get_absolute_url()}vote/")

        assert response.status_code == 404


class TestMine:
    def test_lists_drafts_and_pins(self):
        owner = make_user()
        make_project(owner=owner, title="Half thought")
        services.pin(
            project=make_project(owner=owner, title="Done", visibility="public")
        )

        text = words_of(browser_of(owner).get("/projects/mine/"))

        assert "Half thought draft" in text
        assert re.search("Pinned .* Done", text)

    def test_pins_and_unpins_by_its_buttons(self):
        project = make_project(visibility="public")
        browser = browser_of(project.owner)
        address = f"{project.get_absolute_url()}pin/"

        browser.post(address, {"deed": "pin"})
        pinned = Project.objects.get().pinned
        browser.post(address, {"deed": "unpin"})

        assert (pinned, Project.objects.get().pinned) == (1, None)

    def test_takes_as_many_queries_for_many_as_for_one(self):
        owner = make_user()
        make_project(owner=owner)
        few = queries_of(browser_of(owner), "/projects/mine/")
        for _ in range(4):
            make_project(owner=owner)

        assert queries_of(browser_of(owner), "/projects/mine/") == few
