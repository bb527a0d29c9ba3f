"""One's team and its quota by program: as the pages do it, and no more."""

from datetime import timedelta

import pytest
from django.utils import timezone

from competitions import services
from tests.api import assert_problem, client_of, make_participant, url
from tests.factories import make_submission, make_team, make_user

pytestmark = pytest.mark.django_db


def make_member(**values):
    competition, user, team = make_participant(team_max_size=3, **values)
    return competition, client_of(user), team


class TestTeam:
    def test_is_read_and_changed_by_its_members(self):
        competition, client, team = make_member()

        body = client.get(url(competition, "team/")).json()
        changed = client.patch(
            url(competition, "team/"),
            {"name": "Owls", "is_seeking": True, "pitch": "We count."},
        ).json()

        assert body["members"] == [team.members.get().username]
        assert (body["max_size"], body["link"], body["invitations"]) == (3, None, [])
        assert (changed["team"], changed["is_seeking"]) == ("Owls", True)
        assert changed["pitch"] == "We count."

    def test_is_nobody_elses(self):
        competition, _, _ = make_member()

        for user in (make_user(), competition.host):
            assert_problem(client_of(user).get(url(competition, "team/")), 403)
        assert_problem(client_of().get(url(competition, "team/")), 401)

    def test_is_left_before_the_first_submission(self):
        competition, client, team = make_member()

        assert client.post(url(competition, "team/leave/")).status_code == 204
        assert_problem(client.get(url(competition, "team/")), 403)
        assert not type(team).objects.filter(pk=team.pk).exists()


class TestInvitations:
    def test_go_from_asking_to_being_a_member(self):
        competition, client, team = make_member()
        other = make_user("ada")

        asked = client.post(url(competition, "team/invitations/"), {"username": "ada"})
        assert asked.status_code == 201
        address = url(competition, f"team/invitations/{asked.json()['id']}/")
        assert_problem(client_of(other).post(address, {"deed": "accept"}), 403)
        taken = client_of(other).post(address, {"deed": "accept", "accept_rules": True})

        assert taken.json()["state"] == "accepted"
        assert other in team.members.all()
        assert_problem(client_of(other).post(address, {"deed": "decline"}), 409)

    def test_refuse_a_name_that_nobody_has(self):
        competition, client, _ = make_member()

        answer = client.post(
            url(competition, "team/invitations/"), {"username": "nobdy"}
        )

        assert "nobdy" in assert_problem(answer, 400)["detail"]


class TestMergers:
    def test_go_from_proposing_to_one_team(self):
        competition, client, team = make_member()
        other = make_team(competition, name="Divers")
        theirs = client_of(other.members.get())

        made = client.post(url(competition, "team/mergers/"), {"team": "divers"})
        assert made.status_code == 201
        seen = theirs.get(url(competition, "team/")).json()["proposals"]
        address = url(competition, f"team/mergers/{made.json()['id']}/")
        assert_problem(client.post(address, {"deed": "accept"}), 404)
        merged = theirs.post(address, {"deed": "accept"}).json()

        assert [one["id"] for one in seen] == [made.json()["id"]]
        assert merged["team"] == team.name
        assert len(merged["members"]) == 2

    def test_find_no_team_of_another_name(self):
        competition, client, _ = make_member()

        answer = client.post(url(competition, "team/mergers/"), {"team": "Nobody"})

        assert_problem(answer, 404)


class TestQuota:
    def test_tells_what_is_left_and_when_it_renews(self):
        competition, client, team = make_member(quota_per_day=5, quota_total=100)
        make_submission(team)

        body = client.get(url(competition, "quota/")).json()

        renews = body.pop("renews_at")
        assert body == {
            "per_day": 5,
            "total": 100,
            "left_today": 4,
            "left_total": 99,
            "used_total": 1,
            "time_zone": "UTC",
        }
        tomorrow = timezone.now() + timedelta(days=1)
        assert renews == f"{tomorrow:%Y-%m-%d}T00:00:00Z"

    def test_tells_null_where_there_is_no_end(self):
        competition, client, _ = make_member()

        body = client.get(url(competition, "quota/")).json()

        assert body["left_today"] is body["left_total"] is body["renews_at"] is None

    def test_lists_each_charge_and_refund_with_its_cause(self):
        competition, client, team = make_member()
        submission = make_submission(team)
        services.cancel(submission=submission)
        make_submission(make_team(competition))

        rows = client.get(url(competition, "quota/entries/")).json()["results"]

        told = [(row["kind"], row["amount"], row["cause"]) for row in rows]
        assert told == [("refund", -1, "cancelled"), ("charge", 1, "submitted")]
        assert {row["submission"] for row in rows} == {submission.pk}
