"""A host's pages: uploads, launch, changes, conduct, figures, sheets."""

import csv
import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from competitions.models import (
    AuditEntry,
    Competition,
    Draft,
    HostReport,
    LeaderboardEntry,
    Submission,
)
from podium.notices.models import Notice
from tests.competitions import folder_files as given
from tests.competitions.hosting.given import DEMO, files_below, housekeeper
from tests.competitions.test_folders_export import told_by
from tests.factories import (
    make_competition,
    make_scored,
    make_submission,
    make_team,
    make_user,
)
from tests.pages import browser_of, html_of, queries_of, words_of
from tests.podium.datasets.given import BOUNDARY, body_of

pytestmark = pytest.mark.django_db


def zipped(files: dict) -> SimpleUploadedFile:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, content in files.items():
            archive.writestr(f"birds/{path}", content)
    return SimpleUploadedFile("birds.zip", out.getvalue())


def upload(browser, *files):
    response = browser.post("/host/new/", {"files": list(files)})
    housekeeper()
    return response


class TestUpload:
    def test_makes_a_draft_competition_of_a_zip(self, tmp_path):
        browser = browser_of(make_user())

        upload(browser, zipped(files_below(DEMO / "penguins")))

        made = Competition.objects.get(slug="penguins")
        assert made.status == "draft"
        draft = Draft.objects.get()
        assert (draft.state, draft.competition) == ("made", made)
        # The document is the one that came, comments and all.
        source = made.source_files.get(path="competition.yaml").stored.open().read()
        assert source == (DEMO / "penguins/competition.yaml").read_bytes()
        # The launch check ran in its own process, and found nothing.
        report = HostReport.objects.get(kind="launch")
        assert report.status == "ready", report.problem
        assert {f["level"] for f in report.content["findings"]} <= {"ok", "note"}

    def test_makes_one_of_a_folder(self):
        browser = browser_of(make_user())
        files = [(f"birds/{path}", text.encode()) for path, text in given.FILES.items()]

        response = browser.post(
            "/host/new/",
            body_of(files),
            content_type=f"multipart/form-data; boundary={BOUNDARY}",
            headers={"X-Requested-With": "XMLHttpRequest"},
        )
        housekeeper()

        assert response.status_code == 201
        assert response.headers["Location"].endswith("/review/")
        state = browser.get(f"/host/drafts/{Draft.objects.get().pk}/state/")
        assert state.headers["HX-Refresh"] == "true"  # the waiting page goes on
        assert Competition.objects.get().slug == "birds"

    def test_tells_all_faults_at_once_and_imports_nothing(self):
        browser = browser_of(make_user())
        files = given.with_lines("late: yes", "finale: 2")
        del files["rules.md"]
        files["hidden/labels.csv"] = "id,kind\n1,gull\n1,gull\n"

        response = upload(browser, zipped(files))

        page = words_of(browser.get(response.headers["Location"]))
        for told in (
            "late (line 15)",
            "did you mean finals?",
            "rules.md : is missing",
            "hidden/labels.csv",
            "ids must be unique",
        ):
            assert told in page, told
        assert not Competition.objects.exists()

    def test_says_what_is_no_folder(self):
        browser = browser_of(make_user())

        nothing = browser.post("/host/new/", {})
        odd = browser.post("/host/new/", {"files": SimpleUploadedFile("a.txt", b"x")})
        response = upload(browser, SimpleUploadedFile("a.zip", b"PK no zip"))

        assert "Choose a folder, or a zip of one" in words_of(nothing, 400)
        assert "There is no competition.yaml" in words_of(odd, 400)
        page = words_of(browser.get(response.headers["Location"]))
        assert "neither a folder nor a readable zip" in page

    def test_refuses_more_than_five_gigabytes_before_it_reads_them(self):
        response = browser_of(make_user()).post(
            "/host/new/",
            b"--x--",
            content_type="multipart/form-data; boundary=x",
            CONTENT_LENGTH=str(5_100_000_000),
        )

        assert "at most 5 GB are taken at once" in words_of(response, 413)


