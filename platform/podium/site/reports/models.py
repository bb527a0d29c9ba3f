"""Reports: what somebody tells staff about a dataset, a project or a profile."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Report(models.Model):
    """One user's word about one thing, and what staff did about it."""

    class Kind(models.TextChoices):
        DATASET = "dataset"
        PROJECT = "project"
        PROFILE = "profile"

    class State(models.TextChoices):
        OPEN = "open"
        HIDDEN = "hidden"
        DISMISSED = "dismissed"

    kind = models.CharField(max_length=7, choices=Kind.choices)
    target_id = models.BigIntegerField()  # of the kind's table
    target_name = models.CharField(max_length=200)  # as it was called then
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="reports"
    )
    text = models.TextField(max_length=2000)
    state = models.CharField(max_length=9, choices=State.choices, default="open")
    reason = models.CharField(max_length=400, blank=True)  # told to the owner
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    handled_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            # The list that staff work through
            models.Index(
                fields=["state", "-created_at", "-id"], name="reports_by_state"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "target_id", "reporter"],
                condition=Q(state="open"),
                name="one_open_report_per_user_and_thing",
            ),
            models.CheckConstraint(
                condition=~Q(state="hidden") | ~Q(reason=""),
                name="hiding_has_a_reason",
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.target_name}"
