"""Submissions: the rows that are the queue."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from competitions.models.competition import Competition, HiddenTestSet
from competitions.models.team import Team
from podium.common.models import StoredFile


class SubmissionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Submissions a user may find: their team's, and all of what they host."""
        if user.is_staff:
            return self
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(team__in=user.teams.all()) | Q(competition__host=user))


class Submission(models.Model):
    """One artifact entered by one team into one competition.

    The row is the queue: it waits exactly while CHECKING or QUEUED and held by nobody,
    whatever the broker says.
    """

    class Status(models.TextChoices):
        CHECKING = "checking"
        QUEUED = "queued"
        RUNNING = "running"
        SCORED = "scored"
        FAILED = "failed"
        CANCELLED = "cancelled"

    class Stage(models.TextChoices):
        RECEIVED = "received"
        CHECK = "check"
        QUEUE = "queue"
        LOAD = "load"
        PREDICT = "predict"
        SCORE = "score"
        DONE = "done"

    class Work(models.TextChoices):
        """What the row waits for next: who may claim it."""

        CHECK = "check"
        PREDICT = "predict"
        SCORE = "score"

    class Reason(models.TextChoices):
        UNREADABLE_FILE = "unreadable_file"
        REFUSED_CONTENT = "refused_content"
        WRONG_SIGNATURE = "wrong_signature"
        BAD_PREDICTIONS = "bad_predictions"
        TIME_LIMIT = "time_limit"
        MEMORY_LIMIT = "memory_limit"
        FILE_LIMIT = "file_limit"
        CRASHED = "crashed"
        PLATFORM_FAULT = "platform_fault"

    competition = models.ForeignKey(
        Competition, models.PROTECT, related_name="submissions"
    )
    team = models.ForeignKey(Team, models.PROTECT, related_name="submissions")
    number = models.PositiveIntegerField()  # within the team, from 1
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="submissions"
    )
    hidden_test_set = models.ForeignKey(
        HiddenTestSet, models.PROTECT, related_name="+"
    )  # the one it is to be scored on

    artifact = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    format = models.CharField(max_length=12, blank=True)  # told from the content
    # Of the page that sent it: the same form sent twice is one submission.
    form_key = models.UUIDField(null=True, blank=True)
    description = models.CharField(max_length=500, blank=True)

    status = models.CharField(max_length=9, choices=Status.choices, default="queued")
    work = models.CharField(max_length=7, choices=Work.choices, default="predict")
    stage = models.CharField(max_length=8, choices=Stage.choices, default="received")
    stage_times = models.JSONField(default=dict, blank=True)  # {stage: ISO time}
    device = models.CharField(max_length=3, default="any")  # cpu, gpu or any

    attempt = models.PositiveIntegerField(default=0)  # claims so far: fences results
    faults = models.PositiveSmallIntegerField(default=0)  # runs that we spoilt
    lease_until = models.DateTimeField(null=True, blank=True)
    claimed_by = models.CharField(max_length=80, blank=True)  # the worker's name
    not_before = models.DateTimeField(null=True, blank=True)  # waits after a fault

    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True)
    message = models.TextField(blank=True)  # shown to the participant as it stands
    detail = models.TextField(blank=True)  # for the host alone: may tell hidden rows
    printed = models.TextField(blank=True)  # what the model printed; host alone
    usage = models.JSONField(null=True, blank=True)  # exact: the host's
    # Of the check on public rows, all of which its team may read
    check_report = models.JSONField(null=True, blank=True)

    charged = models.BooleanField(default=False)  # costs quota as it stands now
    selected = models.BooleanField(default=False)
    is_late = models.BooleanField(default=False)  # after the close, off the board

    public_score = models.FloatField(null=True, blank=True)  # of the ranking metric
    public_key = models.FloatField(null=True, blank=True)  # sorts: smaller is better

    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            # A team's own list, newest first
            models.Index(
                fields=["team", "-created_at", "-id"], name="submissions_of_a_team"
            ),
            # The host's list, newest first
            models.Index(
                fields=["competition", "-created_at", "-id"],
                name="submissions_of_a_competition",
            ),
            # The queue: few rows, whatever the table holds
            models.Index(
                fields=["work", "created_at"],
                condition=Q(status__in=["checking", "queued"]),
                name="submissions_waiting",
            ),
            # The sweep: leases that lapsed
            models.Index(
                fields=["lease_until"],
                condition=Q(lease_until__isnull=False),
                name="submissions_held",
            ),
            # A team's best submissions
            models.Index(
                fields=["team", "public_key", "created_at"],
                condition=Q(status="scored"),
                name="submissions_best_first",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "number"], name="one_submission_per_number"
            ),
            models.UniqueConstraint(
                fields=["team", "form_key"], name="one_submission_per_form"
            ),
            models.CheckConstraint(
                condition=~Q(status="running") | Q(lease_until__isnull=False),
                name="running_holds_a_lease",
            ),
            models.CheckConstraint(
                condition=~Q(status="failed") | ~Q(reason=""),
                name="failed_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["scored", "failed", "cancelled"])
                | Q(finished_at__isnull=False),
                name="finished_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="scored") | Q(public_score__isnull=False),
                name="scored_has_a_score",
            ),
        ]

    def __str__(self):
        return f"Submission {self.pk}"

    @property
    def is_finished(self) -> bool:
        return self.status in (
            self.Status.SCORED,
            self.Status.FAILED,
            self.Status.CANCELLED,
        )

    @property
    def waits(self) -> bool:
        """Whether it stands in line, for its check or for its run."""
        is_unheld = self.lease_until is None
        return is_unheld and self.status in (self.Status.CHECKING, self.Status.QUEUED)

    @property
    def failed_in_check(self) -> bool:
        """Whether it ended on public rows, of which everything may be told."""
        return (
            self.status == self.Status.FAILED
            and self.stage == self.Stage.CHECK
            and self.check_report is not None
        )

    @property
    def can_be_cancelled(self) -> bool:
        return self.status in (self.Status.CHECKING, self.Status.QUEUED)
