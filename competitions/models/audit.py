"""What hosts and staff did."""

from django.conf import settings
from django.db import models

from competitions.models.competition import Competition


class AuditEntry(models.Model):
    """One deed of a host or of staff that others may ask about later."""

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    competition = models.ForeignKey(
        Competition, models.CASCADE, null=True, related_name="audit_entries"
    )
    action = models.CharField(max_length=60)  # verb and noun: import_competition
    target = models.CharField(max_length=200, blank=True)
    detail = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return f"{self.action} {self.target}"
