"""Datasets, their immutable versions, and the files in them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from podium.common.models import StoredFile


class DatasetQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Datasets that a user may open: all but others' private and hidden ones."""
        if user.is_staff:
            return self
        open_to_all = Q(
            visibility__in=("public", "unlisted"),
            hidden_at=None,
            owner__is_active=True,
        )
        return self.filter(open_to_all | _owned_by(user))

    def listed(self):
        """Datasets that lists show to everybody: the public ones."""
        return self.filter(_LISTED)

    def listed_for(self, user):
        """Datasets that the catalogue shows a user: public ones and their own."""
        return self.filter(_LISTED | _owned_by(user))

    def editable_by(self, user):
        """Datasets that a user may change: their own, whatever staff may see."""
        return self.filter(_owned_by(user))


_LISTED = Q(visibility="public", hidden_at=None, owner__is_active=True)


def _owned_by(user) -> Q:
    return Q(owner=user) if user.is_authenticated else Q(pk__in=())


class Dataset(models.Model):
    """A named collection of files that somebody keeps."""

    class Visibility(models.TextChoices):
        PUBLIC = "public"
        UNLISTED = "unlisted"
        PRIVATE = "private"

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="datasets"
    )
    slug = models.SlugField(max_length=80)
    title = models.CharField(max_length=120)
    subtitle = models.CharField(max_length=200, blank=True)
    description = models.TextField(blank=True)
    licence = models.CharField(max_length=80, blank=True)
    tags = models.JSONField(default=list, db_default=[], blank=True)
    visibility = models.CharField(
        max_length=8, choices=Visibility.choices, default="private"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    # Set by staff; a hidden dataset is there for its owner and for staff alone.
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_reason = models.CharField(
        max_length=400, default="", db_default="", blank=True
    )  # told to the owner

    # Kept on write, so that the catalogue reads one table.
    latest = models.ForeignKey(
        "DatasetVersion", models.SET_NULL, related_name="+", null=True, blank=True
    )
    search_text = models.TextField(default="", db_default="", blank=True)
    title_key = models.CharField(
        max_length=200, default="", db_default="", blank=True
    )  # how titles are ordered
    download_count = models.PositiveIntegerField(default=0, db_default=0)
    use_count = models.PositiveIntegerField(default=0, db_default=0)

    # Of the form that made it: the same form sent twice makes one dataset.
    form_key = models.UUIDField(null=True, blank=True)

    objects = DatasetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "slug"], name="one_dataset_per_owner_and_slug"
            ),
            models.UniqueConstraint(
                fields=["owner", "form_key"], name="one_dataset_per_form"
            ),
            models.CheckConstraint(
                condition=Q(hidden_at=None) | ~Q(hidden_reason=""),
                name="hidden_datasets_have_a_reason",
            ),
        ]
        indexes = [  # the orders of the catalogue
            models.Index(fields=["-created_at", "-id"], name="datasets_newest"),
            models.Index(fields=["-updated_at", "-id"], name="datasets_updated"),
            models.Index(
                fields=["-use_count", "-download_count", "-id"], name="datasets_used"
            ),
            models.Index(fields=["title_key", "id"], name="datasets_by_name"),
        ]

    def __str__(self):
        return f"{self.owner.username}/{self.slug}"

    def is_kept_by(self, user) -> bool:
        """Whether a user may change it."""
        return self.owner_id == user.pk

    def get_absolute_url(self):
        return reverse("datasets:detail", args=[self.owner.username, self.slug])


class DatasetVersion(models.Model):
    """One immutable snapshot of a dataset, known by the digest of its files."""

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)  # SHA-256 over "sha256  path" lines
    notes = models.TextField(blank=True)
    file_count = models.PositiveIntegerField()
    size = models.PositiveBigIntegerField()  # bytes, all files together
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "number"], name="one_version_per_number"
            )
        ]

    def __str__(self):
        return f"{self.dataset} version {self.number}"


class DatasetFile(models.Model):
    """One file of a version, at its path."""

    version = models.ForeignKey(DatasetVersion, models.CASCADE, related_name="files")
    path = models.CharField(max_length=400)
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "path"], name="one_file_per_path"
            )
        ]

    def __str__(self):
        return self.path


class FilePreview(models.Model):
    """What a page shows of a file's content: reckoned once, by a confined process.

    It belongs to the bytes, not to a path: the same file in two versions has one. The
    row is the queue: it waits exactly while WAITING, whatever the broker says.
    """

    class Format(models.TextChoices):
        CSV = "csv"
        CSV_GZ = "csv.gz"
        PARQUET = "parquet"
        NPZ = "npz"

    class Status(models.TextChoices):
        WAITING = "waiting"
        READY = "ready"
        FAILED = "failed"

    stored = models.ForeignKey(StoredFile, models.CASCADE, related_name="previews")
    format = models.CharField(max_length=7, choices=Format.choices)
    status = models.CharField(max_length=7, choices=Status.choices, default="waiting")
    content = models.JSONField(null=True, blank=True)
    problem = models.TextField(blank=True)  # shown as it stands where it FAILED
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stored", "format"], name="one_preview_per_file_and_format"
            )
        ]
        indexes = [  # the next one in line
            models.Index(
                fields=["created_at"],
                condition=Q(status="waiting"),
                name="previews_waiting",
            )
        ]

    def __str__(self):
        return f"preview of {self.stored}"
