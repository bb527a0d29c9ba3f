"""The public leaderboard as its readers see it."""

import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from competitions import leaderboard
from competitions.leaderboard import marks
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


class TestPrivateBoard:
    def make(self, **values):
        competition = make_competition(**values)
        for name, public, private in (("A", 0.9, 0.6), ("B", 0.8, 0.7)):
            make_scored(
                make_team(competition, name=name), public=public, private=private
            )
        return competition

    def test_is_there_for_nobody_but_the_host_before_the_close(self):
        competition = self.make()

        for user in (None, make_user()):
            assert get(competition, user, split="private").status_code == 404
            assert lines(get(competition, user))[0][1] == "A"
        seen = lines(get(competition, competition.host, split="private"))
        assert [name for _, name, _ in seen] == ["B", "A"]

    def test_comes_first_once_the_competition_has_closed(self):
        competition = self.make(closes_at=timezone.now(), medals=True)

        page = html_of(get(competition))

        assert [name for _, name, _ in lines(get(competition))] == ["B", "A"]
        assert 'aria-label="gold medal"' in page
        assert "Shake-up" in page
        public = lines(get(competition, split="public"))
        assert [name for _, name, _ in public] == ["A", "B"]

    @pytest.mark.parametrize("split", ["all", "hidden"])
    def test_other_boards_are_not_there(self, split):
        competition = self.make(closes_at=timezone.now())

        assert get(competition, competition.host, split=split).status_code == 404


class TestColumns:
    def test_medals_are_outlined_while_it_is_open(self):
        competition = make_competition(medals=True)
        make_scored(make_team(competition))

        assert "gold medal zone, provisional" in html_of(get(competition))

    def test_tells_how_ranks_moved_since_a_day_ago(self):
        competition = make_competition()
        one, two = (make_team(competition, name=name) for name in ("One", "Two"))
        make_scored(one, public=0.8)
        make_scored(two, public=0.7)
        day_ago = timezone.now() - timedelta(hours=25)
        marks.mark(leaderboard.board_of(competition, "public"), day_ago)
        make_scored(two, public=0.9)
        make_scored(make_team(competition, name="Three"), public=0.1)

        found = words_of(get(competition))

        assert re.search(r"1 up 1 Two .* 2 down 1 One .* 3 new Three", found)

    def test_other_metrics_have_columns_and_do_not_rank(self):
        metrics = [{"key": "accuracy"}, {"key": "log_loss"}]
        competition = make_competition(metrics=metrics)
        scored = make_scored(make_team(competition), public=0.8)
        Score.objects.create(
            submission=scored,
            hidden_test_set=scored.hidden_test_set,
            split="public",
            metric="log_loss",
            value=0.4321,
        )

        page = html_of(get(competition))

        assert ">Log loss</th>" in page and ">0.43210<" in page


class TestAnonymous:
    def test_hides_names_from_others_and_lets_nobody_search_for_them(self):
        competition = make_competition()
        mine, other = (make_team(competition, name=n) for n in ("Mine-1", "Other-1"))
        make_scored(mine, public=0.8)
        make_scored(other, public=0.7)
        address = f"/competitions/{competition.slug}/leaderboard/anonymous/"

        refused = browser_of(mine.members.get()).post(address, {"anonymous": "true"})
        done = browser_of(competition.host).post(address, {"anonymous": "true"})

        assert (refused.status_code, done.status_code) == (404, 303)
        for query in ({}, {"q": "Other-1"}):
            page = html_of(get(competition, mine.members.get(), **query))
            assert "Mine-1" in page
            assert ">Other-1<" not in page
            assert other.members.get().username not in page
        assert "Mine-1" not in html_of(get(competition))
        assert "Other-1" in html_of(get(competition, competition.host))
        json = browser_of().get(f"/api/v1/competitions/{competition.slug}/leaderboard/")
        assert b"Other-1" not in json.content and b"Mine-1" not in json.content


class TestElsewhere:
    def test_a_frame_may_hold_this_page_alone(self):
        competition = make_competition()
        make_scored(make_team(competition, name="A <b>"), public=0.8)
        address = f"/competitions/{competition.slug}/leaderboard/"

        framed = browser_of().get(f"{address}embed/")
        whole = browser_of().get(address)

        assert "X-Frame-Options" not in framed.headers
        assert "frame-ancestors *" in framed.headers["Content-Security-Policy"]
        assert "script" not in html_of(framed) and "A &lt;b&gt;" in html_of(framed)
        assert whole.headers["X-Frame-Options"] == "DENY"

    def test_a_picture_is_well_formed_and_tells_no_private_score(self):
        competition = make_competition(title="R & D <1>")
        team = make_team(competition, name="A <b>")
        make_scored(team, public=0.8, private=0.777123)

        response = browser_of().get(f"/competitions/{competition.slug}/leaderboard.svg")

        assert response.headers["Content-Type"].startswith("image/svg+xml")
        text = "".join(ElementTree.fromstring(response.content).itertext())
        assert "R & D <1>" in text and "A <b>" in text and "0.80000" in text
        assert "0.777" not in text
