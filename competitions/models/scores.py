"""What a run leaves: the kept predictions and the scores made of them."""

from django.db import models

from competitions.models.competition import HiddenTestSet
from competitions.models.submission import Submission
from podium.common.models import StoredFile


class Split(models.TextChoices):
    """Rows that a score is over; `all` is public and private together."""

    PUBLIC = "public"
    PRIVATE = "private"
    ALL = "all"


class Predictions(models.Model):
    """What a submission's model returned for the hidden inputs, kept privately."""

    submission = models.ForeignKey(
        Submission, models.CASCADE, related_name="predictions"
    )
    hidden_test_set = models.ForeignKey(HiddenTestSet, models.PROTECT, related_name="+")
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)  # of the array, not of its compression
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "hidden_test_set"],
                name="one_set_of_predictions_per_hidden_test_set",
            )
        ]

    def __str__(self):
        return f"Predictions of {self.submission_id}"


class Replicates(models.Model):
    """A submission's scores on the resamples of a split, by the metric that ranks."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="+")
    hidden_test_set = models.ForeignKey(HiddenTestSet, models.CASCADE, related_name="+")
    split = models.CharField(max_length=7, choices=Split.choices)
    units = models.PositiveIntegerField()  # rows or groups that were resampled
    values = models.BinaryField()  # float64, little-endian, in the order of resamples

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "hidden_test_set", "split"],
                name="one_set_of_replicates_per_split",
            )
        ]

    def __str__(self):
        return f"Replicates of {self.submission_id} on {self.split}"


class Score(models.Model):
    """A metric's value for one submission on one split of one hidden test set."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="scores")
    hidden_test_set = models.ForeignKey(
        HiddenTestSet, models.PROTECT, related_name="scores"
    )
    split = models.CharField(max_length=7, choices=Split.choices)
    metric = models.CharField(max_length=60)  # key and parameters, as text
    value = models.FloatField()
    interval_low = models.FloatField(null=True, blank=True)
    interval_high = models.FloatField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "hidden_test_set", "split", "metric"],
                name="one_score_per_split",
            )
        ]

    def __str__(self):
        return f"{self.metric} {self.split} of {self.submission_id}"
