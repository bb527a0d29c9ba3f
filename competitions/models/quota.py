"""The ledger of submissions: charges and refunds are rows, never edits."""

from django.db import models
from django.db.models import Q

from competitions.models.submission import Submission
from competitions.models.team import Team


class QuotaEntry(models.Model):
    """One charge or refund; what is left is reckoned from these rows alone."""

    class Kind(models.TextChoices):
        CHARGE = "charge"
        REFUND = "refund"

    team = models.ForeignKey(Team, models.CASCADE, related_name="quota_entries")
    submission = models.ForeignKey(
        Submission, models.CASCADE, related_name="quota_entries"
    )
    kind = models.CharField(max_length=6, choices=Kind.choices)
    amount = models.SmallIntegerField()  # 1 for a charge, -1 for a refund
    day = models.DateField()  # of the charge, in the competition's time zone
    cause = models.CharField(max_length=40)  # submitted, cancelled, platform_fault …
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            # What a team has left today
            models.Index(fields=["team", "day"], name="quota_of_a_day")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "kind"], name="one_charge_and_one_refund"
            ),
            models.CheckConstraint(
                condition=Q(kind="charge", amount=1) | Q(kind="refund", amount=-1),
                name="charges_add_and_refunds_subtract",
            ),
        ]

    def __str__(self):
        return f"{self.kind} for {self.submission_id}"
