"""Texts that try to run as script, shown wherever people's texts are shown: none runs.

Rows are written past the services that would refuse or tidy them, so that the pages are
tried with the worst that a database could hold.
"""

from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Error as PlaywrightError

from competitions.models import Competition, RulesVersion
from podium.accounts.models import ApiToken, User
from podium.common.errors import BadRequest
from podium.common.files import store_bytes
from podium.datasets import actors
from podium.datasets.models import Dataset
from podium.datasets.names import assert_path
from podium.datasets.services import create_dataset
from podium.notices.models import Notice
from podium.portfolio.models import Project
from podium.site.models import StandingPage
from podium.site.reports.models import Report
from tests.factories import (
    make_competition,
    make_project,
    make_scored,
    make_submission,
    make_team,
    make_user,
)
from tests.journeys.browser import visitors
from tests.journeys.payloads import ADDRESSES, MARKDOWN, PAYLOADS, RAW_HTML

pytestmark = [
    pytest.mark.needs("browser"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
]

PASSWORD = "a-long-password"
LINKS = PAYLOADS[-len(ADDRESSES) :]
BODY = "\n\n".join(PAYLOADS) + "\n\n" + "\n\n".join(f"[x]({it})" for it in PAYLOADS)
WATCH = """
window.heard = [];
window.ran = (number) => {
  window.heard.push(`ran ${number}`);
  console.log(`ran ${number}`);
};
document.addEventListener("securitypolicyviolation", (event) =>
  window.heard.push(`blocked ${event.violatedDirective} ${event.blockedURI}`));
"""
INSPECT = Path(__file__).with_name("inspect_page.js").read_text()


@pytest.fixture
def browser(live_server, monkeypatch):
    """Visitors of a live server; the test's own thread goes on using the database."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with visitors(live_server.url) as make:
        yield make


def watched(visitor):
    """The same visitor, who notices scripts, dialogues and requests to elsewhere."""
    visitor.noticed = []
    host = urlsplit(visitor.url).netloc
    visitor.page.add_init_script(WATCH)

    def dialogue(dialog):
        visitor.noticed.append(f"dialogue: {dialog.message}")
        dialog.dismiss()

    def request(sent):
        if sent.url.startswith("http") and urlsplit(sent.url).netloc != host:
            visitor.noticed.append(f"request: {sent.url}")

    visitor.page.on("dialog", dialogue)
    visitor.page.on("request", request)
    return visitor


def joined(length: int, start: int = 0) -> str:
    """As many whole payloads as a field takes."""
    text = ""
    for payload in [*PAYLOADS[start:], *PAYLOADS[:start]]:
        if len(text) + len(payload) + 1 > length:
            break
        text += f"{payload} "
    return text.strip().replace("\x01", "")


class Scene:
    """Everything that people can name or write, named and written badly."""

    def __init__(self):
        self.host = make_user("host")
        self.mira = make_user("mira-k")
        self.boss = make_user("boss", is_staff=True, is_superuser=True)
        User.objects.filter(pk=self.mira.pk).update(
            display_name=PAYLOADS[0],
            bio=BODY,
            location=joined(80, 10),
            links=LINKS,
        )
        self._compete()
        self._submit()
        self._share()
        self._tell()

    def _compete(self):
        for number, title in enumerate(PAYLOADS[::8]):
            make_competition(
                slug=f"c{number}",
                title=title.replace("\x01", ""),
                subtitle=joined(240, number * 8),
                tags=[title, PAYLOADS[number]],
            )
        self.competition = make_competition(
            slug="c",
            host=self.host,
            title=PAYLOADS[4],
            subtitle=joined(240, 5),
            overview=BODY,
            data_text=BODY,
            evaluation=BODY,
            starter="\n".join(PAYLOADS),
            licence=PAYLOADS[0],
            tags=PAYLOADS[:20],
            contract={
                "inputs": {PAYLOADS[0]: {"columns": PAYLOADS[:9], "dtype": "float32"}},
                "output": {"kind": "probabilities", "classes": PAYLOADS[:9]},
                "id": "id",
                "target": "answer",
            },
        )
        RulesVersion.objects.filter(competition=self.competition).update(text=BODY)
        for name in PAYLOADS[:48]:
            make_scored(make_team(self.competition, name=name), public=0.5)
        make_scored(
            make_team(self.competition, name=PAYLOADS[50], is_baseline=True), public=0.4
        )

    def _submit(self):
        self.team = make_team(self.competition, self.mira, name=f"x{PAYLOADS[2]}")
        words = {
            "detail": "\n".join(PAYLOADS),
            "printed": "\n".join(PAYLOADS),
            "message": "\n".join(PAYLOADS),
        }
        for number in range(0, len(PAYLOADS), 6):
            make_submission(
                self.team,
                file_name=joined(200, number),
                description=joined(500, number),
            )
        self.scored = make_scored(self.team, public=0.9, description=joined(500))
        self.failed = make_submission(
            self.team,
            status="failed",
            reason="wrong_signature",
            finished_at=timezone.now(),
            file_name=joined(200, 30),
            **words,
        )

    def _share(self):
        names = [f"{number}-{text}.csv" for number, text in enumerate(PAYLOADS)]
        self.names = [name for name in names if self._can_be_a_file(name)]
        cells = ",".join('"' + it.replace('"', '""') + '"' for it in PAYLOADS[:20])
        table = f"{cells}\n{cells}\n{cells}\n".encode()
        files = dict.fromkeys(self.names, store_bytes(table))
        files["picture.svg"] = store_bytes(RAW_SVG)
        files["page.html"] = store_bytes(b"<script>ran(1)</script>")
        self.dataset = create_dataset(
            owner=self.mira,
            title="Data",
            slug="numbers",
            visibility="public",
            files=files,
            notes=BODY[:2000],
        )
        while actors.prepare_next():
            pass
        Dataset.objects.update(
            title=PAYLOADS[0], subtitle=joined(200), description=BODY
        )
        Dataset.objects.update(tags=PAYLOADS[:8], licence=PAYLOADS[0])
        self.project = make_project(
            owner=self.mira,
            title="Work",
            visibility="public",
            results=[self.scored.pk],
            datasets=[self.dataset.pk],
        )
        self.address = self.project.get_absolute_url()
        Project.objects.update(
            title=PAYLOADS[0],
            summary=joined(240),
            body=BODY,
            tags=PAYLOADS[:8],
            repository=LINKS[0],
            pinned=1,
        )

    def _can_be_a_file(self, name: str) -> bool:
        try:
            assert_path(name)
        except BadRequest:
            return False
        return True

    def _tell(self):
        ApiToken.objects.create(user=self.mira, name=joined(80, 3))
        StandingPage.objects.create(key="about", text=BODY)
        for kind in ("submission_scored", "submission_failed"):
            Notice.objects.create(
                user=self.mira,
                kind=kind,
                subject=kind,
                title=joined(200),
                text="\n".join(PAYLOADS),
                url="/",
            )
        Report.objects.create(
            kind="project",
            target_id=self.project.pk,
            target_name=PAYLOADS[0],
            reporter=self.mira,
            text="\n".join(PAYLOADS)[:2000],
        )

    def pages(self) -> dict[str, list[str]]:
        tabs = ("", "data/", "evaluation/", "leaderboard/", "rules/")
        asked = [quote(joined(200, start)) for start in range(0, len(PAYLOADS), 12)]
        return {
            "": [
                *("/", "/competitions/", "/datasets/", "/projects/", "/about/"),
                *(f"/competitions/c/{tab}" for tab in tabs),
                *(f"/search/?q={words}" for words in asked),
                "/search/?q=script",
                "/search/?kind=people&q=mira",
                *(f"/{name}/?q={asked[0]}" for name in ("competitions", "projects")),
                f"/datasets/?q={asked[1]}&tag={asked[2]}&licence={asked[3]}",
                f"/competitions/c/leaderboard/?q={asked[0]}",
                f"/nowhere/{asked[0]}",
                f"/accounts/login/?next={quote(LINKS[0])}",
                *("/people/mira-k/", self.address, "/datasets/mira-k/numbers/"),
                f"/datasets/mira-k/numbers/?file={quote(self.names[-1])}",
            ],
            "mira-k": [
                *("/competitions/c/submit/", "/competitions/c/submissions/"),
                "/competitions/c/leaderboard/?around=me",
                f"/submissions/{self.scored.pk}/",
                f"/submissions/{self.failed.pk}/",
                *(f"{self.address}edit/", "/projects/mine/", "/people/mira-k/"),
                *("/settings/", "/settings/tokens/", "/notices/"),
                "/datasets/mira-k/numbers/edit/",
            ],
            "boss": [
                *("/reports/", f"/submissions/{self.failed.pk}/"),
                "/competitions/c/submissions/",
                f"/admin/competitions/submission/{self.failed.pk}/change/",
                "/admin/portfolio/project/",
            ],
        }


RAW_SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" onload="ran(1)"><script>ran(1)</script>'
    b"</svg>"
)


def test_the_corpus_is_large_and_every_text_is_another_one():
    assert (
        len(PAYLOADS)
        == len(set(PAYLOADS))
        == len(RAW_HTML) + len(MARKDOWN) + len(ADDRESSES)
    )
    assert len(PAYLOADS) >= 60


def test_the_corpus_runs_where_nothing_stops_it(browser):
    """Else a page that runs none of it would prove nothing."""
    visitor, shown = watched(browser()), ""
    visitor.page.route("**/evil.example/**", lambda route: route.abort())
    visitor.page.route(
        "**/bare/",
        lambda route: route.fulfill(body=shown, content_type="text/html"),
    )
    ran = set()
    visitor.page.on("console", lambda message: ran.add(message.text))

    for payload in PAYLOADS[: len(RAW_HTML)]:
        shown = f"<!doctype html><p>{payload}</p>"
        with suppress(PlaywrightError):  # the one before may still be leading away
            visitor.page.goto(f"{visitor.url}/bare/", wait_until="commit")
        visitor.page.wait_for_timeout(15)

    assert len([words for words in ran if words.startswith("ran ")]) >= 15
    assert visitor.noticed


def test_no_text_runs_on_any_page(browser):
    scene, found, seen = Scene(), [], 0
    for username, addresses in scene.pages().items():
        visitor = watched(browser())
        if username:
            visitor.sign_in(username, PASSWORD)
        for address in addresses:
            status = visitor.go(address).status
            assert status == (404 if "/nowhere/" in address else 200), address
            seen += visitor.page.content().count("ran(")
            found += [f"{address[:60]} {it}" for it in visitor.page.evaluate(INSPECT)]
        found += visitor.noticed

    assert not found, "\n".join(found)
    assert seen > 2000  # the texts were there, as text
    assert Competition.objects.filter(title=PAYLOADS[4]).exists()


def test_no_uploaded_document_opens_as_a_page(browser):
    Scene()
    visitor = watched(browser())
    for name in ("picture.svg", "page.html"):
        with visitor.page.expect_download() as download:
            visitor.page.evaluate(
                "address => { location.href = address }",
                f"{visitor.url}/datasets/mira-k/numbers/files/{name}",
            )
        assert download.value.suggested_filename == name

    assert not visitor.noticed


@pytest.mark.parametrize("content", [RAW_SVG, b"<script>ran(1)</script>"])
def test_no_document_is_taken_as_a_picture(browser, tmp_path, content):
    make_user("mira-k")
    visitor = watched(browser())
    visitor.sign_in("mira-k", PASSWORD)
    file = tmp_path / "picture.png"
    file.write_bytes(content)
    visitor.go("/settings/")

    visitor.page.locator("input[type=file]").first.set_input_files(file)
    visitor.page.locator("main form:has(input[type=file]) [type=submit]").first.click()
    visitor.page.get_by_text("picture").first.wait_for()

    assert User.objects.get().picture is None
    assert visitor.page.evaluate(INSPECT) == []