class TestLaunch:
    def test_must_be_read_before_publishing(self):
        host = make_user()
        browser = browser_of(host)
        upload(browser, zipped(given.FILES))
        Draft.objects.all().delete()

        before = browser.post("/host/birds/publish/")
        page = words_of(browser.get("/host/birds/launch/"))
        browser.post("/host/birds/launch/")
        browser.post("/host/birds/publish/")

        assert "Read the report of the launch check first" in words_of(before, 409)
        assert "Labels in each split" in page
        competition = Competition.objects.get()
        assert competition.status == "open"
        assert HostReport.objects.get().read_by == host
        actions = competition.audit_entries.values_list("action", flat=True)
        assert "publish_competition" in actions

    def test_says_what_could_not_be_read(self):
        competition = make_competition(published_at=None)
        HostReport.objects.create(
            competition=competition,
            kind="launch",
            status="failed",
            problem="It takes too long.",
            finished_at=timezone.now(),
        )

        page = words_of(
            browser_of(competition.host).get(f"/host/{competition.slug}/launch/")
        )

        assert "The check could not be finished" in page
        assert "It takes too long." in page


class TestEdit:
    def edit(self, browser, slug, step, **values):
        address = f"/host/{slug}/edit/{step}/"
        form = browser.get(address).context["form"]
        data = {name: form[name].value() for name in form.fields}
        data = {k: v for k, v in (data | values).items() if v not in (None, False)}
        return browser.post(address, data)

    def test_changes_and_writes_down_what_was_there(self):
        competition = make_competition(title="Birds")
        browser = browser_of(competition.host)

        response = self.edit(browser, competition.slug, "basics", title="All birds")

        assert response.status_code == 303
        competition.refresh_from_db()
        assert (competition.title, competition.revision) == ("All birds", 2)
        history = words_of(browser.get(f"/host/{competition.slug}/history/"))
        assert "title : Birds → All birds" in history

    def test_keeps_what_two_people_changed_and_tells_a_clash(self):
        competition = make_competition(title="Birds", subtitle="One")
        host = browser_of(competition.host)
        staff = browser_of(make_user("helper", is_staff=True))
        self.edit(staff, competition.slug, "basics", subtitle="Two")

        kept = self.edit(
            host, competition.slug, "basics", revision=1, title="A", subtitle="One"
        )
        clash = self.edit(
            host, competition.slug, "basics", revision=1, subtitle="Three"
        )

        assert kept.status_code == 303
        competition.refresh_from_db()
        assert (competition.title, competition.subtitle) == ("A", "Two")
        assert "helper changed this meanwhile; it now says: Two" in words_of(clash, 409)

    def test_new_rules_are_a_new_version(self):
        competition = make_competition(
            overview="o", data_text="d", evaluation="e", starter=""
        )
        make_team(competition)

        self.edit(
            browser_of(competition.host), competition.slug, "pages", rules="Fairer."
        )

        assert [rules.text for rules in competition.rules_versions.all()] == [
            "Be fair.",
            "Fairer.",
        ]

    def test_faults_stand_at_their_fields(self):
        competition = make_competition()

        response = self.edit(
            browser_of(competition.host), competition.slug, "limits", seconds=0
        )

        assert set(response.context["form"].errors) == {"seconds"}


