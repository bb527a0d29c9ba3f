"""Teams and who is in them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from competitions.models.competition import Competition, RulesVersion


class TeamQuerySet(models.QuerySet):
    def of(self, user):
        """The team in which a user takes part."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(memberships__user=user)


class Team(models.Model):
    """One or more participants who share submissions, quota and a line on the board.

    A baseline is a submission of a team without members, which takes no rank.
    """

    competition = models.ForeignKey(Competition, models.CASCADE, related_name="teams")
    name = models.CharField(max_length=80)
    is_baseline = models.BooleanField(default=False)
    served_at = models.DateTimeField(null=True, blank=True)  # when its work last began
    submission_count = models.PositiveIntegerField(default=0)
    # A team that was merged keeps its row: its history points at it.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_from"
    )
    # Whoever has the link may become a member; empty: there is none
    link = models.CharField(max_length=43, blank=True, default="", db_default="")
    is_seeking = models.BooleanField(default=False, db_default=False)  # team mates
    pitch = models.CharField(max_length=300, blank=True, default="", db_default="")
    # Off every board, by the host and for a reason that its members are told.
    disqualified_at = models.DateTimeField(null=True, blank=True)
    disqualified_for = models.CharField(
        max_length=500, blank=True, default="", db_default=""
    )
    created_at = models.DateTimeField(auto_now_add=True)
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="Membership", related_name="teams"
    )

    objects = TeamQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "competition", Lower("name"), name="one_team_per_name"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(is_baseline=False),
                name="baselines_do_not_merge",
            ),
        ]

    def __str__(self):
        return self.name


class Membership(models.Model):
    """A participant: a user in a team, and the rules they accepted."""

    competition = models.ForeignKey(
        Competition, models.CASCADE, related_name="memberships"
    )
    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships"
    )
    rules_version = models.ForeignKey(
        RulesVersion, models.PROTECT, related_name="memberships"
    )
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["competition", "user"], name="one_team_per_participant"
            )
        ]

    def __str__(self):
        return f"{self.user_id} in {self.team_id}"
