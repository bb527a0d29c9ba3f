"""Reports: who sends them, what staff do, and what others see afterwards."""

import pytest

from podium.datasets.models import Dataset
from podium.portfolio.services import update_project
from podium.site.reports.models import Report
from tests.factories import make_project, make_user
from tests.pages import browser_of, html_of, queries_of, words_of

pytestmark = pytest.mark.django_db


def send(user, address, text="This is spam."):
    return browser_of(user).post(f"/report/{address}/", {"text": text})


def handle(staff, report, deed, reason=""):
    sent = {"deed": deed, "reason": reason}
    return browser_of(staff).post(f"/reports/{report.pk}/handle/", sent)


class TestReport:
    def test_takes_a_word_about_each_kind_of_thing(self):
        owner = make_user("mira")
        make_project(owner=owner, title="P", visibility="public")
        Dataset.objects.create(owner=owner, slug="d", title="D", visibility="public")

        for address in ("profile/mira", "project/mira/p", "dataset/mira/d"):
            assert send(make_user(), address).status_code == 303

        kinds = set(Report.objects.values_list("kind", "target_name"))
        assert kinds == {("profile", "mira"), ("project", "P"), ("dataset", "D")}

    def test_sent_twice_is_one(self):
        reporter = make_user()
        make_user("mira")

        send(reporter, "profile/mira")
        send(reporter, "profile/mira", "Still spam.")

        assert Report.objects.get().text == "Still spam."

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [("  ", "Say in a sentence"), ("x" * 2001, "write at most 2000")],
    )
    def test_keeps_what_was_typed_where_it_is_refused(self, text, sentence):
        make_user("mira")

        response = send(make_user(), "profile/mira", text)

        assert sentence in words_of(response, 400)
        assert text.strip() in html_of(response, 400)

    def test_is_not_about_ones_own(self):
        assert send(make_user("mira"), "profile/mira").status_code == 403

    def test_is_not_about_what_one_may_not_see(self):
        owner = make_user("mira")
        make_project(owner=owner, title="P")
        Dataset.objects.create(owner=owner, slug="d", title="D")

        for address in ("profile/nobody", "project/mira/p", "dataset/mira/d"):
            assert send(make_user(), address).status_code == 404

    def test_is_not_for_the_signed_out(self):
        make_user("mira")

        response = browser_of().get("/report/profile/mira/")

        assert response.headers["Location"].startswith("/accounts/login/")

    def test_has_an_end(self):
        reporter = make_user()
        for number in range(21):
            make_user(f"p{number}")
            response = send(reporter, f"profile/p{number}")

        assert response.status_code == 429
        assert Report.objects.count() == 20


class TestHandle:
    def make(self):
        project = make_project(title="P", visibility="public")
        send(make_user(), f"project/{project}")
        send(make_user(), f"project/{project}")
        return project, Report.objects.first()

    def test_hides_with_a_reason_that_the_owner_reads(self):
        project, report = self.make()
        staff = make_user(is_staff=True)

        handle(staff, report, "hide", "It is <b>spam</b>.")

        address = project.get_absolute_url()
        assert browser_of(make_user()).get(address).status_code == 404
        rest = browser_of().get(f"/api/v1/projects/{project}/")
        assert rest.status_code == 404
        html = html_of(browser_of(project.owner).get(address))
        assert "It is &lt;b&gt;spam&lt;/b&gt;." in html
        assert set(Report.objects.values_list("state", flat=True)) == {"hidden"}

    def test_hides_a_profile_and_a_dataset_likewise(self):
        owner = make_user("mira")
        dataset = Dataset.objects.create(
            owner=owner, slug="d", title="D", visibility="public"
        )
        send(make_user(), "profile/mira")
        send(make_user(), "dataset/mira/d")

        for report in Report.objects.all():
            handle(make_user(is_staff=True), report, "hide", "Spam.")

        owner.refresh_from_db()
        dataset.refresh_from_db()
        assert owner.hidden_reason == dataset.hidden_reason == "Spam."
        assert browser_of().get("/people/mira/").status_code == 404

    def test_shows_again(self):
        project, report = self.make()
        dataset = Dataset.objects.create(owner=project.owner, slug="d", title="D")
        update_project(project=project, datasets=[dataset.pk])
        staff = make_user(is_staff=True)
        handle(staff, report, "hide", "Spam.")
        dataset.refresh_from_db()
        uses = dataset.use_count

        handle(staff, report, "show")

        dataset.refresh_from_db()
        assert browser_of().get(project.get_absolute_url()).status_code == 200
        assert (uses, dataset.use_count) == (0, 1)

    def test_needs_a_reason(self):
        project, report = self.make()

        handle(make_user(is_staff=True), report, "hide", " ")

        assert browser_of().get(project.get_absolute_url()).status_code == 200
        report.refresh_from_db()
        assert report.state == "open"

    def test_dismisses(self):
        project, report = self.make()

        handle(make_user(is_staff=True), report, "dismiss")

        assert browser_of().get(project.get_absolute_url()).status_code == 200
        assert not Report.objects.filter(state="open").exists()

    def test_says_where_a_thing_is_gone(self):
        project, report = self.make()
        project.delete()
        browser = browser_of(make_user(is_staff=True))

        browser.post(f"/reports/{report.pk}/handle/", {"deed": "hide", "reason": "x"})

        assert "It was deleted in the meantime" in words_of(browser.get("/reports/"))


class TestList:
    def test_is_not_there_for_others(self):
        for user in (make_user(), make_user(may_host=True)):
            assert browser_of(user).get("/reports/").status_code == 404

    def test_takes_as_many_queries_for_many_as_for_one(self):
        staff = make_user(is_staff=True)

        def more():
            project = make_project(visibility="public")
            dataset = Dataset.objects.create(
                owner=project.owner, slug="d", title="D", visibility="public"
            )
            reporter = make_user()
            send(reporter, f"project/{project}")
            send(reporter, f"dataset/{dataset}")
            send(reporter, f"profile/{project.owner.username}")

        more()
        few = queries_of(browser_of(staff), "/reports/")
        more()
        more()

        assert queries_of(browser_of(staff), "/reports/") == few
