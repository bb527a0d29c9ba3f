"""How teams come together: invitations to people, proposals to other teams."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from competitions.models.team import Team


class Asked(models.TextChoices):
    """Where something stands that one side asks and the other answers."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"  # by whoever asked, or because it can no more happen


class TeamInvitation(models.Model):
    """A team asks somebody to become a member; it waits for their answer."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="invitations")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="team_invitations"
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+"
    )
    state = models.CharField(max_length=9, choices=Asked.choices, default="waiting")
    created_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "user"],
                condition=Q(state="waiting"),
                name="one_waiting_invitation",
            )
        ]

    def __str__(self):
        return f"{self.user_id} into {self.team_id}, {self.state}"


class MergeProposal(models.Model):
    """A team asks another one to become one with it, under its own name."""

    from_team = models.ForeignKey(
        Team, models.CASCADE, related_name="proposals_made"
    )  # the one that stays
    to_team = models.ForeignKey(Team, models.CASCADE, related_name="proposals_received")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+"
    )
    state = models.CharField(max_length=9, choices=Asked.choices, default="waiting")
    created_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["from_team", "to_team"],
                condition=Q(state="waiting"),
                name="one_waiting_proposal",
            ),
            models.CheckConstraint(
                condition=~Q(from_team=models.F("to_team")),
                name="no_team_merges_with_itself",
            ),
        ]

    def __str__(self):
        return f"{self.to_team_id} into {self.from_team_id}, {self.state}"
