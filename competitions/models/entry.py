"""Whom a competition lets in that is not for everybody."""

from django.conf import settings
from django.db import models

from competitions.models.competition import Competition


class AllowedAddress(models.Model):
    """A confirmed e-mail address, or a whole domain, whose people may enter."""

    competition = models.ForeignKey(
        Competition, models.CASCADE, related_name="allowed_addresses"
    )
    pattern = models.CharField(max_length=254)  # lower case: ada@b.org, or @b.org

    class Meta:
        ordering = ["pattern"]
        constraints = [
            models.UniqueConstraint(
                fields=["competition", "pattern"], name="one_pattern_per_competition"
            )
        ]
        indexes = [models.Index(fields=["pattern"], name="allowed_by_pattern")]

    def __str__(self):
        return self.pattern


class Admission(models.Model):
    """Somebody who asked to enter by the invitation link, and what became of it."""

    class State(models.TextChoices):
        ASKED = "asked"
        APPROVED = "approved"
        DECLINED = "declined"

    competition = models.ForeignKey(
        Competition, models.CASCADE, related_name="admissions"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="admissions"
    )
    state = models.CharField(max_length=8, choices=State.choices, default="asked")
    message = models.CharField(max_length=300, blank=True)  # to the host
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["competition", "user"], name="one_admission_per_person"
            )
        ]

    def __str__(self):
        return f"{self.user_id}, {self.state}"
