"""Boards by REST: in order, by page, from a place, as CSV."""

import base64
import csv
import io
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.utils import timezone

from competitions import leaderboard
from competitions.models import AuditEntry, LeaderboardEntry, Team
from tests.api import assert_problem, client_of, read
from tests.factories import (
    make_competition,
    make_scored,
    make_submission,
    make_team,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.services]


def address(competition, name="leaderboard/", **query):
    text = "&".join(f"{key}={value}" for key, value in query.items())
    return f"/api/v1/competitions/{competition.slug}/{name}?{text}"


def rows(response) -> list[dict]:
    assert response.status_code == 200, response.content
    return response.json()["results"]


def fill(competition, count, keys=None):
    """Give a competition's public board many lines, all made at one moment."""
    submission = make_submission(make_team(competition, is_baseline=True))
    teams = Team.objects.bulk_create(
        Team(competition=competition, name=f"Filler {submission.pk}-{number}")
        for number in range(count)
    )
    now = timezone.now()
    keys = keys or list(range(count))
    LeaderboardEntry.objects.bulk_create(
        LeaderboardEntry(
            competition=competition,
            team=team,
            split="public",
            submission=submission,
            score=-key,
            sort_key=key,
            achieved_at=now,
            submission_count=1,
            last_at=now,
        )
        for team, key in zip(teams, keys, strict=True)
    )
    leaderboard.rebuild(competition, "public")
    return [team.name for team in teams]


class TestBoard:
    def test_ranks_ties_alike_and_puts_baselines_between(self):
        competition = make_competition()
        ada, bob = make_user("ada"), make_user("bob")
        for name, score in (("second", 0.8), ("third", 0.8), ("last", 0.1)):
            make_scored(make_team(competition, name=name), public=score)
        make_scored(make_team(competition, bob, ada, name="first"), public=0.9)
        baseline = make_team(competition, name="Constant", is_baseline=True)
        last = make_scored(baseline, public=0.5)

        board = rows(client_of().get(address(competition)))

        assert [(row["rank"], row["team"], row["score"]) for row in board] == [
            (1, "first", 0.9),
            (2, "second", 0.8),
            (2, "third", 0.8),
            (None, "Constant", 0.5),
            (4, "last", 0.1),
        ]
        assert board[0]["members"] == ["ada", "bob"]
        assert board[3] == {
            "rank": None,
            "team": "Constant",
            "members": [],
            "score": 0.5,
            "interval": None,
            "tier": None,
            "submissions": 1,
            "last_at": last.created_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "is_baseline": True,
        }

    def test_rounds_for_participants_and_not_for_the_host(self):
        competition = make_competition(feedback_digits=2)
        team = make_team(competition)
        make_scored(team, public=0.123456)

        def score(reader):
            return rows(client_of(reader).get(address(competition)))[0]["score"]

        assert score(None) == score(team.members.get()) == 0.12
        assert score(competition.host) == 0.123456

    def test_shows_the_hidden_boards_to_the_host_and_to_staff_who_are_noted(self):
        competition = make_competition()
        make_scored(make_team(competition), public=0.5, private=0.25)
        staff = make_user(is_staff=True)

        for reader in (competition.host, staff):
            board = rows(client_of(reader).get(address(competition, split="private")))
            assert [row["score"] for row in board] == [0.25]
        entry = AuditEntry.objects.get()
        assert (entry.actor, entry.action) == (staff, "read_leaderboard")
        assert entry.detail == {"split": "private"}

    @pytest.mark.parametrize("name", ["leaderboard/", "leaderboard.csv"])
    @pytest.mark.parametrize(
        ("split", "is_over"), [("private", False), ("all", False), ("all", True)]
    )
    def test_has_no_hidden_board_for_others(self, name, split, is_over):
        competition = make_competition(closes_at=timezone.now() if is_over else None)
        team = make_team(competition)
        make_scored(team)

        for reader in (None, team.members.get(), make_user(), make_competition().host):
            response = client_of(reader).get(address(competition, name, split=split))
            assert_problem(response, 404)

    def test_shows_the_private_board_to_all_once_the_competition_has_closed(self):
        competition = make_competition(closes_at=timezone.now())
        make_scored(make_team(competition), public=0.5, private=0.25)

        board = rows(client_of().get(address(competition, split="private")))

        assert [(row["rank"], row["score"]) for row in board] == [(1, 0.25)]
        assert not AuditEntry.objects.exists()

    @pytest.mark.parametrize("name", ["leaderboard/", "leaderboard.csv"])
    def test_is_not_there_where_the_competition_is_not(self, name):
        competition = make_competition(visibility="private")

        assert_problem(client_of(make_user()).get(address(competition, name)), 404)

    @pytest.mark.parametrize(
        "query",
        [{"split": "hidden"}, {"around": "you"}, {"rank": "0"}, {"rank": "first"}],
        ids=str,
    )
    def test_refuses_what_it_does_not_know(self, query):
        competition = make_competition()

        problem = assert_problem(client_of().get(address(competition, **query)), 400)

        assert list(problem["errors"]) == list(query)


