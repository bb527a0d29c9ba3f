"""Competitions by REST, and joining them."""

import threading

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from competitions import services
from competitions.models import AuditEntry, Competition, RulesVersion
from tests.api import assert_problem, client_of, url
from tests.factories import make_competition, make_team, make_user

pytestmark = pytest.mark.django_db

LIST = "/api/v1/competitions/"
CONTENT = b"0123456789" * 10


class TestCompetitionList:
    def test_lists_public_competitions_to_anybody(self):
        older, newer = make_competition(), make_competition()
        Competition.objects.filter(pk=older.pk).update(opens_at="2020-01-01T00:00Z")
        make_competition(visibility="private")
        make_competition(published_at=None)

        body = client_of().get(LIST).json()

        assert [row["slug"] for row in body["results"]] == [newer.slug, older.slug]
        assert body["next"] is None and body["previous"] is None

    def test_lists_drafts_to_their_host_and_what_one_joined(self):
        user = make_user()
        draft = make_competition(host=user, published_at=None)
        joined = make_competition(visibility="invited")
        make_team(joined, user)
        make_competition(visibility="invited")

        rows = client_of(user).get(LIST).json()["results"]

        assert {(row["slug"], row["status"], row["joined"]) for row in rows} == {
            (draft.slug, "draft", False),
            (joined.slug, "open", True),
        }

    def test_notes_when_staff_see_what_is_not_public(self):
        hidden = make_competition(published_at=None)
        make_competition()
        staff = make_user(is_staff=True)

        client_of(staff).get(LIST)

        entry = AuditEntry.objects.get()
        assert (entry.actor, entry.competition) == (staff, hidden)
        assert entry.action == "read_competition"

    def test_pages_through_all_of_them_once_both_ways(self, settings):
        same = timezone.now()
        host = make_user()
        made = [make_competition(host=host, hidden=False) for _ in range(60)]
        Competition.objects.update(opens_at=same)
        client = client_of()

        first = client.get(LIST).json()
        second = client.get(first["next"]).json()
        back = client.get(second["previous"]).json()

        assert len(first["results"]) == 50 and len(second["results"]) == 10
        slugs = [row["slug"] for row in first["results"] + second["results"]]
        assert slugs == [competition.slug for competition in reversed(made)]
        assert second["next"] is None and first["previous"] is None
        assert back == first

    @pytest.mark.parametrize("cursor", ["x", "bnVsbA", "W10", "WzEsMiwzXQ", "%00", ""])
    def test_refuses_a_cursor_of_its_callers_own(self, cursor):
        make_competition()

        body = assert_problem(client_of().get(f"{LIST}?cursor={cursor}"), 400)

        assert list(body["errors"]) == ["cursor"]

    def test_costs_the_same_at_10_and_at_1000_rows(self, django_assert_num_queries):
        host, user = make_user(), make_user()
        client = client_of(user)

        def add(count):
            Competition.objects.bulk_create(
                Competition(
                    slug=f"c-{count}-{n}",
                    host=host,
                    title="C",
                    published_at=timezone.now(),
                    opens_at=timezone.now(),
                    contract={"inputs": {}, "output": {}},
                    metrics=[{"key": "rmse"}],
                    direction="minimize",
                    split="column",
                )
                for n in range(count)
            )

        add(10)
        with django_assert_num_queries(3):  # the token, its owner's others, the page
            assert len(client.get(LIST).json()["results"]) == 10
        add(990)
        with django_assert_num_queries(3):
            assert len(client.get(LIST).json()["results"]) == 50


