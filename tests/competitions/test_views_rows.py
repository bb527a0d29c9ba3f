"""A team's list says which of its submissions count in the end."""

import pytest

from competitions import services
from competitions.models import Submission
from competitions.views.rows import team_rows
from tests.factories import make_competition, make_scored, make_team


@pytest.mark.django_db
class TestTeamRows:
    def counting(self, team):
        submissions = list(Submission.objects.filter(team=team).order_by("pk"))
        return [row.counts for row in team_rows(team.competition, submissions)]

    def test_name_the_best_public_ones_until_something_is_chosen(self):
        team = make_team(make_competition(finals=2))
        made = [make_scored(team, public=public) for public in (0.7, 0.9, 0.8)]

        before = self.counting(team)
        services.select(submission=made[0], selected=True)

        assert before == [False, True, True]
        assert self.counting(team) == [False, False, False]

    def test_say_nothing_where_there_is_no_private_board(self):
        competition = make_competition()
        hidden = competition.hidden_test_set
        hidden.private_rows = 0
        hidden.save()
        team = make_team(competition)
        make_scored(team)
        team.competition.refresh_from_db()

        assert self.counting(team) == [False]
