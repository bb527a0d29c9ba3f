"""Checking first, then submitting the same file: the pages on the way."""

import re

import pytest
from django.utils import timezone

from competitions.models import Check, Submission
from tests.factories import (
    make_check,
    make_competition,
    make_report,
    make_submission,
    make_team,
    make_user,
)
from tests.pages import a_file, browser_of, html_of, queries_of, words_of

pytestmark = pytest.mark.django_db

SIDES = (
    "The model does not fit the contract: it takes picture float32 (n, 3). "
    "Contract: takes x float32 (n, 2); answers probabilities (n, 2). "
    "Model: takes picture float32 (n, 3); answers dense float32 (n, 2)."
)


def a_participant(**values):
    team = make_team(make_competition(**{"train_path": "train.csv", **values}))
    return team.competition, team.members.get()


def address(check, part=""):
    return f"/competitions/{check.competition.slug}/checks/{check.pk}/{part}"


def get(check, user=None, part=""):
    return browser_of(user or check.asked_by).get(address(check, part))


def done(*problems, team=None, **values):
    return make_check(team, status="done", report=make_report(*problems, **values))


class TestStart:
    def send(self, competition, user, file, **fields):
        fields["file"] = file
        return browser_of(user).post(f"/competitions/{competition.slug}/check/", fields)

    def test_leads_on_to_the_page_of_the_check(self):
        competition, user = a_participant()

        response = self.send(competition, user, a_file(), description="Deeper")

        check = Check.objects.get()
        assert (response.status_code, response.url) == (303, address(check))
        assert check.description == "Deeper"
        assert not Submission.objects.exists()

    def test_tells_on_the_submit_page_why_a_file_is_refused(self):
        competition, user = a_participant()

        page = words_of(self.send(competition, user, a_file(b"")), 400)

        assert "Not checked. The file is empty" in page

    def test_is_offered_only_where_rows_are_public(self):
        for path, is_offered in (("train.csv", True), ("", False)):
            competition, user = a_participant(train_path=path)
            page = words_of(
                browser_of(user).get(f"/competitions/{competition.slug}/submit/")
            )
            assert ("Check first" in page) is is_offered


class TestPage:
    def test_polls_while_it_waits_and_reloads_without_script(self):
        check = make_check()

        page = html_of(get(check))

        assert "Waiting for a worker" in page
        assert f'hx-get="{address(check, "live/")}?seen=' in page
        assert '<noscript><meta http-equiv="refresh"' in page
        assert "Submit this file" not in page

    def test_tells_what_a_good_file_is_likely_to_take(self):
        check = done()

        page = words_of(get(check))

        assert "Ready to submit" in page and "Submit this file" in page
        assert "Fits: Runs on the public sample of 200 rows" in page
        assert "all 4 hidden rows are likely to take 1.50 s of 120 s" in page.replace(
            "\u00a0", " "
        )

    def test_warns_of_a_limit_that_may_be_reached(self):
        check = done(estimate={"seconds": 150.0, "peak_mb": 30.0})

        page = words_of(get(check))

        assert "Submit this file" in page
        assert "Runs, but may well reach a limit" in page

    def test_tells_all_problems_with_rows_and_what_was_printed(self):
        check = done(
            (
                "bad_predictions",
                "Not 0 to 1. 2 row(s), counted from 0: row 0: 7; row 1: 8",
            ),
            ("time_limit", "The run on 4 rows is likely to take 200 s."),
            printed="<b>hello</b>",
        )

        page = html_of(get(check))

        assert "<li>row 0: 7</li><li>row 1: 8</li>" in page
        assert "The run is likely to take longer than the competition allows" in page
        assert "likely to take 200 s" in page
        assert "&lt;b&gt;hello&lt;/b&gt;" in page
        assert page.count('class="no"') == 2
        assert "Submit it all the same" in page

    def test_sets_contract_and_model_side_by_side(self):
        page = html_of(get(done(("wrong_signature", SIDES), estimate=None)))

        assert '<dd class="mono break">x float32 (n, 2)</dd>' in page
        assert '<dd class="mono break">dense float32 (n, 2)</dd>' in page
        assert "not reached" in page

    def test_says_when_the_fault_is_ours(self):
        check = make_check(status="failed", finished_at=timezone.now())

        assert "The fault is ours" in words_of(get(check))

    def test_is_for_the_team_alone(self):
        check = done()
        rival = make_team(check.competition).members.get()
        others = (rival, check.competition.host, make_user(is_staff=True))

        for user in others:
            for part in ("", "live/"):
                assert get(check, user, part).status_code == 404

    def test_costs_the_same_queries_however_many_checks_there_are(self):
        check = done()
        client = browser_of(check.asked_by)
        few = queries_of(client, address(check))
        for _ in range(20):
            make_check(check.team)
            make_submission(check.team)

        assert queries_of(client, address(check)) == few <= 18


class TestLive:
    def test_answers_nothing_while_nothing_changed(self):
        check = make_check()
        seen = re.search(r"seen=(\w+)", html_of(get(check)))[1]

        assert get(check, part=f"live/?seen={seen}").status_code == 204

        Check.objects.update(
            status="done", report=make_report(), finished_at=timezone.now()
        )
        page = html_of(get(check, part=f"live/?seen={seen}"))
        assert "Submit this file" in page
        assert "hx-get" not in page


class TestSubmit:
    def post(self, check, user=None, **fields):
        client = browser_of(user or check.asked_by)
        return client.post(address(check, "submit/"), fields)

    def test_submits_the_same_file_in_one_click(self):
        check = done()
        key = re.search(r'name="form_key" value="([^"]+)"', html_of(get(check)))[1]

        response = self.post(check, description="Deeper", form_key=key)
        again = self.post(check, description="Deeper", form_key=key)

        submission = Submission.objects.get()
        assert response.url == again.url == f"/submissions/{submission.pk}/"
        assert submission.artifact == check.artifact
        assert submission.description == "Deeper"
        assert f"/submissions/{submission.pk}/" in html_of(get(check))

    def test_is_refused_without_quota(self):
        competition, user = a_participant(quota_total=0)
        check = done(team=user.teams.get())

        client = browser_of(user)
        page = words_of(client.post(address(check, "submit/"), follow=True))

        assert "has used all 0 submissions" in page
        assert not Submission.objects.exists()

    def test_is_not_for_others(self):
        check = done()

        assert self.post(check, check.competition.host).status_code == 404
