"""The boards' lines, ready to be read in order, and what their ranks are made of."""

from django.db import models
from django.db.models import Case, Count, Exists, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce

from competitions.models.competition import Competition
from competitions.models.scores import Split
from competitions.models.submission import Submission
from competitions.models.team import Team


class LeaderboardEntryQuerySet(models.QuerySet):
    def with_rank(self):
        """Entries with their `rank`; null for baselines.

        A rank is one more than the number of teams strictly better: those of all
        blocks before one's own, and those before one's own key in it.
        """
        of_board = {
            "competition": OuterRef("competition"),
            "split": OuterRef("split"),
        }
        blocks = BoardBlock.objects.filter(**of_board)
        own = blocks.filter(lower__lte=OuterRef("sort_key")).order_by("-lower")
        before = blocks.filter(lower__lt=OuterRef("block_lower")).order_by()
        inside = LeaderboardEntry.objects.filter(
            **of_board,
            is_baseline=False,
            sort_key__gte=OuterRef("block_lower"),
            sort_key__lt=OuterRef("sort_key"),
        ).order_by()
        return self.alias(block_lower=Subquery(own.values("lower")[:1])).annotate(
            rank=Case(
                When(
                    is_baseline=False,
                    then=1
                    + _of_all(before, Sum("count"))
                    + _of_all(inside, Count("*")),
                ),
                output_field=models.IntegerField(),
            )
        )

    def with_sharing(self):
        """Entries that know by `is_shared` whether another team has their rank."""
        equal = LeaderboardEntry.objects.filter(
            competition=OuterRef("competition"),
            split=OuterRef("split"),
            is_baseline=False,
            sort_key=OuterRef("sort_key"),
        ).exclude(pk=OuterRef("pk"))
        return self.annotate(is_shared=Exists(equal))


def _of_all(rows, aggregate):
    """An aggregate over the rows of one board as a subquery; 0 where there is none."""
    found = rows.values("competition").annotate(found=aggregate).values("found")
    return Coalesce(Subquery(found, output_field=models.IntegerField()), 0)


class LeaderboardEntry(models.Model):
    """One team's line on the board of one split; only its rank is not stored."""

    competition = models.ForeignKey(Competition, models.CASCADE, related_name="entries")
    team = models.ForeignKey(Team, models.CASCADE, related_name="entries")
    split = models.CharField(max_length=7, choices=Split.choices)
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="+")
    score = models.FloatField()
    sort_key = models.FloatField()  # to 12 significant digits; smaller is better
    achieved_at = models.DateTimeField()  # when the best submission was made
    submission_count = models.PositiveIntegerField()
    last_at = models.DateTimeField()
    is_baseline = models.BooleanField(default=False)
    # The best score so far: [[number of submissions, score], …], improvements only
    history = models.JSONField(default=list, blank=True)
    interval_low = models.FloatField(null=True, blank=True)
    interval_high = models.FloatField(null=True, blank=True)
    tier = models.PositiveIntegerField(null=True, blank=True)  # from 1; null: not known

    objects = LeaderboardEntryQuerySet.as_manager()

    class Meta:
        indexes = [
            # A page of the board, by cursor
            models.Index(
                fields=["competition", "split", "sort_key", "achieved_at", "id"],
                name="leaderboard_in_order",
            ),
            # The same without baselines, and the rank of a line within its block
            models.Index(
                fields=["competition", "split", "sort_key", "achieved_at", "id"],
                condition=Q(is_baseline=False),
                name="leaderboard_ranked",
            ),
            # A board's baselines
            models.Index(
                fields=["competition", "split", "sort_key"],
                condition=Q(is_baseline=True),
                name="leaderboard_baselines",
            ),
            # The newest results of all competitions
            models.Index(
                fields=["-achieved_at", "-id"],
                condition=Q(split="public", is_baseline=False),
                name="newest_public_results",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "split"], name="one_entry_per_team_and_split"
            ),
        ]

    def __str__(self):
        return f"{self.team_id} on {self.split}"


class BoardBlock(models.Model):
    """How many ranked lines a board has from one key up to the next block's.

    A board is cut into blocks of some hundred lines at keys, so that equal scores lie
    in one block; a new score changes the counts of two of them.
    """

    competition = models.ForeignKey(
        Competition, models.CASCADE, related_name="+", db_index=False
    )
    split = models.CharField(max_length=7, choices=Split.choices)
    lower = models.FloatField()  # the first block's is below any key
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            # Its index serves the block of a key and the sum of those before it.
            models.UniqueConstraint(
                fields=["competition", "split", "lower"], name="one_block_per_key"
            )
        ]

    def __str__(self):
        return f"{self.count} from {self.lower} on {self.split}"


class Board(models.Model):
    """What is known of the board of one split as a whole."""

    competition = models.ForeignKey(
        Competition, models.CASCADE, related_name="boards", db_index=False
    )
    split = models.CharField(max_length=7, choices=Split.choices)
    ranked = models.PositiveIntegerField(default=0)  # its teams, without baselines
    changes = models.PositiveBigIntegerField(default=0)  # counted with each change
    # Reckoned by the housekeeper, of the board as it was at so many changes:
    # its distribution, and the intervals and tiers of its lines
    summed_up = models.PositiveBigIntegerField(null=True, blank=True)
    measured = models.PositiveBigIntegerField(null=True, blank=True)
    distribution = models.JSONField(null=True, blank=True)  # {left, right, counts}
    chances = models.JSONField(null=True, blank=True)  # of being first, by entry
    measured_at = models.DateTimeField(null=True, blank=True)  # its last turn
    marked_at = models.DateTimeField(null=True, blank=True)  # the newest RankMark

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["competition", "split"], name="one_board_per_split"
            )
        ]

    def __str__(self):
        return f"{self.split} board of {self.competition_id}"


class RankMark(models.Model):
    """The rank that a line had at a moment, kept for about a day."""

    entry = models.ForeignKey(
        LeaderboardEntry, models.CASCADE, related_name="marks", db_index=False
    )
    board = models.ForeignKey(
        Board, models.CASCADE, related_name="marks", db_index=False
    )
    at = models.DateTimeField()
    rank = models.PositiveIntegerField()

    class Meta:
        indexes = [
            # The moments of a board's marks, and what is to be forgotten
            models.Index(fields=["board", "at"], name="marks_of_a_board")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "at"], name="one_mark_per_line_and_moment"
            )
        ]

    def __str__(self):
        return f"{self.rank} at {self.at}"