class TestConduct:
    def test_disqualifies_with_a_reason_and_reinstates(self):
        competition = make_competition()
        member = make_user()
        team = make_team(competition, member)
        make_scored(team)
        browser = browser_of(competition.host)
        address = f"/host/{competition.slug}/teams/{team.pk}/"

        empty = browser.post(address, {"reason": " "})
        browser.post(address, {"reason": "Two accounts."})

        assert "Say why: the team reads it." in words_of(empty, 400)
        assert not LeaderboardEntry.objects.filter(team=team).exists()
        [notice] = Notice.objects.filter(user=member)
        assert "Two accounts." in notice.text
        assert "Two accounts." in words_of(
            browser.get(f"/host/{competition.slug}/teams/")
        )
        browser.post(address)
        assert LeaderboardEntry.objects.filter(team=team).exists()
        actions = list(AuditEntry.objects.values_list("action", flat=True))
        assert actions == ["reinstate_team", "disqualify_team"]

    def test_announces_to_everybody_who_takes_part(self):
        competition = make_competition()
        member = make_user()
        make_team(competition, member)
        browser = browser_of(competition.host)

        browser.post(
            f"/host/{competition.slug}/news/", {"title": "Longer", "text": "By *a* day"}
        )

        [notice] = Notice.objects.filter(user=member)
        assert "Longer" in notice.title
        page = html_of(browser.get(f"/competitions/{competition.slug}/"))
        assert "Longer" in page and "<em>a</em>" in page


class TestDashboard:
    def fill(self, competition, count):
        team = make_team(competition, name=f"=cmd{count}")
        for number in range(count):
            submission = (
                make_scored(team, public=0.5 + number / 1000)
                if number % 3
                else make_submission(
                    team,
                    status="failed",
                    reason="crashed",
                    message=f"Boom {number}",
                    finished_at=timezone.now(),
                )
            )
            Submission.objects.filter(pk=submission.pk).update(
                created_at=timezone.now() - timedelta(days=number % 9)
            )

    def test_shows_figures_in_as_many_queries_for_more_submissions(self):
        competition = make_competition()
        browser = browser_of(competition.host)
        address = f"/host/{competition.slug}/"
        self.fill(competition, 6)
        few = queries_of(browser, address)
        self.fill(competition, 24)

        assert queries_of(browser, address) == few
        page = words_of(browser.get(address))
        assert "Boom" in page and "crashed" in page
        assert "30\u00a0submissions in 28 days" in html_of(browser.get(address))

    def test_sheets_hold_every_row_and_no_formula(self):
        competition = make_competition()
        self.fill(competition, 3)
        browser = browser_of(competition.host)

        found = {
            name: list(
                csv.DictReader(
                    io.StringIO(
                        b"".join(
                            browser.get(f"/host/{competition.slug}/{name}.csv")
                        ).decode()
                    )
                )
            )
            for name in ("teams", "submissions", "scores")
        }

        assert found["teams"][0]["team"] == "'=cmd3"
        assert len(found["submissions"]) == 3
        assert len(found["scores"]) == 2 * 3
        assert float(found["scores"][0]["value"]) == 0.501

    def test_folder_comes_out_as_a_zip(self, tmp_path):
        competition = given.imported(tmp_path / "in", given.FILES)
        browser = browser_of(competition.host)

        response = browser.get("/host/birds/folder.zip")
        (tmp_path / "out.zip").write_bytes(b"".join(response))

        again = given.import_folder(
            tmp_path / "out.zip", host=make_user(), slug="again"
        )
        assert told_by(again) == told_by(competition)
        assert competition.audit_entries.filter(action="export_competition").exists()


class TestHome:
    def test_says_what_to_do_with_nothing(self):
        page = words_of(browser_of(make_user()).get("/host/"))

        assert "You run no competition yet" in page

    def test_takes_as_many_queries_for_more(self):
        host = make_user()
        browser = browser_of(host)
        make_competition(host=host)
        few = queries_of(browser, "/host/")
        for _ in range(4):
            make_competition(host=host)
            Draft.objects.create(host=host)

        assert queries_of(browser, "/host/") == few

    def test_teams_and_history_take_as_many_queries_for_more(self):
        competition = make_competition()
        browser = browser_of(competition.host)
        addresses = [
            f"/host/{competition.slug}/{page}/" for page in ("teams", "history")
        ]
        make_scored(make_team(competition))
        AuditEntry.objects.create(competition=competition, action="x")
        few = [queries_of(browser, address) for address in addresses]
        for _ in range(5):
            make_scored(make_team(competition))
            AuditEntry.objects.create(competition=competition, action="x")

        assert [queries_of(browser, address) for address in addresses] == few
