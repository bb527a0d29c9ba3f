"""The public leaderboard as its readers see it."""

import re

import pytest
from django.utils import timezone

from competitions import leaderboard
from competitions.models import LeaderboardEntry, Score, Team
from competitions.views import board
from tests.factories import (
    make_competition,
    make_scored,
    make_submission,
    make_team,
    make_user,
)
from tests.pages import browser_of, html_of, queries_of, words_of

pytestmark = pytest.mark.django_db


def get(competition, user=None, **query):
    address = f"/competitions/{competition.slug}/leaderboard/"
    return browser_of(user).get(address, query)


def lines(response) -> list[tuple[str, str, str]]:
    """Rank, team and score of each line, from top to bottom."""
    found = re.findall(
        r'class="rank"><span><b>([^<]+)</b>.*?class="team"><bdi>(?:<a[^>]*>)?([^<]+?)<.*?'
        r'class="val">([^<]+)<',
        html_of(response),
        re.S,
    )
    return [(rank, team, score) for rank, team, score in found]


def fill(competition, count):
    """Give a competition's board many lines without running anything."""
    submission = make_submission(make_team(competition, is_baseline=True))
    keys = [number // 2 for number in range(count)]  # every score twice
    teams = Team.objects.bulk_create(
        Team(competition=competition, name=f"Filler {number:05}")
        for number in range(count)
    )
    LeaderboardEntry.objects.bulk_create(
        LeaderboardEntry(
            competition=competition,
            team=team,
            split="public",
            submission=submission,
            score=1 - key / count,
            sort_key=-(1 - key / count),
            achieved_at=timezone.now(),
            submission_count=1,
            last_at=timezone.now(),
        )
        for team, key in zip(teams, keys, strict=True)
    )
    leaderboard.rebuild(competition, "public")


class TestBoard:
    def test_stands_in_order_with_shared_ranks(self):
        competition = make_competition()
        for name, public in (("C", 0.7), ("A", 0.9), ("B", 0.9), ("D", 0.1)):
            make_scored(make_team(competition, name=name), public=public)

        assert lines(get(competition)) == [
            ("=1", "A", "0.90000"),
            ("=1", "B", "0.90000"),
            ("3", "C", "0.70000"),
            ("4", "D", "0.10000"),
        ]

    def test_puts_baselines_last_and_unranked(self):
        competition = make_competition()
        baseline = make_team(competition, name="Constant", is_baseline=True)
        make_scored(baseline, public=0.95)
        make_scored(make_team(competition, name="A"), public=0.5)

        found = lines(get(competition))

        assert found == [("1", "A", "0.50000"), ("–", "Constant", "0.95000")]

    def test_marks_ones_own_line(self):
        competition = make_competition()
        team = make_team(competition, name="Mine")
        make_scored(team)
        make_scored(make_team(competition, name="Other"))

        mine = html_of(get(competition, team.members.get()))
        others = html_of(get(competition, make_user()))

        row = re.search(r'<tr class="you" id="you">.*?</tr>', mine, re.S)[0]
        assert "Mine" in row
        assert 'class="you"' not in others

    def test_shows_ones_own_line_on_top_of_other_pages(self):
        competition = make_competition()
        fill(competition, 2 * board.PAGE + 10)
        team = make_team(competition, name="Mine")
        make_scored(team, public=0.00001)

        found = lines(get(competition, team.members.get()))

        assert found[0] == (str(2 * board.PAGE + 11), "Mine", "0.00001")
        assert found[1][0] == "=1"
        assert html_of(get(competition, team.members.get())).count('id="you"') == 1

    def test_jumps_to_ones_own_line(self):
        competition = make_competition()
        fill(competition, 3 * board.PAGE)
        team = make_team(competition, name="Mine")
        make_scored(team, public=0.75)

        found = [
            name
            for _, name, _ in lines(get(competition, team.members.get(), around="me"))
        ]

        assert len(found) == board.PAGE
        assert found.index("Mine") == board.PAGE // 2

    def test_pages_show_each_team_once_both_ways(self):
        competition = make_competition()
        fill(competition, 2 * board.PAGE + 7)
        address = f"/competitions/{competition.slug}/leaderboard/"
        client, forward, backward = browser_of(), [], []

        following = address
        while following:
            page, last = client.get(following), following
            forward.append(lines(page))
            link = re.search(r'href="(\?[^"]*)" rel="next"', html_of(page))
            following = link and address + link[1]
        while last:
            page = client.get(last)
            backward.insert(0, lines(page))
            link = re.search(r'href="(\?[^"]*)" rel="prev"', html_of(page))
            last = link and address + link[1]

        names = [name for page in forward for _, name, _ in page]
        assert len(names) == len(set(names)) == 2 * board.PAGE + 7
        assert [len(page) for page in forward] == [board.PAGE, board.PAGE, 7]
        assert backward == forward

    @pytest.mark.parametrize("query", ["filler 00042", "a-member"])
    def test_finds_a_team_by_its_name_or_a_member(self, query):
        competition = make_competition()
        fill(competition, 90)
        make_scored(make_team(competition, make_user("a-member-7"), name="Ours"))

        found = [name for _, name, _ in lines(get(competition, q=query))]

        assert found == ["Filler 00042" if "filler" in query else "Ours"]

    def test_tells_no_more_of_a_score_than_its_host_lets_be_read(self):
        competition = make_competition(feedback_digits=2)
        for number in range(board.PAGE + 5):
            make_scored(make_team(competition), public=0.123456789 + number / 1e6)

        page = html_of(get(competition))

        assert '"val">0.12<' in page
        assert "0.1234" not in page
        for cursor in re.findall(r"cursor=([^\"]+)", page):
            assert re.fullmatch(r"(after|before)-\d+", cursor)

    def test_never_tells_a_private_score(self):
        competition = make_competition()
        team = make_team(competition)
        make_scored(team, public=0.5, private=0.777123)
        assert Score.objects.filter(value=0.777123).exists()

        for user in (None, team.members.get(), make_user()):
            assert "0.777" not in html_of(get(competition, user))

    @pytest.mark.parametrize(
        "cursor", ["nonsense", "after-", "after-x", "sideways-1", "after-" + "9" * 30]
    )
    def test_a_damaged_cursor_leads_nowhere(self, cursor):
        competition = make_competition()
        make_scored(make_team(competition))

        expected = 200 if cursor in ("nonsense", "after-") else 404
        assert get(competition, cursor=cursor).status_code == expected

    def test_a_line_of_another_board_is_no_cursor_here(self):
        make_scored(make_team(make_competition()))
        elsewhere = LeaderboardEntry.objects.filter(split="public").get()

        found = get(make_competition(), cursor=f"after-{elsewhere.pk}")

        assert found.status_code == 404

    def test_says_what_happens_next_when_it_is_empty(self):
        competition = make_competition()
        make_scored(make_team(competition, is_baseline=True), public=0.61)

        page = words_of(get(competition))

        assert "No scores yet" in page
        assert "The baseline to beat is 0.61000." in page

    def test_costs_the_same_queries_at_ten_and_a_thousand(self):
        counts = []
        for size in (10, 1000):
            competition = make_competition()
            fill(competition, size)
            team = make_team(competition)
            make_scored(team, public=0.5)
            client = browser_of(team.members.get())
            address = f"/competitions/{competition.slug}/leaderboard/"
            counts.append(queries_of(client, address))

        assert counts[0] == counts[1] <= 15
