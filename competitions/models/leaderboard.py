"""The board's lines, ready to be read in order."""

from django.db import models
from django.db.models import Q

from competitions.models.competition import Competition
from competitions.models.scores import Split
from competitions.models.submission import Submission
from competitions.models.team import Team


class LeaderboardEntry(models.Model):
    """One team's line on the board of one split; rank and counts are kept on write."""

    competition = models.ForeignKey(Competition, models.CASCADE, related_name="entries")
    team = models.ForeignKey(Team, models.CASCADE, related_name="entries")
    split = models.CharField(max_length=7, choices=Split.choices)
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="+")
    score = models.FloatField()
    sort_key = models.FloatField()  # to 12 significant digits; smaller is better
    rank = models.PositiveIntegerField(null=True)  # null for baselines
    achieved_at = models.DateTimeField()  # when the best submission was made
    submission_count = models.PositiveIntegerField()
    last_at = models.DateTimeField()
    is_baseline = models.BooleanField(default=False)

    class Meta:
        indexes = [
            # A page of the board, by cursor, and the rank of a new score
            models.Index(
                fields=["competition", "split", "sort_key", "achieved_at", "id"],
                name="leaderboard_in_order",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "split"], name="one_entry_per_team_and_split"
            ),
            models.CheckConstraint(
                condition=Q(is_baseline=True, rank=None)
                | Q(is_baseline=False, rank__isnull=False),
                name="baselines_take_no_rank",
            ),
        ]

    def __str__(self):
        return f"{self.team_id} on {self.split}"