class TestPages:
    def test_hold_every_line_once_through_any_number_of_ties(self):
        competition = make_competition()
        names = fill(competition, 130, keys=[0] * 130)
        client = client_of()

        seen, link = [], address(competition)
        while link:
            page = client.get(link).json()
            seen += [row["team"] for row in page["results"]]
            link = page["next"]

        assert seen == names

    def test_go_back_as_they_went(self):
        competition = make_competition()
        fill(competition, 120)
        client = client_of()

        first = client.get(address(competition)).json()
        second = client.get(first["next"]).json()
        third = client.get(second["next"]).json()

        back = client.get(third["previous"]).json()
        assert back["results"] == second["results"]
        assert client.get(back["previous"]).json()["results"] == first["results"]
        assert third["next"] is None and first["previous"] is None

    def test_stay_when_a_line_comes_in_above(self):
        competition = make_competition()
        fill(competition, 60)
        client = client_of()
        link = client.get(address(competition)).json()["next"]
        before = client.get(link).json()["results"]

        make_scored(make_team(competition), public=99)

        after = client.get(link).json()["results"]
        assert [row["team"] for row in after] == [row["team"] for row in before]

    def test_start_some_lines_above_ones_own(self):
        competition, user = make_competition(), make_user()
        fill(competition, 200)
        make_scored(make_team(competition, user, name="mine"), public=-149.5)
        client = client_of(user)

        page = client.get(address(competition, around="me")).json()

        names = [row["team"] for row in page["results"]]
        assert names.index("mine") == 5 and len(names) == 50
        earlier = client.get(page["previous"]).json()["results"]
        assert earlier[-1]["rank"] == page["results"][0]["rank"] - 1

    def test_start_at_the_top_where_ones_own_line_is(self):
        competition, user = make_competition(), make_user()
        fill(competition, 5)
        make_scored(make_team(competition, user, name="mine"), public=99)

        page = client_of(user).get(address(competition, around="me")).json()

        assert page["results"][0]["team"] == "mine" and len(page["results"]) == 6
        assert page["previous"] is None and page["next"] is None

    def test_have_no_place_for_who_has_no_line(self):
        competition = make_competition()
        fill(competition, 5)

        for reader in (None, make_user(), competition.host):
            response = client_of(reader).get(address(competition, around="me"))
            assert_problem(response, 404)

    def test_start_at_a_rank(self):
        competition = make_competition()
        fill(competition, 2100)
        client = client_of()

        page = client.get(address(competition, rank=2001)).json()

        assert [row["rank"] for row in page["results"]] == list(range(2001, 2051))
        earlier = client.get(page["previous"]).json()["results"]
        assert [row["rank"] for row in earlier] == list(range(1951, 2001))
        assert "rank=" not in page["next"]
        assert client.get(page["next"]).json()["results"][0]["rank"] == 2051

    def test_start_behind_a_rank_that_is_shared(self):
        competition = make_competition()
        fill(competition, 4, keys=[0, 1, 1, 3])

        assert rows(client_of().get(address(competition, rank=3)))[0]["rank"] == 4
        assert_problem(client_of().get(address(competition, rank=5)), 404)

    @pytest.mark.parametrize(
        "query", [{}, {"rank": 3}, {"around": "me"}], ids=["top", "rank", "around"]
    )
    def test_cost_the_same_at_10_and_at_1000_rows(
        self, query, django_assert_max_num_queries
    ):
        counts = []
        for count in (10, 1000):
            competition, user = make_competition(), make_user()
            fill(competition, count)
            make_scored(make_team(competition, user), public=-5.5)
            client = client_of(user)
            with django_assert_max_num_queries(12) as captured:
                assert rows(client.get(address(competition, **query)))
            counts.append(len(captured))

        assert counts[0] == counts[1]


