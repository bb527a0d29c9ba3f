"""What a host works with: drafts, reports that take a while, announcements."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from competitions.models.competition import Competition
from podium.common.models import StoredFile


class DraftQuerySet(models.QuerySet):
    def of(self, user):
        """Drafts that a user may work on; staff see as the host does."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_staff else self.filter(host=user)


class Draft(models.Model):
    """A competition folder in the making: its files, and its document so far.

    Making a competition of it is a job of the housekeeper, and the row is the job: it
    waits exactly while `state` says so. An upload waits as one zip, `archive`, until
    the housekeeper unpacks it.
    """

    class State(models.TextChoices):
        OPEN = "open"  # somebody writes it
        CHECK = "check"  # its files wait for the housekeeper to read them
        WAITING = "waiting"  # for the housekeeper to make a competition of it
        FAULTY = "faulty"  # what keeps it from being a competition is in `faults`
        MADE = "made"

    host = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="competition_drafts"
    )
    document = models.JSONField(default=dict)  # keys of competition.yaml
    step = models.CharField(max_length=12, default="basics")  # where somebody left
    # Counts saves; a form sends the one it began with, and `log` says what came since.
    revision = models.PositiveIntegerField(default=1)
    log = models.JSONField(default=list)  # [{revision, by, at, fields: {key: [..]}}]
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(default=timezone.now)

    state = models.CharField(max_length=7, choices=State.choices, default="open")
    faults = models.JSONField(default=list)  # [{file, where, message}]
    archive = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+"
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    competition = models.OneToOneField(
        Competition, models.SET_NULL, null=True, blank=True, related_name="draft"
    )

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at", "-pk"]

    def __str__(self):
        return self.title

    @property
    def title(self) -> str:
        return str(self.document.get("title") or "Untitled competition")


class DraftFile(models.Model):
    """A file of a draft, at its path in the folder."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="files")
    path = models.CharField(max_length=400)
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "path"], name="one_draft_file_per_path"
            )
        ]

    def __str__(self):
        return self.path


class HostReport(models.Model):
    """Something reckoned for a host; the row is the job, claimed by the housekeeper."""

    class Kind(models.TextChoices):
        LAUNCH = "launch"  # is there something about the data to know before it opens?
        SIMILARITY = "similarity"  # whose submissions are nearly the same?

    class Status(models.TextChoices):
        WAITING = "waiting"
        READY = "ready"
        FAILED = "failed"

    competition = models.ForeignKey(
        Competition, models.CASCADE, related_name="host_reports"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    status = models.CharField(max_length=7, choices=Status.choices, default="waiting")
    content = models.JSONField(default=dict)
    problem = models.CharField(max_length=300, blank=True)  # why there is no report
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["competition", "kind"], name="one_report_of_a_kind"
            )
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=models.Q(status="waiting"),
                name="host_reports_waiting",
            )
        ]

    def __str__(self):
        return f"{self.kind} of {self.competition_id}"


class HostNews(models.Model):
    """What a host tells everybody who takes part."""

    competition = models.ForeignKey(Competition, models.CASCADE, related_name="news")
    title = models.CharField(max_length=120)
    text = models.TextField()  # Markdown
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return self.title
