"""The pages of credentials, from outside."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from competitions import leaderboard
from podium.credentials import keys, services
from podium.credentials.models import Credential
from tests.factories import make_competition, make_scored, make_team, make_user
from tests.pages import browser_of, html_of, queries_of, words_of
from tests.podium.credentials.scene import make_credential, make_final, make_holder

pytestmark = pytest.mark.django_db


class TestDetail:
    def test_tells_anybody_what_was_checked(self):
        credential = make_credential(username="mira")

        words = words_of(browser_of().get(credential.get_absolute_url()))

        assert "Signature valid, not revoked, checked just now" in words
        assert "A model by mira finished first of 1 in" in words
        assert "no letter was changed since it was signed" in words
        assert "It still says the same." in words
        assert "Revoke it" not in words

    def test_shows_what_the_board_says_now(self):
        credential = make_credential()
        team = credential.submission.team
        competition = credential.submission.competition

        # Another result, by the door that results come in by
        make_scored_after_the_end(competition, private=0.99)
        moved = words_of(browser_of().get(credential.get_absolute_url()))
        team.disqualified_at, team.disqualified_for = timezone.now(), "Cheated."
        team.save()
        gone = words_of(browser_of().get(credential.get_absolute_url()))

        assert "The rank is 2 of 2 now." in moved
        assert "The host has disqualified the team since." in gone

    def test_of_a_revoked_one_says_so_first(self):
        credential = make_credential()
        host = credential.submission.competition.host

        browser_of(host).post(
            f"{credential.get_absolute_url()}revoke/", {"reason": "Two accounts."}
        )

        words = words_of(browser_of().get(credential.get_absolute_url()))
        assert "Revoked: do not rely on it" in words
        assert "Two accounts." in words

    def test_tells_of_a_newer_key_and_of_the_end_of_its_time(self):
        holder, competition = make_user(), make_competition()
        make_scored(make_team(competition, holder))
        credential, _ = services.issue(competition=competition, user=holder)
        keys.rotate()
        address = credential.get_absolute_url()

        assert "a newer one took its place" in words_of(browser_of().get(address))
        with time_machine.travel(timezone.now() + timedelta(days=181)):
            words = words_of(browser_of().get(address))

        assert "Expired: it told of an open board, for a while" in words
        assert "It held until" in words

    def test_links_a_private_competition_for_nobody_else(self):
        credential = make_credential(make_final(visibility="private"))

        page = html_of(browser_of().get(credential.get_absolute_url()))

        slug = credential.submission.competition.slug
        assert f'href="/competitions/{slug}/leaderboard/"' not in page

    def test_takes_as_many_queries_for_many_teams(self):
        competition = make_final()
        credential = make_credential(competition)
        address = credential.get_absolute_url()
        before = queries_of(browser_of(), address)

        for _ in range(5):
            make_credential(competition)

        assert queries_of(browser_of(), address) == before

    def test_files_hold_the_signed_text(self):
        credential = make_credential()
        browser, address = browser_of(), credential.get_absolute_url()

        text = browser.get(f"{address}credential.jwt")
        svg = browser.get(f"{address}badge.svg")
        png = browser.get(f"{address}badge.png")

        assert text.content.decode() == credential.jwt
        assert credential.jwt.encode() in svg.content
        assert credential.jwt.encode() in png.content
        assert svg.headers["Content-Type"] == "image/svg+xml"
        assert png.headers["Content-Type"] == "image/png"

    def test_of_a_deleted_account_says_only_that(self):
        credential = make_credential(username="mira")
        services.forget(holder=credential.holder)
        browser, address = browser_of(), credential.get_absolute_url()

        assert "deleted their account" in words_of(browser.get(address))
        assert browser.get(f"{address}badge.svg").status_code == 404


class TestIssue:
    def test_is_one_button_on_the_submission_and_again_changes_nothing(self):
        holder, competition = make_holder()
        browser = browser_of(holder)
        page = f"/submissions/{competition.submissions.get().pk}/"
        assert "Get the credential" in words_of(browser.get(page))

        address = f"/competitions/{competition.slug}/credential/"
        first, again = browser.post(address), browser.post(address)

        assert first.status_code == 303
        assert first.headers["Location"] == again.headers["Location"]
        assert Credential.objects.count() == 1
        assert "see it, download it, share it" in words_of(browser.get(page))

    def test_is_nobody_elses(self):
        holder, competition = make_holder()
        address = f"/competitions/{competition.slug}/credential/"

        for user in (make_user(), competition.host, make_user(is_staff=True)):
            assert browser_of(user).post(address).status_code == 404
        assert browser_of().post(address).status_code == 302
        assert not Credential.objects.exists()

    def test_says_why_it_cannot_be(self):
        holder = make_user()
        competition = make_competition(closes_at=timezone.now() + timedelta(days=1))
        make_scored(make_team(competition, holder))
        browser = browser_of(holder)

        answer = browser.post(
            f"/competitions/{competition.slug}/credential/", follow=True
        )

        assert "closes on" in words_of(answer)


class TestPortfolio:
    def test_links_credentials_and_asks_for_missing_ones_in_equal_queries(self):
        holder = make_user("mira")
        make_scored(make_team(make_competition(), holder))
        browser, address = browser_of(holder), "/people/mira/"
        assert "Get the credential" in words_of(browser.get(address))
        before = queries_of(browser, address)

        for _ in range(4):
            competition = make_competition()
            make_scored(make_team(competition, holder))
            services.issue(competition=competition, user=holder)

        assert queries_of(browser, address) == before
        words = words_of(browser_of().get(address))
        assert words.count("Signed as it stood") == 4
        assert "Get the credential" not in words


class TestRevoke:
    def test_is_not_there_for_others(self):
        credential = make_credential()
        address = f"{credential.get_absolute_url()}revoke/"

        for user in (credential.holder, make_user()):
            answer = browser_of(user).post(address, {"reason": "x"})
            assert answer.status_code == 404
        assert browser_of(make_user(is_staff=True)).post(address).status_code == 400
        credential.refresh_from_db()
        assert credential.revoked_at is None


class TestCheck:
    def verdict(self, **sent):
        page = html_of(browser_of().post("/verify/", sent))
        return page.partition('data-verdict="')[2].partition('"')[0]

    def test_tells_files_and_texts_apart(self):
        credential = make_credential()
        token, address = credential.jwt, credential.get_absolute_url()
        png = browser_of().get(f"{address}badge.png").content

        assert self.verdict(text=token) == "good"
        assert self.verdict(file=SimpleUploadedFile("b.png", png)) == "good"
        assert self.verdict(file=SimpleUploadedFile("b", png[:999])) == "truncated"
        assert self.verdict(text=token[:-9]) == "truncated"
        middle = len(token) // 2
        changed = token[:middle] + "AAAA" + token[middle + 4 :]
        assert self.verdict(text=changed) == "tampered"
        assert self.verdict(text="hello") == "unreadable"

    def test_shows_no_word_of_a_tampered_one(self):
        token = make_credential(username="mira").jwt

        words = words_of(browser_of().post("/verify/", {"text": token[:-4] + "AAAA"}))

        assert "mira" not in words
        assert "Changed after it was signed." in words

    def test_refuses_what_is_empty_or_too_large(self):
        browser = browser_of()
        large = SimpleUploadedFile("b.png", b"\x00" * 4_000_001)

        assert "Choose a file" in words_of(browser.post("/verify/", {}), 400)
        assert "more than 4 MB" in words_of(
            browser.post("/verify/", {"file": large}), 400
        )
        long = {"text": "a" * 100_001}
        assert browser.post("/verify/", long).status_code == 400

    def test_leads_from_a_code_to_its_page(self):
        credential = make_credential()
        browser = browser_of()

        found = browser.get("/verify/", {"code": credential.code_in_groups.upper()})

        assert found.headers["Location"] == credential.get_absolute_url()
        assert "twelve letters" in words_of(browser.get("/verify/?code=x"))
        assert browser.get("/verify/abcdefghjkmn/").status_code == 404


def make_scored_after_the_end(competition, **scores):
    """A result of another team; the competition stays finished."""
    times = (competition.finalised_at, competition.closes_at)
    competition.finalised_at = competition.closes_at = None
    competition.save()
    submission = make_scored(make_team(competition), **scores)
    competition.finalised_at, competition.closes_at = times
    competition.save()
    leaderboard.update_team(competition, submission.team)
