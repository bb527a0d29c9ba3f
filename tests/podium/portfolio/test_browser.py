"""Portfolios and projects in a browser: written, shown, printed, attacked."""

import re

import pytest
from django.conf import settings

from podium.portfolio import services
from podium.portfolio.models import Project, ProjectDraft
from podium.portfolio.pictures import add_picture, markdown_of
from tests.factories import (
    make_competition,
    make_picture,
    make_project,
    make_scored,
    make_team,
    make_user,
)
from tests.journeys.browser import visitors

pytestmark = [
    pytest.mark.needs("browser"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
]

PASSWORD = "a-long-password"
BODY = """## Why

With $\\hat y_i = w^\\top x_i$ the loss is

$$
L = \\frac{1}{n} \\sum_{i=1}^{n} (y_i - \\hat y_i)^2 + a + b + c + d + e + f + g + h + i
$$

```python
import keras  # a long line that goes on and on, further than any phone is wide
```

| a | b |
|---|--:|
| 1 | 2 |
"""
WHO = {
    "display_name": "Mira Kovač",
    "bio": "I like **small** models and honest error bars.",
    "location": "Lisbon",
    "links": ["https://mira.example.org/" + "long/" * 20],
    "practitioner": "programmer",
    "practitioner_also": ["data_scientist"],
}


@pytest.fixture
def browser(live_server, monkeypatch):
    """Visitors of a live server; the test's own thread goes on using the database."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with visitors(live_server.url) as make:
        yield make


def full_portfolio():
    """Somebody with twelve results and six pinned projects with covers."""
    person = make_user("mira-k", **WHO)
    for number in range(12):
        competition = make_competition(title=f"Competition of many words {number}")
        make_scored(make_team(competition, is_baseline=True, name="B"), public=0.4)
        scored = make_scored(make_team(competition, person), public=0.5)
    for number in range(6):
        project = make_project(
            owner=person,
            title=f"One year on, with honest intervals {number}",
            summary="How sure can ten measurements be about a year later? " * 3,
            visibility="public",
            tags="regression, conformal prediction, keras",
            results=[scored.pk],
        )
        picture = add_picture(project=project, file=make_picture(640, 300))
        services.update_project(
            project=project,
            cover=picture,
            body=BODY + markdown_of(project, picture),
        )
        services.pin(project=project)
    return person


class TestPages:
    @pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
    def test_are_accessible_and_fit(self, browser, width, theme):
        person = full_portfolio()
        make_user("boss", is_staff=True)
        long = make_user("l" * 40, display_name="W" * 80, bio="🚀" * 300)
        wide = make_project(
            owner=long, title="X" * 120, summary="🔥" * 240, visibility="public"
        )
        rtl = make_project(
            owner=long, title="مشروع", body="# مقدمة\n\nنص", visibility="public"
        )
        project = person.projects.last()
        one = project.get_absolute_url()
        pages = {
            "": [
                *("/people/mira-k/", one, "/projects/", "/projects/?q=nothing"),
                *(f"/people/{'l' * 40}/", wide.get_absolute_url()),
                *(rtl.get_absolute_url(), "/projects/?tag=keras&sort=votes"),
            ],
            "mira-k": [
                *("/people/mira-k/", one, f"{one}edit/", f"{one}delete/"),
                *("/projects/mine/", "/projects/new/"),
            ],
            "boss": ["/reports/", f"/report/project/{project}/", "/people/boss/"],
        }
        found = []
        for username, addresses in pages.items():
            visitor = browser(viewport={"width": width, "height": 900})
            visitor.page.context.add_cookies(
                [{"name": "theme", "value": theme, "url": visitor.url}]
            )
            if username:
                visitor.sign_in(username, PASSWORD)
            for address in addresses:
                assert visitor.go(address).status == 200, address
                found += [f"{address} {fault}" for fault in visitor.faults()]
                for narrow in (width, 320):
                    visitor.page.set_viewport_size({"width": narrow, "height": 900})
                    if visitor.overflow() > 0:
                        found.append(f"{address} is too wide at {narrow}")
                visitor.page.set_viewport_size({"width": width, "height": 900})
            found += visitor.errors

        assert not found, "\n".join(found)

    def test_of_a_full_portfolio_print_on_one_sheet(self, browser):
        full_portfolio()
        visitor = browser()
        visitor.go("/people/mira-k/")

        pdf = visitor.page.pdf(prefer_css_page_size=True)

        assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1


class TestEditor:
    def open(self, browser, **options):
        owner = make_user("mira-k")
        project = make_project(owner=owner, title="One year on")
        visitor = browser(**options)
        visitor.sign_in("mira-k", PASSWORD)
        visitor.go(f"{project.get_absolute_url()}edit/")
        return project, visitor

    @pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
    def test_writes_a_project_from_its_title_to_the_gallery(self, browser, script):
        make_user("mira-k")
        visitor = browser(java_script_enabled=script)
        page = visitor.page
        visitor.sign_in("mira-k", PASSWORD)

        visitor.go("/projects/")
        page.get_by_role("link", name="New project").click()
        page.get_by_label("Title").fill("One year on")
        page.get_by_role("button", name="Begin writing").click()
        page.get_by_label("Text (optional)").fill("# Why\n\nBecause **so**.")
        page.get_by_role("button", name="Preview").click()
        page.locator("#preview strong", has_text="so").wait_for()
        page.get_by_label("Public: everybody").check()
        page.get_by_role("button", name="Save").click()
        page.get_by_role("heading", name="Why").wait_for()

        stranger = browser(java_script_enabled=script)
        stranger.go("/projects/")
        stranger.page.get_by_role("link", name="One year on").click()
        stranger.page.get_by_text("Because so.").wait_for()
        assert not visitor.errors + stranger.errors

    def test_keeps_a_draft_while_one_types(self, browser):
        project, visitor = self.open(browser)

        visitor.page.get_by_label("Text (optional)").fill("Half a thought")
        visitor.page.get_by_text("Draft saved at").wait_for()
        visitor.page.reload()

        assert (
            visitor.page.get_by_label("Text (optional)").input_value()
            == "Half a thought"
        )
        assert ProjectDraft.objects.get().body == "Half a thought"
        assert Project.objects.get().body == ""

    def test_loses_nothing_when_the_session_ends(self, browser):
        project, visitor = self.open(browser)
        page, context = visitor.page, visitor.page.context
        context.clear_cookies(name=settings.SESSION_COOKIE_NAME)

        page.get_by_label("Text (optional)").fill("A long thought")
        page.get_by_text("You are signed out: what you type is kept").wait_for()
        page.reload()
        page.get_by_label("User name or e-mail address").fill("mira-k")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
        page.get_by_text("This browser holds text that was not saved").wait_for()
        page.get_by_role("button", name="Put it back").click()
        page.get_by_text("Draft saved at").wait_for()

        assert ProjectDraft.objects.get().body == "A long thought"

    def test_goes_on_after_signing_in_in_another_tab(self, browser):
        project, visitor = self.open(browser)
        page, context = visitor.page, visitor.page.context
        context.clear_cookies()
        page.get_by_label("Text (optional)").fill("A thought")
        page.get_by_text("You are signed out: what you type is kept").wait_for()
        other = context.new_page()
        other.goto(f"{visitor.url}/accounts/login/")
        other.get_by_label("User name or e-mail address").fill("mira-k")
        other.get_by_label("Password", exact=True).fill(PASSWORD)
        other.locator("main").get_by_role("button", name="Sign in", exact=True).click()
        other.get_by_text("Your account, mira-k").wait_for(state="attached")

        page.get_by_label("Text (optional)").fill("A thought, finished")
        page.get_by_text("Draft saved at").wait_for()
        page.get_by_role("button", name="Save").click()
        page.get_by_text("A thought, finished").wait_for()

        assert Project.objects.get().body == "A thought, finished"

    def test_says_when_another_window_went_on(self, browser):
        project, visitor = self.open(browser)
        services.update_project(project=project, body="there")

        visitor.page.get_by_label("Text (optional)").fill("here")

        visitor.page.get_by_text("changed in another window").wait_for()
        assert Project.objects.get().body == "there"

    def test_puts_a_picture_where_the_cursor_stands(self, browser):
        project, visitor = self.open(browser)
        file = {
            "name": "plot.png",
            "mimeType": "image/png",
            "buffer": make_picture(30, 20).read(),
        }

        visitor.page.get_by_label("Picture", exact=True).set_input_files(file)
        visitor.page.get_by_role("button", name="Add the picture").click()
        visitor.page.get_by_text("Picture added.").wait_for()

        line = visitor.page.get_by_label("Text (optional)").input_value()
        assert "-30x20.webp)" in line
        assert not visitor.errors

    def test_saves_what_was_typed_a_moment_ago(self, browser):
        project, visitor = self.open(browser)

        visitor.page.get_by_label("Text (optional)").fill("first")
        visitor.page.get_by_text("Draft saved at").wait_for()
        visitor.page.get_by_label("Text (optional)").fill("last")
        visitor.page.get_by_role("button", name="Save").click()
        visitor.page.get_by_text("last").wait_for()

        assert Project.objects.get().body == "last"
        assert not ProjectDraft.objects.exists()

    def test_is_used_by_keyboard_alone(self, browser):
        make_user("mira-k")
        visitor = browser()
        visitor.sign_in("mira-k", PASSWORD)
        visitor.go("/projects/new/")
        keyboard = visitor.page.keyboard

        def tab_to(label):
            for _ in range(60):
                keyboard.press("Tab")
                if visitor.page.get_by_label(label).first.evaluate(
                    "element => element === document.activeElement"
                ):
                    return
            raise AssertionError(f"Tab never comes to {label}")

        tab_to("Title")
        keyboard.type("By keyboard")
        keyboard.press("Enter")
        visitor.page.get_by_role("heading", name="Edit By keyboard").wait_for()
        tab_to("Text (optional)")
        keyboard.type("No mouse.")
        tab_to("Private: only you")
        keyboard.press("ArrowDown")
        keyboard.press("ArrowDown")
        tab_to("Tags")
        keyboard.press("Enter")
        visitor.page.get_by_role("heading", name="By keyboard", exact=True).wait_for()

        project = Project.objects.get()
        assert (project.body, project.visibility) == ("No mouse.", "public")


class TestVote:
    def test_counts_without_loading_the_page(self, browser):
        project = make_project(visibility="public")
        make_user("mira-k")
        visitor = browser()
        visitor.sign_in("mira-k", PASSWORD)
        visitor.go(project.get_absolute_url())
        visitor.page.evaluate("window.stayed = true")

        visitor.page.get_by_role("button", name="Vote").click()
        visitor.page.get_by_role("button", name="Voted 1 vote").wait_for()

        assert visitor.page.evaluate("window.stayed")
        assert Project.objects.get().vote_count == 1
        assert not visitor.errors


ATTACKS = [
    "<script>window.hacked=1</script>",
    "<img src=x onerror=window.hacked=1>",
    "<svg onload=window.hacked=1>",
    "<svg><script>window.hacked=1</script></svg>",
    "<math><mtext></mtext><script>window.hacked=1</script></math>",
    "<math><mi//xlink:href='data:x,<script>window.hacked=1</script>'>",
    "<iframe srcdoc='<script>parent.hacked=1</script>'></iframe>",
    "<details open ontoggle=window.hacked=1>x</details>",
    "<style>@import 'javascript:window.hacked=1'</style>",
    "<base href='javascript:/a/-window.hacked=1//'>",
    "[click](javascript:window.hacked=1)",
    "[click](JaVaScRiPt:window.hacked=1)",
    "[click](&#106;avascript:window.hacked=1)",
    "[click](data:text/html,<script>window.hacked=1</script>)",
    "[click](vbscript:window.hacked=1)",
    "<javascript:window.hacked=1>",
    "![x](javascript:window.hacked=1)",
    '![x](x"onerror="window.hacked=1)',
    '![x" onerror="window.hacked=1](/x.png)',
    "[x]: javascript:window.hacked=1\n\n[x]",
    "```html\n<script>window.hacked=1</script>\n```",
    '```"><script>window.hacked=1</script>\nx\n```',
    "`<script>window.hacked=1</script>`",
    "| <script>window.hacked=1</script> |\n|---|\n| x |",
    r"$\text{<script>window.hacked=1</script>}$",
    r"$\text{<img src=x onerror=window.hacked=1>}$",
    r"$\href{javascript:window.hacked=1}{click}$",
    r"$\style{x:expression(window.hacked=1)}{x}$",
    r"$\class{x\" onload=\"window.hacked=1}{x}$",
    r"$$\mbox{</math><script>window.hacked=1</script>}$$",
    r"$</math><script>window.hacked=1</script>$",
    r"$\unicode{<script>window.hacked=1</script>}$",
    "<noscript><p title='</noscript><img src=x onerror=window.hacked=1>'>",
    "<!--><img src=x onerror=window.hacked=1>-->",
    "<a href='x' onfocus=window.hacked=1 autofocus>x</a>",
    "<form action=javascript:window.hacked=1><input type=submit>",
    "<object data='data:text/html,<script>window.hacked=1</script>'>",
    "<template><script>window.hacked=1</script></template>",
    "<x hx-on:load='window.hacked=1' hx-get='/' hx-trigger='load'>x</x>",
    "{{ 7 * 7 }}<script>window.hacked=1</script>{% debug %}",
]


class TestAttacks:
    def test_run_nowhere(self, browser):
        make_user("mira-k")
        owner = make_user(
            "evil",
            display_name=ATTACKS[1],
            bio="\n\n".join(ATTACKS),
            location=ATTACKS[0],
        )
        project = make_project(
            owner=owner,
            title=ATTACKS[0],
            summary=ATTACKS[1],
            tags=[ATTACKS[2]],
            body="\n\n".join(ATTACKS),
            visibility="public",
        )
        services.pin(project=project)
        visitor = browser()
        visitor.sign_in("mira-k", PASSWORD)
        page = visitor.page
        page.on("dialog", lambda dialog: pytest.fail(dialog.message))

        for address in (project.get_absolute_url(), "/people/evil/", "/projects/"):
            assert visitor.go(address).status == 200
            for link in page.get_by_role("link", name="click").all():
                href = link.get_attribute("href") or ""
                assert not href.lower().startswith(("javascript", "data", "vbscript"))
            page.wait_for_timeout(200)
            assert page.evaluate("window.hacked") is None, address
            inside = page.locator("article, .bio")
            assert (
                inside.locator("script, iframe, object, form, svg, base").count() == 0
            )