class TestCsv:
    def test_holds_the_same_columns(self):
        competition = make_competition()
        ada, bob = make_user("ada"), make_user("bob")
        made = make_scored(make_team(competition, ada, bob, name="First"), public=-0.5)
        make_scored(make_team(competition, name="Mean", is_baseline=True), public=-0.75)

        response = client_of().get(address(competition, "leaderboard.csv"))

        table = list(csv.reader(io.StringIO(read(response).decode())))
        moment = made.created_at.strftime("%Y-%m-%dT%H:%M:%SZ")
        assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert response.streaming
        assert table[0] == [
            *("rank", "team", "members", "score", "interval", "tier"),
            *("submissions", "last_at", "is_baseline"),
        ]
        line = ["1", "First", "ada bob", "-0.5", "", "", "1", moment, "false"]
        assert table[1] == line
        assert table[2][:4] == ["", "Mean", "", "-0.75"] and table[2][-1] == "true"

    @pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@A1", "\t=1"])
    def test_keeps_names_from_being_formulas(self, name):
        competition = make_competition()
        make_scored(make_team(competition, name=name))

        response = client_of().get(address(competition, "leaderboard.csv"))

        table = list(csv.reader(io.StringIO(read(response).decode(), newline="")))
        assert table[1][1] == f"'{name}"

    def test_rounds_like_the_board_and_is_exact_for_the_host(self):
        competition = make_competition(feedback_digits=2)
        make_scored(make_team(competition), public=0.123456)

        def body(reader):
            csv_address = address(competition, "leaderboard.csv")
            return read(client_of(reader).get(csv_address))

        assert b"0.123456" not in body(None)
        assert b"0.123456" in body(competition.host)

    def test_costs_the_same_for_10_and_for_400_lines(
        self, django_assert_max_num_queries
    ):
        counts = []
        for count in (10, 400):
            competition = make_competition()
            fill(competition, count)
            with django_assert_max_num_queries(5) as captured:
                body = read(client_of().get(address(competition, "leaderboard.csv")))
            assert body.count(b"\n") == count + 1
            counts.append(len(captured))

        assert counts[0] == counts[1]


class TestCursor:
    def test_tells_no_more_of_a_score_than_the_host_lets_be_read(self):
        competition = make_competition(feedback_digits=2)
        for number in range(60):
            make_scored(make_team(competition), public=0.123456789 + number / 1000)

        page = client_of().get(f"/api/v1/competitions/{competition.slug}/leaderboard/")

        cursor = parse_qs(urlsplit(page.json()["next"]).query)["cursor"][0]
        opened = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        assert b"0.1" not in opened
        following = client_of().get(page.json()["next"].removeprefix(settings.URL))
        assert len(following.json()["results"]) == 10
