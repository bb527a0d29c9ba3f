"""What hosts do with a competition as a whole: new rules, a copy, the archive."""

from datetime import timedelta

import pytest
from django.utils import timezone

from competitions import archiving, cloning, rules, services
from competitions.errors import Refused
from competitions.models import Competition
from podium.notices.models import Notice
from tests.api import assert_problem, client_of, upload, url
from tests.factories import make_competition, make_submission, make_team, make_user
from tests.pages import a_file, browser_of, html_of, words_of

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def change(competition, text="Be kind as well."):
    return rules.change_rules(competition=competition, by=competition.host, text=text)


class TestChangeRules:
    def test_asks_participants_again_by_page_and_by_program(self):
        competition, user = make_competition(title="Owls"), make_user()
        make_team(competition, user)

        change(competition)

        notice = Notice.objects.get(user=user)
        assert notice.title == "The rules of “Owls” have changed"
        problem = upload(client_of(user), competition)
        assert "rules have changed" in assert_problem(problem, 403)["detail"]
        page = f"/competitions/{competition.slug}/submit/"
        refused = browser_of(user).post(page, {"file": a_file()})
        assert refused.status_code == 403
        assert "Accept version 2" in words_of(browser_of(user).get(page))

        client_of(user).post(url(competition, "join/"), {"accept_rules": True})

        assert upload(client_of(user), competition).status_code == 201
        assert user.memberships.get().rules_version.number == 2

    def test_changes_nothing_with_the_same_text(self):
        competition = make_competition()
        make_team(competition)

        assert change(competition, "Be fair.").number == 1
        assert not Notice.objects.exists()

    def test_writes_over_what_nobody_has_accepted(self):
        competition = make_competition()

        change(competition)

        assert competition.rules_versions.get().text == "Be kind as well."

    def test_refuses_no_rules(self):
        with pytest.raises(Refused, match="Write the rules"):
            change(make_competition(), " \n")


class TestArchive:
    def closed(self, **values):
        now = timezone.now()
        return make_competition(
            title="Owls",
            opens_at=now - 9 * DAY,
            closes_at=now - DAY,
            late=True,
            **values,
        )

    def test_takes_it_off_the_lists_and_closes_it_to_late_ones(self):
        competition, user = self.closed(), make_user()
        make_team(competition, user)
        assert upload(client_of(user), competition).status_code == 201

        archiving.set_archived(
            competition=competition, by=competition.host, archived=True
        )

        browser = browser_of(user)
        assert "Owls" not in html_of(browser.get("/competitions/"))
        assert "Owls" not in html_of(browser.get("/search/?q=owls"))
        assert client_of(user).get("/api/v1/competitions/").json()["results"] == []
        page = words_of(browser.get(f"/competitions/{competition.slug}/"))
        assert "Archived." in page
        assert_problem(upload(client_of(user), competition), 409)
        with pytest.raises(Refused, match="archived"):
            services.join(competition=fresh(competition), user=make_user())

    def test_can_be_taken_back(self):
        competition = self.closed()
        host = browser_of(competition.host)
        address = f"/competitions/{competition.slug}/archive/"

        host.post(address, {"wanted": "true"})
        assert fresh(competition).archived_at
        host.post(address)

        assert fresh(competition).archived_at is None

    def test_is_refused_while_it_runs(self):
        competition = make_competition()

        with pytest.raises(Refused, match="is open: only one that has closed"):
            archiving.set_archived(
                competition=competition, by=competition.host, archived=True
            )


def fresh(competition) -> Competition:
    return Competition.objects.get(pk=competition.pk)


class TestClone:
    def test_is_a_draft_of_the_same_task_without_anybody(self):
        opened = timezone.now() - 9 * DAY + timedelta(hours=1)
        competition = make_competition(
            opens_at=opened,
            closes_at=opened + 30 * DAY,
            team_deadline=opened + 20 * DAY,
            quota_per_day=5,
            metrics=[{"key": "f_beta", "beta": 2}],
            entry_link="a-secret",
        )
        make_submission(make_team(competition))
        competition.refresh_from_db()

        made = cloning.clone(
            competition=competition, by=competition.host, slug="again", title="Again"
        )

        assert (made.status, made.title, made.entry_link) == ("draft", "Again", "")
        assert (made.team_count, made.submission_count) == (0, 0)
        assert made.metrics == competition.metrics
        assert made.quota_per_day == 5
        assert timezone.now() < made.opens_at < timezone.now() + DAY
        assert made.closes_at - made.opens_at == 30 * DAY
        assert made.team_deadline - made.opens_at == 20 * DAY
        hidden = made.hidden_test_set
        assert hidden.pk != competition.hidden_test_set_id
        assert hidden.labels_id == competition.hidden_test_set.labels_id
        assert services.current_rules(made).text == "Be fair."

    @pytest.mark.parametrize(
        ("slug", "words"),
        [
            ("Not A Slug", "must have lower-case"),
            ("data", "word of Podium"),
            ("taken", "There is a competition at"),
            ("", "Type an address"),
        ],
        ids=["form", "reserved", "taken", "empty"],
    )
    def test_says_at_the_field_what_is_wrong(self, slug, words):
        competition = make_competition(slug="taken")

        response = browser_of(competition.host).post(
            "/competitions/taken/clone/", {"slug": slug}
        )

        assert words in words_of(response, 400)
        assert Competition.objects.get() == competition
