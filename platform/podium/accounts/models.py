"""Users and the tokens by which their programs sign in."""

from uuid import uuid4

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import JSONField, Value
from django.db.models.functions import Lower
from knox.models import AbstractAuthToken

from podium.accounts.names import username_validators
from podium.common.models import StoredFile

# Defaults also in the database: a release before this one goes on writing users.
_EMPTY = Value([], JSONField())


class User(AbstractUser):
    """A person with an account, and what others may read about them.

    A deleted account keeps its row without anything that tells whose it was: what
    stands on boards points at it.
    """

    class Practitioner(models.TextChoices):
        """What somebody does in a team that builds models."""

        PROGRAMMER = "programmer", "Programmer"
        DATA_SCIENTIST = "data_scientist", "Data scientist"
        PROJECT_MANAGER = "project_manager", "Project manager"

    class Theme(models.TextChoices):
        SYSTEM = "", "As the device has it"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    username = models.CharField(
        max_length=40, unique=True, validators=username_validators
    )
    email = models.EmailField(blank=True)
    may_host = models.BooleanField(
        default=False, help_text="Asked only where hosting needs approval."
    )
    first_name = last_name = None

    # The profile
    display_name = models.CharField(max_length=80, blank=True)
    bio = models.TextField(
        max_length=5000, blank=True, default="", db_default=""
    )  # Markdown
    location = models.CharField(max_length=80, blank=True, default="", db_default="")
    links = models.JSONField(
        default=list, blank=True, db_default=_EMPTY
    )  # of addresses
    practitioner = models.CharField(
        max_length=15,
        choices=Practitioner.choices,
        blank=True,
        default="",
        db_default="",
    )
    practitioner_also = models.JSONField(default=list, blank=True, db_default=_EMPTY)
    # Squares of 320 and 64 points, in the public store
    picture = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+"
    )
    picture_small = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+"
    )

    # How they like it
    time_zone = models.CharField(max_length=40, default="UTC")
    theme = models.CharField(
        max_length=5, choices=Theme.choices, blank=True, default="", db_default=""
    )

    # Staff hide a profile with a reason; its user hides nothing by it
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_reason = models.CharField(
        max_length=300, blank=True, default="", db_default=""
    )
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("username"), name="one_user_per_name"),
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="one_user_per_email",
            ),
            models.CheckConstraint(
                condition=models.Q(deleted_at=None)
                | models.Q(is_active=False, email="", display_name=""),
                name="deleted_users_are_nobody",
            ),
        ]

    def get_full_name(self):
        if self.deleted_at:
            return "Deleted participant"
        return self.display_name or self.username

    def get_short_name(self):
        return self.get_full_name()

    @property
    def practitioner_words(self) -> str:
        """What they do, the main thing first: Data scientist, also programmer."""
        also = [self.Practitioner(key).label.lower() for key in self.practitioner_also]
        if not self.practitioner:
            return ""
        main = self.get_practitioner_display()
        return f"{main}, also {' and '.join(also)}" if also else main


class ApiToken(AbstractAuthToken):
    """A bearer token: kept as a hash, shown once; the id is for naming it."""

    id = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80, blank=True)
