"""Credentials as they were signed, the keys that sign, and which ones are revoked."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from competitions.models import Submission


class SigningKey(models.Model):
    """A key pair: its public half, published for ever. The private one is a file."""

    kid = models.CharField(max_length=300, unique=True)  # did:web:example.org#…
    public = models.CharField(max_length=43)  # 32 bytes, base64url
    is_current = models.BooleanField(null=True, default=None, unique=True)  # or null
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_current=None) | Q(is_current=True, retired_at=None),
                name="the_current_key_is_not_retired",
            )
        ]

    def __str__(self):
        return self.kid


class StatusList(models.Model):
    """A list of bits, one for each of its credentials; a set bit revokes."""

    BITS = 131_072  # the least that the standard allows, so that no bit tells whose

    credential_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return f"Status list {self.pk}"


class CredentialQuerySet(models.QuerySet):
    def valid(self):
        """Credentials that nobody took back; some may have expired."""
        return self.filter(revoked_at=None)


class Credential(models.Model):
    """A result of somebody, signed: the words never change, only whether it holds.

    Whoever knows the code may read it; it cannot be guessed.
    """

    class Kind(models.TextChoices):
        FINAL = "final"  # of a competition whose results were confirmed
        STANDING = "standing"  # of one without an end, as of a day

    code = models.CharField(max_length=12, unique=True)  # in its address
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="credentials"
    )
    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="credentials"
    )
    kind = models.CharField(max_length=8, choices=Kind.choices)
    facts = models.JSONField()  # what it says of the result, as `facts` has it
    facts_digest = models.CharField(max_length=64)  # of the facts without their day
    jwt = models.TextField(blank=True)  # empty once its holder is gone
    key = models.ForeignKey(SigningKey, models.PROTECT, related_name="credentials")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)

    status_list = models.ForeignKey(
        StatusList, models.PROTECT, related_name="credentials"
    )
    status_index = models.PositiveIntegerField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    revoked_for = models.CharField(max_length=500, blank=True)  # told to everybody
    may_ask_again = models.BooleanField(default=False)  # for one of the same result

    objects = CredentialQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at", "-pk"]
        indexes = [
            # A person's credentials, newest first
            models.Index(
                fields=["holder", "-issued_at", "-id"], name="credentials_of_a_person"
            ),
            # The bits that are set
            models.Index(
                fields=["status_list"],
                condition=Q(revoked_at__isnull=False),
                name="credentials_revoked",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["holder", "facts_digest"],
                condition=Q(revoked_at=None),
                name="one_credential_per_person_and_facts",
            ),
            models.UniqueConstraint(
                fields=["status_list", "status_index"], name="one_credential_per_bit"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None) | ~Q(revoked_for=""),
                name="revoked_credentials_have_a_reason",
            ),
        ]

    def __str__(self):
        return self.code

    def get_absolute_url(self):
        return reverse("credentials:detail", args=[self.code])

    @property
    def code_in_groups(self) -> str:
        """The code as it is printed: abcd efgh jkmn."""
        return " ".join(self.code[at : at + 4] for at in range(0, 12, 4))
