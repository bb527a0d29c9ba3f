"""What all apps keep: files known by their content."""

from pathlib import Path

from django.core.files.storage import storages
from django.db import models
from django.utils import timezone

from podium.common import local_copies


class StoredFile(models.Model):
    """Some bytes in one of the two stores, kept once whoever brings them.

    The row says nothing about who may read them: what points at it does.
    """

    class Store(models.TextChoices):
        PRIVATE = "private"
        PUBLIC = "public"

    store = models.CharField(max_length=7, choices=Store.choices, default="private")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()  # bytes
    stored_at = models.DateTimeField(default=timezone.now)  # when last brought

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store", "sha256"], name="one_stored_file_per_content"
            )
        ]

    def __str__(self):
        return f"{self.sha256[:12]}… ({self.size} bytes, {self.store})"

    @property
    def name(self) -> str:
        """The name inside its store."""
        return f"{self.sha256[:2]}/{self.sha256[2:4]}/{self.sha256}"

    def local_path(self) -> Path:
        """A path of this machine at which the bytes can be read."""
        storage = storages[self.store]
        if hasattr(storage, "download"):
            return local_copies.copy_of(storage, self.name)
        return Path(storage.path(self.name))

    def open(self):
        """The bytes, as a binary file."""
        return storages[self.store].open(self.name)