class TestCompetitionDetail:
    def test_has_every_key(self):
        competition = make_competition(
            metrics=[{"key": "f_beta", "beta": 2}, {"key": "accuracy"}],
            quota_per_day=5,
            team_count=3,
        )

        body = client_of().get(url(competition)).json()

        opens_at = competition.opens_at.strftime("%Y-%m-%dT%H:%M:%SZ")
        assert body == {
            "slug": competition.slug,
            "title": competition.title,
            "subtitle": "",
            "status": "open",
            "metric": {"key": "f_beta", "parameters": {"beta": 2}},
            "direction": "maximize",
            "opens_at": opens_at,
            "closes_at": None,
            "teams": 3,
            "joined": False,
            "accepts": ["model"],
            "limits": {"seconds": 120, "memory_mb": 4096, "file_mb": 256},
            "quota": {"per_day": 5, "total": None},
            "contract": {
                "inputs": competition.contract["inputs"],
                "output": competition.contract["output"],
            },
            "url": f"{settings.URL}/competitions/{competition.slug}/",
        }

    @pytest.mark.parametrize(
        "hidden", [{"visibility": "private"}, {"published_at": None}]
    )
    def test_is_not_there_for_whoever_may_not_see_it(self, hidden):
        competition = make_competition(**hidden)

        assert_problem(client_of().get(url(competition)), 404)
        assert_problem(client_of(make_user()).get(url(competition)), 404)
        assert client_of(competition.host).get(url(competition)).status_code == 200


class TestJoin:
    def test_makes_a_team_of_one_and_then_changes_nothing(self):
        competition, user = make_competition(), make_user("ada")
        client = client_of(user)

        first = client.post(url(competition, "join/"), {"accept_rules": True})
        again = client.post(url(competition, "join/"), {"accept_rules": True})

        assert (first.status_code, again.status_code) == (201, 200)
        team = {"competition": competition.slug, "team": "ada", "members": ["ada"]}
        assert first.json() == again.json() == team
        assert client.get(url(competition)).json()["joined"] is True

    @pytest.mark.parametrize("sent", [{}, {"accept_rules": False}])
    def test_asks_for_the_rules_to_be_accepted(self, sent):
        competition, user = make_competition(), make_user()

        response = client_of(user).post(url(competition, "join/"), sent, format="json")

        assert list(assert_problem(response, 400)["errors"]) == ["accept_rules"]
        assert not competition.memberships.exists()

    def test_refuses_the_host(self):
        competition = make_competition()

        response = client_of(competition.host).post(
            url(competition, "join/"), {"accept_rules": True}
        )

        assert "host" in assert_problem(response, 403)["detail"]

    def test_refuses_when_it_is_too_early_or_too_late(self):
        later = timezone.now() + timezone.timedelta(days=1)
        scheduled = make_competition(opens_at=later)
        closed = make_competition(closes_at=timezone.now())
        client = client_of(make_user())

        for competition in (scheduled, closed):
            response = client.post(url(competition, "join/"), {"accept_rules": True})
            assert_problem(response, 409)

    def test_needs_a_token_and_a_competition_that_one_sees(self):
        hidden = make_competition(visibility="private")

        sent = {"accept_rules": True}
        anonymous = client_of().post(url(hidden, "join/"), sent)
        stranger = client_of(make_user()).post(url(hidden, "join/"), sent)

        assert_problem(anonymous, 401)
        assert anonymous.headers["WWW-Authenticate"] == "Bearer"
        assert_problem(stranger, 404)

    def test_accepts_rules_that_have_changed(self):
        competition, user = make_competition(), make_user()
        make_team(competition, user)
        RulesVersion.objects.create(competition=competition, number=2, text="New.")

        client_of(user).post(url(competition, "join/"), {"accept_rules": True})

        assert services.membership_of(competition, user).rules_version.number == 2


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
class TestJoinAtOnce:
    def test_makes_one_team(self):
        competition, user = make_competition(), make_user()
        clients = [client_of(user) for _ in range(6)]
        gate, answers = threading.Barrier(6), []

        def join(client):
            gate.wait()
            try:
                sent = {"accept_rules": True}
                response = client.post(url(competition, "join/"), sent)
                answers.append(response.status_code)
            finally:
                connection.close()

        threads = [threading.Thread(target=join, args=[c]) for c in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(answers) == [200] * 5 + [201]
        assert competition.teams.count() == 1
