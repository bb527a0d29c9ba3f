"""Who is told what of submissions and of competitions in time."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from competitions import lifecycle, news
from competitions.models import Submission
from podium.notices import services
from podium.notices.models import Notice
from scoring.errors import TimeLimit
from tests.factories import (
    make_competition,
    make_scored,
    make_submission,
    make_team,
    make_user,
)
from tests.pages import browser_of, words_of

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def told(user) -> list[str]:
    return list(Notice.objects.filter(user=user).values_list("kind", flat=True))


def claim_of(submission):
    claim = lifecycle.claim_next(worker="test")
    assert claim.submission.pk == submission.pk
    return claim


def score(submission, public=0.5):
    values = {"accuracy": public}
    lifecycle.record_scores(
        claim_of(submission), {"public": values, "private": values, "all": values}
    )


class TestSubmissions:
    def test_tells_the_whole_team_of_a_score(self):
        competition = make_competition(title="Penguins")
        mira, joao, other = make_user(), make_user(), make_user()
        team = make_team(competition, mira, joao, name="The Two")
        make_scored(make_team(competition, other), public=0.9)
        submission = make_submission(team)

        score(submission, 0.5)

        for user in (mira, joao):
            notice = Notice.objects.get(user=user)
            assert notice.title == "Submission 1 in “Penguins” scored 0.50000"
            assert notice.text.startswith(
                "That is the best of The Two so far, and it puts you on rank 2 of "
            )
            assert notice.url == reverse("submission", args=[submission.pk])
        assert told(other) == []

    def test_tells_where_a_worse_one_leaves_the_team(self):
        team = make_team(make_competition(), name="Mine")
        make_scored(team, public=0.9)

        score(make_submission(team), 0.5)

        assert Notice.objects.get().text.startswith(
            "The best of Mine stays 0.90000, on rank 1"
        )

    def test_tells_no_digit_that_the_host_keeps_back(self):
        competition = make_competition(feedback_digits=2)

        score(make_submission(make_team(competition)), 0.123456)

        assert "0.12 " in f"{Notice.objects.get().title} "
        assert "0.123" not in Notice.objects.get().title

    def test_tells_a_score_once_however_often_it_is_reckoned(self):
        submission = make_submission()
        score(submission)
        Submission.objects.filter(pk=submission.pk).update(status="queued")

        score(submission)

        assert Notice.objects.count() == 1

    def test_tells_nobody_of_baselines(self):
        competition = make_competition()
        team = make_team(competition, name="Constant", is_baseline=True)

        score(make_submission(team))

        assert not Notice.objects.exists()

    def test_tells_why_one_failed_and_not_what_the_host_alone_may_read(self):
        submission = make_submission()
        error = TimeLimit("It took longer than 60 s.", "row 7 was slow")

        lifecycle.fail_submission(claim_of(submission), error)

        notice = Notice.objects.get(user=submission.submitted_by)
        assert notice.text == (
            "It took longer than 60 s. It counts towards your quota."
        )
        assert "row 7" not in notice.text + notice.title

    def test_tells_team_and_host_of_a_fault_of_ours(self):
        submission = make_submission()
        Submission.objects.filter(pk=submission.pk).update(faults=2)

        lifecycle.release_submission(claim_of(submission), "disk full at /srv")

        mine = Notice.objects.get(user=submission.submitted_by)
        hosts = Notice.objects.get(user=submission.competition.host)
        assert "does not count towards your quota" in mine.text
        assert submission.team.name in hosts.text
        assert "/srv" not in mine.text + hosts.text

    def test_says_nothing_while_a_run_waits_for_another_try(self):
        submission = make_submission()

        lifecycle.release_submission(claim_of(submission), "a fault")

        assert not Notice.objects.exists()


class TestAnnounce:
    def scheduled(self, **values):
        now = timezone.now()
        defaults = {"published_at": now - DAY, "opens_at": now + HOUR}
        return make_competition(**defaults | values)

    def test_tells_of_an_opening_whoever_waits_for_it(self):
        competition, waiting, other = self.scheduled(), make_user(), make_user()
        services.watch(user=waiting, subject=news.watched(competition), wanted=True)

        news.announce()
        assert told(waiting) == []
        news.announce(timezone.now() + 2 * HOUR)
        news.announce(timezone.now() + 3 * HOUR)

        assert told(waiting) == ["competition_opens"]
        assert told(competition.host) == ["competition_opens"]
        assert told(other) == []

    def test_tells_no_opening_of_what_has_become_private(self):
        competition, waiting = self.scheduled(), make_user()
        services.watch(user=waiting, subject=news.watched(competition), wanted=True)
        type(competition).objects.update(visibility="private")

        news.announce(timezone.now() + 2 * HOUR)

        assert told(waiting) == []

    def test_tells_no_opening_of_a_draft_or_of_one_published_later(self):
        draft = self.scheduled(published_at=None)
        late = make_competition(
            opens_at=timezone.now() - HOUR, published_at=timezone.now()
        )

        news.announce(timezone.now() + 2 * HOUR)

        assert told(draft.host) == told(late.host) == []

    def test_tells_participants_a_day_before_the_close(self):
        competition = make_competition(closes_at=timezone.now() + 2 * DAY)
        user = make_team(competition).members.get()

        news.announce()
        assert told(user) == []
        news.announce(timezone.now() + DAY + HOUR)
        news.announce(timezone.now() + DAY + 2 * HOUR)

        assert told(user) == ["competition_closes_soon"]

    def test_tells_it_again_of_one_that_was_prolonged(self):
        competition = make_competition(closes_at=timezone.now() + HOUR)
        user = make_team(competition).members.get()
        news.announce()
        type(competition).objects.update(closes_at=timezone.now() + 12 * HOUR)

        news.announce()

        assert told(user) == ["competition_closes_soon"] * 2

    def test_warns_of_no_close_that_was_near_from_the_start(self):
        now = timezone.now()
        competition = make_competition(
            opens_at=now - HOUR, published_at=now - DAY, closes_at=now + HOUR
        )
        user = make_team(competition).members.get()

        news.announce()

        assert "competition_closes_soon" not in told(user)

    def test_tells_of_the_close_once(self):
        competition = make_competition(closes_at=timezone.now() + DAY * 9)
        user = make_team(competition).members.get()

        for hours in (1, 2, 30):
            news.announce(competition.closes_at + hours * HOUR)

        assert told(user) == ["competition_closed"]

    def test_does_not_tell_whoever_joins_after_it_was_told(self):
        competition = make_competition(closes_at=timezone.now() + HOUR)
        news.announce()

        late = make_team(competition).members.get()
        news.announce()

        assert told(late) == []

    def test_tells_nothing_of_long_ago(self):
        now = timezone.now()
        competition = make_competition(
            opens_at=now - 99 * DAY,
            published_at=now - 99 * DAY,
            closes_at=now - 3 * DAY,
        )

        news.announce()

        assert told(competition.host) == []


class TestWatchPage:
    def test_lets_somebody_wait_and_wait_no_longer(self):
        now = timezone.now()
        competition = make_competition(opens_at=now + DAY, published_at=now)
        user = make_user()
        client = browser_of(user)
        page = f"/competitions/{competition.slug}/"

        assert "Tell me when it opens" in words_of(client.get(page))
        client.post(f"{page}watch/", {"wanted": "true"})
        assert "Do not tell me" in words_of(client.get(page))
        client.post(f"{page}watch/", {"wanted": "false"})

        assert not services.is_watching(user, news.watched(competition))

    def test_has_nothing_to_wait_for_once_it_is_open(self):
        competition, user = make_competition(), make_user()
        client = browser_of(user)

        client.post(f"/competitions/{competition.slug}/watch/", {"wanted": "true"})

        assert not services.is_watching(user, news.watched(competition))


class TestDeadlines:
    def make(self, **values):
        now = timezone.now()
        return make_competition(
            title="Owls",
            opens_at=now - 9 * DAY,
            published_at=now - 9 * DAY,
            closes_at=now + 9 * DAY,
            **values,
        )

    def test_tells_the_last_chance_to_join_to_whoever_may_want_it(self):
        competition = self.make(entry_deadline=timezone.now() + 12 * HOUR)
        waiting, invited, member, other = (make_user() for _ in range(4))
        services.watch(user=waiting, subject=news.watched(competition), wanted=True)
        team = make_team(competition, member)
        team.invitations.create(user=invited, invited_by=member)

        news.announce()
        news.announce()

        for user in (waiting, invited):
            notice = Notice.objects.get(user=user)
            assert notice.title == ("“Owls” takes new participants for less than a day")
        assert told(member) == told(other) == []

    def test_tells_the_last_chance_to_change_teams_to_participants(self):
        competition = self.make(
            team_deadline=timezone.now() + 12 * HOUR, team_max_size=3
        )
        user = make_team(competition).members.get()

        news.announce()
        news.announce(timezone.now() + HOUR)

        assert told(user) == ["deadline_soon"]

    def test_says_nothing_of_teams_where_everybody_is_alone(self):
        competition = self.make(team_deadline=timezone.now() + 12 * HOUR)
        user = make_team(competition).members.get()

        news.announce()

        assert told(user) == []

    def test_is_no_second_notice_where_it_is_the_close(self):
        competition = self.make(team_max_size=3)
        type(competition).objects.update(
            closes_at=timezone.now() + 9 * HOUR, team_deadline=timezone.now() + 9 * HOUR
        )
        competition.refresh_from_db()
        type(competition).objects.update(team_deadline=competition.closes_at)
        user = make_team(competition).members.get()

        news.announce()

        assert told(user) == ["competition_closes_soon"]

    def test_is_not_told_to_whoever_switched_it_off(self):
        competition = self.make(
            team_deadline=timezone.now() + 12 * HOUR, team_max_size=3
        )
        user = make_team(competition).members.get()
        services.choose(user=user, kind="deadline_soon", on_site=False, by_mail=False)

        news.announce()

        assert told(user) == []
