"""What is kept of old outputs, and what goes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from competitions import retention, services
from competitions.models import Predictions
from podium.common.files import store_bytes
from podium.common.models import StoredFile
from tests.factories import make_competition, make_scored, make_team


@pytest.mark.django_db
class TestForgetOutputs:
    def test_keeps_finals_the_best_and_the_last_of_each_team(
        self, settings, monkeypatch
    ):
        settings.KEEP_OUTPUTS_DAYS = 30
        monkeypatch.setattr(retention, "LAST", 2)
        team = make_team(make_competition(finals=2))
        scores = (0.9, 0.1, 0.8, 0.2, 0.3, 0.4)
        made = [make_scored(team, public=score) for score in scores]
        for submission in made:
            Predictions.objects.create(
                submission=submission,
                hidden_test_set=submission.hidden_test_set,
                stored=store_bytes(f"output {submission.pk}".encode()),
                sha256="",
            )
        Predictions.objects.update(created_at=timezone.now() - timedelta(days=40))
        services.select(submission=made[1], selected=True)
        stored = {p.submission_id: p.stored_id for p in Predictions.objects.all()}

        assert retention.forget_outputs() == 2  # numbers 3 and 4

        kept = set(Predictions.objects.values_list("submission", flat=True))
        assert kept == {made[at].pk for at in (0, 1, 4, 5)}
        assert not StoredFile.objects.filter(pk=stored[made[2].pk]).exists()

    def test_counts_the_best_public_ones_where_none_was_chosen(
        self, settings, monkeypatch
    ):
        settings.KEEP_OUTPUTS_DAYS = 30
        monkeypatch.setattr(retention, "LAST", 0)
        team = make_team(make_competition(finals=2))
        made = [make_scored(team, public=score) for score in (0.9, 0.8, 0.7)]
        for submission in made:
            Predictions.objects.create(
                submission=submission,
                hidden_test_set=submission.hidden_test_set,
                stored=store_bytes(f"output {submission.pk}".encode()),
                sha256="",
            )

        later = timezone.now() + timedelta(days=31)

        assert retention.forget_outputs(later) == 1
        kept = set(Predictions.objects.values_list("submission", flat=True))
        assert kept == {made[0].pk, made[1].pk}

    def test_forgets_nothing_unless_the_operator_says_so(self, settings):
        settings.KEEP_OUTPUTS_DAYS = 0

        assert retention.forget_outputs(timezone.now() + timedelta(days=999)) == 0
