"""A competition, its rules, and its hidden test sets."""

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Lower, StrIndex, Substr
from django.utils import timezone

from podium.common.models import StoredFile
from podium.datasets.models import DatasetVersion


class CompetitionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Competitions that a user may find; others answer 404."""
        if user.is_staff:
            return self
        public = Q(visibility="public", published_at__isnull=False)
        if not user.is_authenticated:
            return self.filter(public)
        joined = Q(
            published_at__isnull=False,
            pk__in=user.memberships.values("competition_id"),
        )
        admitted = ~Q(visibility="public") & Q(published_at__isnull=False)
        admitted &= Q(
            pk__in=user.admissions.filter(state="approved").values("competition_id")
        ) | Q(pk__in=_opened_by_address(user))
        return self.filter(public | joined | admitted | Q(host=user))

    def listed(self):
        """Competitions that lists show: all but the archived ones."""
        return self.filter(archived_at=None)

    def hosted_by(self, user):
        """Competitions that a user runs; staff see as the host does."""
        return self if user.is_staff else self.filter(host=user)

    def open(self, at=None):
        """Competitions taking submissions at a moment, now by default."""
        at = at or timezone.now()
        return self.filter(
            Q(closes_at=None) | Q(closes_at__gt=at),
            published_at__isnull=False,
            finalised_at=None,
            archived_at=None,
            opens_at__lte=at,
        )


def _opened_by_address(user):
    """Competitions whose host named a confirmed address of a user, or its domain."""
    confirmed = EmailAddress.objects.filter(user=user, verified=True).annotate(
        lower=Lower("email"),
        domain=Substr(Lower("email"), StrIndex("email", Value("@"))),
    )
    return Competition.objects.filter(
        Q(allowed_addresses__pattern__in=confirmed.values("lower"))
        | Q(allowed_addresses__pattern__in=confirmed.values("domain"))
    ).values("pk")


class Competition(models.Model):
    """A task with a dataset, a metric, dates and a leaderboard."""

    class Visibility(models.TextChoices):
        PUBLIC = "public"
        INVITED = "invited"
        PRIVATE = "private"

    class Status(models.TextChoices):
        DRAFT = "draft"
        SCHEDULED = "scheduled"
        OPEN = "open"
        CLOSED = "closed"
        FINALISED = "finalised"

    class Direction(models.TextChoices):
        MAXIMIZE = "maximize"
        MINIMIZE = "minimize"

    class Device(models.TextChoices):
        CPU = "cpu"
        GPU = "gpu"
        ANY = "any"

    slug = models.SlugField(max_length=80, unique=True)
    host = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="hosted_competitions"
    )
    title = models.CharField(max_length=120)
    subtitle = models.CharField(max_length=240, blank=True)
    tags = models.JSONField(default=list, blank=True)
    licence = models.CharField(max_length=80, blank=True)
    visibility = models.CharField(
        max_length=7, choices=Visibility.choices, default="public"
    )

    # Who may enter where it is not for everybody
    entry_link = models.CharField(
        max_length=43, blank=True, default="", db_default=""
    )  # empty: there is none
    entry_approval = models.BooleanField(
        default=False, db_default=False
    )  # the host decides on each who comes by the link

    # When
    published_at = models.DateTimeField(null=True, blank=True)  # null: a draft
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True, blank=True)  # null: never
    entry_deadline = models.DateTimeField(null=True, blank=True)
    team_deadline = models.DateTimeField(null=True, blank=True)
    finalised_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)  # off the lists
    time_zone = models.CharField(max_length=40, default="UTC")  # of the daily quota

    # What is fed, answered and measured
    accepts = models.JSONField(default=list)  # of "model", "predictions"
    contract = models.JSONField()  # as scoring.contract reads it
    metrics = models.JSONField()  # [{"key": …, …parameters}]; the first one ranks
    direction = models.CharField(max_length=8, choices=Direction.choices)
    split = models.JSONField()  # {"public": "0.4", "seed": 7} or "column"
    sample = models.JSONField(null=True, blank=True)  # paths of the public sample
    train_path = models.CharField(max_length=400, blank=True)  # in files/
    test_path = models.CharField(max_length=400, blank=True)  # in files/

    # How much
    limit_seconds = models.PositiveIntegerField(default=120)
    limit_memory_mb = models.PositiveIntegerField(default=4096)  # MB = 10^6 bytes
    limit_file_mb = models.PositiveIntegerField(default=256)
    device = models.CharField(max_length=3, choices=Device.choices, default="any")
    quota_per_day = models.PositiveIntegerField(null=True, blank=True)  # null: no end
    quota_total = models.PositiveIntegerField(null=True, blank=True)
    team_max_size = models.PositiveIntegerField(default=1)
    finals = models.PositiveIntegerField(default=2)
    late = models.BooleanField(default=False)
    medals = models.BooleanField(default=False)
    feedback_digits = models.PositiveSmallIntegerField(null=True, blank=True)
    feedback_ladder = models.BooleanField(default=False)
    # Teams go without names on the boards: the host's choice, not the folder's
    anonymous = models.BooleanField(default=False, db_default=False)
    prizes = models.JSONField(default=list, blank=True)

    # What is told: Markdown, but for the starter, which is Python
    overview = models.TextField(blank=True)
    data_text = models.TextField(blank=True)
    evaluation = models.TextField(blank=True)
    starter = models.TextField(blank=True)
    cover = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+"
    )
    dataset_version = models.ForeignKey(
        DatasetVersion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="competitions",
    )
    hidden_test_set = models.ForeignKey(
        "HiddenTestSet", models.PROTECT, null=True, blank=True, related_name="+"
    )

    # Counted on write, so that no page counts
    team_count = models.PositiveIntegerField(default=0)  # without baselines
    submission_count = models.PositiveIntegerField(default=0)  # without baselines
    created_at = models.DateTimeField(auto_now_add=True)
    # Counts the host's changes; a form sends the one it began with.
    revision = models.PositiveIntegerField(default=1, db_default=1)

    objects = CompetitionQuerySet.as_manager()

    class Meta:
        ordering = ["-opens_at", "-pk"]
        indexes = [
            # The list of competitions, newest first
            models.Index(fields=["-opens_at", "-id"], name="competitions_by_opening")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at=None) | Q(closes_at__gt=F("opens_at")),
                name="closes_after_it_opens",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def status(self) -> str:
        return self.status_at(timezone.now())

    def status_at(self, moment) -> str:
        """Where the competition stands at a moment; nothing stores it."""
        if self.published_at is None:
            return self.Status.DRAFT
        if self.finalised_at:
            return self.Status.FINALISED
        if moment < self.opens_at:
            return self.Status.SCHEDULED
        if self.closes_at and moment >= self.closes_at:
            return self.Status.CLOSED
        return self.Status.OPEN

    @property
    def metric(self) -> dict:
        """The metric that ranks, as `{"key": …, "parameters": {…}}`."""
        first = dict(self.metrics[0])
        return {"key": first.pop("key"), "parameters": first}

    def is_visible_to(self, user) -> bool:
        """Whether `visible_to` has it; of a public one that needs no look."""
        if self.visibility == self.Visibility.PUBLIC and self.published_at:
            return True
        return Competition.objects.visible_to(user).filter(pk=self.pk).exists()

    def is_run_by(self, user) -> bool:
        """Whether a user sees this competition as its host does."""
        return user.is_staff or self.host_id == user.pk


class RulesVersion(models.Model):
    """The rules as they stood; joining records which of them was accepted."""

    competition = models.ForeignKey(
        Competition, models.CASCADE, related_name="rules_versions"
    )
    number = models.PositiveIntegerField()
    text = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["competition", "number"], name="one_rules_version_per_number"
            )
        ]

    def __str__(self):
        return f"Rules {self.number} of {self.competition_id}"


class HiddenTestSet(models.Model):
    """Inputs and labels that no participant sees; a correction is a new number.

    `inputs` and `ids` may go to a machine that predicts, `labels` never leave the
    side of the database.
    """

    competition = models.ForeignKey(
        Competition, models.CASCADE, related_name="hidden_test_sets"
    )
    number = models.PositiveIntegerField()
    inputs = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    ids = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    labels = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)  # SHA-256 of the files as they came
    rows = models.PositiveIntegerField()
    public_rows = models.PositiveIntegerField()
    private_rows = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["competition", "number"], name="one_hidden_test_set_per_number"
            ),
            models.CheckConstraint(
                condition=Q(public_rows__gt=0), name="some_rows_are_public"
            ),
        ]

    def __str__(self):
        return f"Hidden test set {self.number} of {self.competition_id}"


class SourceFile(models.Model):
    """A file of the competition folder, as it came: what export writes back."""

    competition = models.ForeignKey(
        Competition, models.CASCADE, related_name="source_files"
    )
    path = models.CharField(max_length=400)
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(
                fields=["competition", "path"], name="one_source_file_per_path"
            )
        ]

    def __str__(self):
        return self.path
