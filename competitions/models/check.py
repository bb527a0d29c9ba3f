"""Checks on public sample rows that are asked for alone, and the rows they use."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from competitions.models.competition import Competition, HiddenTestSet
from competitions.models.submission import Submission
from competitions.models.team import Team
from podium.common.models import StoredFile


class CheckQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Checks a user may find: what their own team tries is no one else's."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(team__in=user.teams.all())


class Check(models.Model):
    """A team's look at a file before it submits it; it costs nothing.

    The row is the queue, as with submissions: it waits exactly while WAITING and
    wanted. Rows are removed after some days, with their files.
    """

    class Status(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"  # by our fault, after three runs

    competition = models.ForeignKey(Competition, models.CASCADE, related_name="checks")
    team = models.ForeignKey(Team, models.CASCADE, related_name="checks")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="checks"
    )
    artifact = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    format = models.CharField(max_length=12, blank=True)  # told from the content
    # Of the page that sent it: the same form sent twice is one check.
    form_key = models.UUIDField(null=True, blank=True)
    description = models.CharField(max_length=500, blank=True)  # for its submission

    status = models.CharField(max_length=7, choices=Status.choices, default="waiting")
    device = models.CharField(max_length=3, default="any")  # cpu, gpu or any
    wanted_until = models.DateTimeField()  # nobody waits for it any longer then
    attempt = models.PositiveIntegerField(default=0)  # claims so far: fences results
    faults = models.PositiveSmallIntegerField(default=0)  # runs that we spoilt
    lease_until = models.DateTimeField(null=True, blank=True)
    claimed_by = models.CharField(max_length=80, blank=True)  # the worker's name
    not_before = models.DateTimeField(null=True, blank=True)  # waits after a fault

    report = models.JSONField(null=True, blank=True)  # as `checking.as_json` has it
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    submission = models.ForeignKey(  # what the same file became by one click
        Submission, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = CheckQuerySet.as_manager()

    class Meta:
        indexes = [
            # The queue: few rows, whatever the table holds
            models.Index(
                fields=["created_at"],
                condition=Q(status="waiting"),
                name="checks_waiting",
            ),
            # The sweep: leases that lapsed
            models.Index(
                fields=["lease_until"],
                condition=Q(lease_until__isnull=False),
                name="checks_held",
            ),
            # How many a team asked for within the hour
            models.Index(fields=["team", "created_at"], name="checks_of_a_team"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "form_key"], name="one_check_per_form"
            ),
            models.CheckConstraint(
                condition=~Q(status="running") | Q(lease_until__isnull=False),
                name="running_checks_hold_a_lease",
            ),
            models.CheckConstraint(
                condition=~Q(status="done") | Q(report__isnull=False),
                name="done_checks_have_a_report",
            ),
        ]

    def __str__(self):
        return f"Check {self.pk}"

    @property
    def hidden_test_set(self) -> HiddenTestSet:
        """The rows that a run would be on; a check learns how many there are."""
        return self.competition.hidden_test_set

    @property
    def is_finished(self) -> bool:
        return self.status in (self.Status.DONE, self.Status.FAILED)


class PublicSample(models.Model):
    """The public sample of a competition in the form that is mapped, made once.

    `key` is of all that it was made from, so a change of that makes another one.
    """

    competition = models.ForeignKey(
        Competition, models.CASCADE, related_name="public_samples"
    )
    key = models.CharField(max_length=64)
    inputs = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    rows = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["competition", "key"], name="one_public_sample_per_key"
            )
        ]

    def __str__(self):
        return f"Public sample of {self.competition_id}"
