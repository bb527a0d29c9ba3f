"""Submissions by REST: read, cancelled, chosen; and what stays hidden."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from competitions.models import (
    AuditEntry,
    Competition,
    Submission,
)
from tests.api import (
    SUBMISSION_KEYS,
    assert_problem,
    client_of,
    make_participant,
    url,
)
from tests.factories import (
    make_competition,
    make_scored,
    make_submission,
    make_team,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.services]

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
MODEL = b"\x00\x01 of no known kind"
CSV = b"id,no,yes\n1,0.5,0.5\n"


class TestSubmissionDetail:
    def test_shows_its_team_a_rounded_score_and_usage(self):
        competition, user, team = make_participant(feedback_digits=3)
        submission = make_scored(
            team,
            public=0.123456,
            private=0.654321,
            usage={"seconds": 1.2, "peak_mb": 257, "stages": {"load": 1}, "device": ""},
        )

        body = client_of(user).get(url(submission)).json()

        assert body["public_score"] == 0.123
        assert body["usage"] == {"seconds": 2, "peak_mb": 512}
        assert body["status"] == "scored" and body["stage"] == "done"
        assert body["queue_position"] is None

    def test_shows_the_host_everything(self):
        competition, user, team = make_participant(feedback_digits=3)
        usage = {"seconds": 1.25, "peak_mb": 257, "stages": {}, "device": "cpu"}
        submission = make_scored(
            team,
            public=0.123456,
            private=0.654321,
            usage=usage,
            detail="d",
            printed="p",
        )

        body = client_of(competition.host).get(url(submission)).json()

        assert set(body) >= SUBMISSION_KEYS
        assert body["public_score"] == 0.123456
        assert body["private_score"] == 0.654321
        assert body["all_score"] == 0.123456
        assert body["usage"] == usage
        assert (body["detail"], body["printed"]) == ("d", "p")
        assert body["submitted_by"] == user.username
        assert not AuditEntry.objects.exists()

    def test_shows_staff_the_same_and_notes_it(self):
        submission = make_scored(private=0.654321)
        staff = make_user(is_staff=True)

        body = client_of(staff).get(url(submission)).json()

        assert body["private_score"] == 0.654321
        entry = AuditEntry.objects.get()
        assert (entry.actor, entry.action) == (staff, "read_submission")
        assert entry.target == str(submission.pk)

    def test_tells_why_it_failed(self):
        competition, user, team = make_participant()
        submission = make_submission(
            team,
            status="failed",
            reason="time_limit",
            message="The model took longer than 120 seconds.",
            finished_at=timezone.now(),
            detail="row 17",
            printed="row 18",
        )

        response = client_of(user).get(url(submission))

        assert response.json()["reason"] == "time_limit"
        assert response.json()["message"] == "The model took longer than 120 seconds."
        assert b"row 1" not in response.content

    def test_is_for_the_whole_team_and_nobody_else(self):
        competition, mate = make_competition(), make_user()
        team = make_team(competition, make_user(), mate)
        submission = make_submission(team)
        other = make_team(competition).members.get()

        assert client_of(mate).get(url(submission)).status_code == 200
        for stranger in (other, make_user(), make_competition().host):
            assert_problem(client_of(stranger).get(url(submission)), 404)
        assert_problem(client_of().get(url(submission)), 401)

    @time_machine.travel(NOON, tick=False)
    def test_expects_the_end_by_the_median_of_the_last_runs(self, settings):
        settings.WORKERS = 2
        competition, user, team = make_participant()
        for seconds in (10, 30, 600):
            make_scored(started_at=NOON - timedelta(seconds=seconds))
            make_scored(team, started_at=NOON - timedelta(seconds=seconds))
        first, second, third = (make_submission(team) for _ in range(3))

        bodies = [client_of(user).get(url(s)).json() for s in (first, second, third)]

        assert [body["queue_position"] for body in bodies] == [1, 2, 3]
        assert [body["expected_at"] for body in bodies] == [
            "2026-05-04T12:00:30Z",
            "2026-05-04T12:00:30Z",
            "2026-05-04T12:01:00Z",
        ]

    def test_stands_behind_other_teams_whose_turn_it_is(self):
        competition, user, team = make_participant()
        mine = [make_submission(team) for _ in range(2)]
        make_submission(make_team(competition))

        positions = [
            client_of(user).get(url(submission)).json()["queue_position"]
            for submission in mine
        ]

        assert positions == [1, 3]


class TestSubmissionList:
    def test_lists_ones_teams_newest_first(self):
        competition, user, team = make_participant()
        older, newer = make_submission(team), make_submission(team)
        make_submission(make_team(competition))

        body = client_of(user).get(url(competition, "submissions/")).json()

        assert [row["id"] for row in body["results"]] == [newer.pk, older.pk]
        assert set(body["results"][0]) >= SUBMISSION_KEYS
        assert "private_score" not in body["results"][0]

    def test_lists_all_to_the_host_and_to_staff_who_are_noted(self):
        competition, _, team = make_participant()
        make_scored(team, private=0.654321)
        make_scored(make_team(competition))
        staff = make_user(is_staff=True)

        for reader in (competition.host, staff):
            rows = (
                client_of(reader)
                .get(url(competition, "submissions/"))
                .json()["results"]
            )
            assert len(rows) == 2
            assert rows[1]["private_score"] == 0.654321
        assert AuditEntry.objects.get().action == "read_submissions"

    def test_is_empty_for_who_takes_no_part(self):
        competition, _, team = make_participant()
        make_submission(team)

        client = client_of(make_user())

        assert client.get(url(competition, "submissions/")).json()["results"] == []

    def test_shows_what_is_left_to_each_team(self):
        competition, _, team = make_participant(quota_per_day=3)
        make_submission(team)
        other = make_team(competition)
        make_submission(other)
        make_submission(other)

        rows = client_of(competition.host).get(url(competition, "submissions/")).json()

        left = [row["quota"] for row in rows["results"]]
        assert [quota["left_today"] for quota in left] == [1, 1, 2]
        assert {quota["left_total"] for quota in left} == {None}

    @pytest.mark.parametrize(("reader", "queries"), [("team", 7), ("host", 8)])
    def test_costs_the_same_at_10_and_at_1000_rows(
        self, reader, queries, django_assert_num_queries
    ):
        competition, user, team = make_participant()
        client = client_of(user if reader == "team" else competition.host)
        made = make_submission(team)

        def add(numbers):
            Submission.objects.bulk_create(
                Submission(
                    competition=competition,
                    team=team,
                    number=number,
                    submitted_by=user,
                    hidden_test_set=competition.hidden_test_set,
                    artifact=made.artifact,
                    file_name="model.keras",
                )
                for number in numbers
            )

        add(range(2, 11))
        with django_assert_num_queries(queries):
            assert (
                len(client.get(url(competition, "submissions/")).json()["results"])
                == 10
            )
        add(range(11, 1001))
        with django_assert_num_queries(queries):
            assert (
                len(client.get(url(competition, "submissions/")).json()["results"])
                == 50
            )


class TestCancel:
    def test_takes_it_out_of_the_line_and_gives_the_quota_back(self):
        competition, user, team = make_participant(quota_per_day=1)
        submission = make_submission(team)

        response = client_of(user).post(url(submission, "cancel/"))

        body = response.json()
        assert response.status_code == 200
        assert body["status"] == "cancelled" and body["charged"] is False
        assert body["quota"]["left_today"] == 1

    def test_refuses_when_it_runs_or_is_over(self):
        _, user, team = make_participant()
        running = make_submission(
            team, status="running", lease_until=timezone.now(), started_at=NOON
        )
        scored = make_scored(team)

        for submission in (running, scored):
            assert_problem(client_of(user).post(url(submission, "cancel/")), 409)

    def test_is_its_teams_alone(self):
        submission = make_submission()
        host = submission.competition.host

        assert_problem(client_of(host).post(url(submission, "cancel/")), 403)
        stranger = client_of(make_user())
        assert_problem(stranger.post(url(submission, "cancel/")), 404)
        assert_problem(client_of().post(url(submission, "cancel/")), 401)
        submission.refresh_from_db()
        assert submission.status == "queued"

    def test_lets_the_host_cancel_a_baseline(self):
        competition = make_competition()
        submission = make_submission(make_team(competition, is_baseline=True))

        response = client_of(competition.host).post(url(submission, "cancel/"))

        assert response.json()["status"] == "cancelled"


class TestSelect:
    def test_chooses_and_takes_back(self):
        _, user, team = make_participant()
        submission, client = make_scored(team), client_of(user)

        chosen = client.post(url(submission, "select/"), {"selected": True})
        back = client.post(url(submission, "select/"), {"selected": False})

        assert chosen.json()["selected"] is True
        assert back.json()["selected"] is False

    def test_refuses_more_than_the_competition_counts(self):
        _, user, team = make_participant(finals=1)
        first, second = make_scored(team), make_scored(team)
        client = client_of(user)
        client.post(url(first, "select/"), {"selected": True})

        response = client.post(url(second, "select/"), {"selected": True})

        assert_problem(response, 409)

    def test_refuses_what_is_not_scored(self):
        _, user, team = make_participant()

        response = client_of(user).post(
            url(make_submission(team), "select/"), {"selected": True}
        )

        assert_problem(response, 409)

    def test_asks_which(self):
        _, user, team = make_participant()

        response = client_of(user).post(url(make_scored(team), "select/"), {})

        assert list(assert_problem(response, 400)["errors"]) == ["selected"]


class TestWhatNobodyReads:
    HIDDEN = 0.918273645

    def test_no_participant_reads_a_private_score_anywhere(self):
        competition, user, team = make_participant()
        submission = make_scored(team, public=0.5, private=self.HIDDEN)
        make_scored(make_team(competition), public=0.6, private=self.HIDDEN)
        base = f"/api/v1/competitions/{competition.slug}/"
        client = client_of(user)

        answers = [
            client.get("/api/v1/competitions/"),
            client.get(base),
            client.get(f"{base}files/"),
            client.get(f"{base}submissions/"),
            client.get(url(submission)),
            client.post(url(submission, "select/"), {"selected": True}),
            client.post(url(submission, "cancel/")),
            *(
                client.get(f"{base}{board}?split={split}")
                for board in ("leaderboard/", "leaderboard.csv")
                for split in ("public", "private", "all")
            ),
        ]

        for response in answers:
            body = b"".join(response) if response.streaming else response.content
            assert b"91827" not in body, response.request["PATH_INFO"]
            assert b"private_score" not in body
            assert b"all_score" not in body
        host = client_of(competition.host).get(url(submission))
        assert b"0.918273645" in host.content  # the number is findable where it is

    def test_queries_for_participants_never_touch_the_hidden_scores(self):
        competition, user, team = make_participant()
        submission = make_scored(team)
        client = client_of(user)

        with CaptureQueriesContext(connection) as captured:
            client.get(url(submission))
            client.get(url(competition, "submissions/"))

        queries = [query["sql"] for query in captured.captured_queries]
        assert any("competitions_submission" in query for query in queries)
        assert not any("competitions_score" in query for query in queries)
        assert not any("competitions_leaderboardentry" in query for query in queries)

    def test_no_route_leads_to_an_artifact(self):
        competition, user, _ = make_participant()
        submission = make_submission(make_team(competition))
        base = f"/api/v1/submissions/{submission.pk}/"

        for rest in ("artifact/", "file/", "download/", "predictions/", "printed/"):
            assert_problem(client_of(user).get(base + rest), 404)
        name = submission.artifact.name
        files = f"/api/v1/competitions/{competition.slug}/files/"
        assert_problem(client_of(user).get(files + name), 404)

    def test_a_competition_that_vanished_from_sight_takes_its_submissions_along(self):
        competition, user, team = make_participant()
        make_submission(team)
        Competition.objects.update(published_at=None)

        assert_problem(client_of(user).get(url(competition, "submissions/")), 404)
