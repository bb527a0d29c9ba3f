"""Verified results are what the boards say at the moment of asking."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from competitions import leaderboard
from competitions.models import Submission
from podium.portfolio import results
from tests.factories import (
    make_competition,
    make_project,
    make_scored,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db

NOBODY = AnonymousUser()


def seen(user, viewer=NOBODY):
    entries = results.with_names(results.entries_of(user, viewer))
    return [results.result_of(entry) for entry in entries.order_by(*results.ORDER)]


class TestEntriesOf:
    def test_tells_rank_teams_and_difference_to_the_baseline(self):
        user, competition = make_user(), make_competition(title="Digits")
        make_scored(make_team(competition), public=0.9)
        make_scored(make_team(competition, is_baseline=True, name="B"), public=0.5)
        make_scored(make_team(competition, user), public=0.75)

        (result,) = seen(user)

        assert (result.rank, result.teams) == ("2", 2)
        assert result.score == "0.75000"
        assert result.over_baseline == "+0.25000"
        assert result.is_over_baseline
        assert result.is_open

    def test_tells_shared_ranks(self):
        user, competition = make_user(), make_competition()
        make_scored(make_team(competition), public=0.75)
        make_scored(make_team(competition, user), public=0.75)

        assert seen(user)[0].rank == "=1"

    def test_reads_them_anew_each_time(self):
        user, competition = make_user(), make_competition()
        team = make_team(competition, user)
        submission = make_scored(team, public=0.5)
        before = seen(user)[0].score
        key = leaderboard.sort_key(0.25, competition.direction)
        Submission.objects.filter(pk=submission.pk).update(
            public_score=0.25, public_key=key
        )
        leaderboard.update_team(competition, team)

        assert (before, seen(user)[0].score) == ("0.50000", "0.25000")

    def test_rounds_as_participants_read(self):
        user = make_user()
        competition = make_competition(feedback_digits=2)
        make_scored(make_team(competition, user), public=0.123456)

        assert seen(user)[0].score == "0.12"

    @pytest.mark.parametrize(
        "values",
        [
            pytest.param({"visibility": "private"}, id="private"),
            pytest.param({"visibility": "invited"}, id="invited"),
            pytest.param({"published_at": None}, id="draft"),
        ],
    )
    def test_tells_strangers_nothing_of_competitions_they_may_not_see(self, values):
        user, competition = make_user(), make_competition(**values)
        make_scored(make_team(competition, user))

        assert seen(user) == []
        assert seen(user, make_user()) == []
        assert len(seen(user, competition.host)) == 1

    def test_never_tells_private_scores(self):
        user = make_user()
        make_scored(make_team(make_competition(), user), public=0.5, private=0.123)

        text = repr(seen(user, user)) + repr(seen(user, make_user(is_staff=True)))

        assert "0.5" in text
        assert "0.123" not in text

    def test_is_only_of_teams_that_one_is_in(self):
        make_scored()

        assert seen(make_user()) == []


class TestSummaryOf:
    def test_counts_and_names_the_best_finish(self):
        user = make_user()
        for title, others in (("Small", 0), ("Large", 3)):
            competition = make_competition(title=title)
            for _ in range(others):
                make_scored(make_team(competition), public=0.1)
            make_scored(make_team(competition, user), public=0.5)
        competition = make_competition()
        make_scored(make_team(competition, is_baseline=True, name="B"), public=0.2)
        make_scored(make_team(competition, user), public=0.5)

        summary = results.summary_of(results.entries_of(user, NOBODY))

        assert (summary["count"], summary["above"]) == (3, 1)
        assert summary["best"].competition.title == "Large"
        assert (summary["best"].rank, summary["best"].team_count) == (1, 4)


class TestProofsOf:
    def test_reads_the_score_of_a_linked_submission(self):
        owner, competition = make_user(), make_competition()
        team = make_team(competition, owner)
        worse, best = make_scored(team, public=0.5), make_scored(team, public=0.75)
        project = make_project(owner=owner, results=[worse.pk, best.pk])

        proofs = {
            proof.submission_id: proof for proof in results.proofs_of(project, NOBODY)
        }

        assert (proofs[best.pk].score, proofs[best.pk].rank) == ("0.75000", 1)
        assert (proofs[worse.pk].score, proofs[worse.pk].rank) == ("0.50000", None)
        assert proofs[best.pk].rows == 2

    def test_hides_those_of_competitions_one_may_not_see(self):
        owner, competition = make_user(), make_competition(visibility="private")
        scored = make_scored(make_team(competition, owner))
        project = make_project(owner=owner, results=[scored.pk])

        assert results.proofs_of(project, NOBODY) == []
        assert len(results.proofs_of(project, owner)) == 1

    def test_drops_what_is_no_longer_scored(self):
        owner = make_user()
        scored = make_scored(make_team(make_competition(), owner))
        project = make_project(owner=owner, results=[scored.pk])
        Submission.objects.filter(pk=scored.pk).update(
            status="queued", created_at=timezone.now() - timedelta(days=1)
        )

        assert results.proofs_of(project, owner) == []
