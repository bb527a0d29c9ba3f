"""What people are told, and what they want to be told."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Kind(models.TextChoices):
    """What a notice is about; each can be switched off, on the site and by mail."""

    SUBMISSION_SCORED = "submission_scored", "A submission of my team is scored"
    SUBMISSION_FAILED = "submission_failed", "A submission of my team fails"
    COMPETITION_OPENS = "competition_opens", "A competition I wait for opens"
    COMPETITION_CLOSES_SOON = (
        "competition_closes_soon",
        "A competition of mine closes within a day",
    )
    COMPETITION_CLOSED = "competition_closed", "A competition of mine has closed"
    DEADLINE_SOON = (
        "deadline_soon",
        "Within a day, nobody can join or change teams any more",
    )
    RULES_CHANGED = "rules_changed", "The rules of a competition of mine change"
    TEAM_INVITATION = (
        "team_invitation",
        "A team invites me, or asks mine to merge",
    )
    TEAM_CHANGED = "team_changed", "Something changes in my team"
    ENTRY_REQUEST = (
        "entry_request",
        "Somebody asks to enter a competition that I host",
    )
    ENTRY_ANSWER = "entry_answer", "A host lets me into a competition, or does not"
    HOST_NEWS = "host_news", "The host of a competition of mine announces something"
    TEAM_JUDGED = "team_judged", "A host disqualifies or reinstates my team"
    CREDENTIAL_REVOKED = "credential_revoked", "A credential of mine is revoked"


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A user's own notices, but for those they want by mail alone."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(user=user, on_site=True)

    def unread(self):
        return self.filter(read_at=None)


class Notice(models.Model):
    """One thing that one person is told, once.

    The row is the outbox as well: its mail waits exactly while `mail` says so, and a
    claim is a conditional update, so that no mail leaves twice.
    """

    class Mail(models.TextChoices):
        NONE = "none"  # not wanted, or no confirmed address
        WAITING = "waiting"
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"  # given up after several tries

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices"
    )
    kind = models.CharField(max_length=24, choices=Kind.choices)
    subject = models.CharField(max_length=100)  # what happened: nobody is told twice
    title = models.CharField(max_length=200)
    text = models.TextField()  # plain, a sentence or two
    url = models.CharField(max_length=400)  # a path of this site
    on_site = models.BooleanField(default=True)
    read_at = models.DateTimeField(null=True, blank=True)
    mail = models.CharField(max_length=7, choices=Mail.choices, default="none")
    mail_tries = models.PositiveSmallIntegerField(default=0)
    mail_not_before = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            # A user's own list, newest first
            models.Index(
                fields=["user", "-created_at", "-id"],
                condition=Q(on_site=True),
                name="notices_of_a_user",
            ),
            # The number on the bell, on every page
            models.Index(
                fields=["user"],
                condition=Q(on_site=True, read_at=None),
                name="notices_unread",
            ),
            # The outbox: few rows, whatever the table holds
            models.Index(
                fields=["id"],
                condition=Q(mail__in=["waiting", "sending"]),
                name="notices_to_mail",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "subject"], name="one_notice_per_subject"
            )
        ]

    def __str__(self):
        return self.title


class NoticeChoice(models.Model):
    """What a user wants of one kind; without a row it is everything."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_choices"
    )
    kind = models.CharField(max_length=24, choices=Kind.choices)
    on_site = models.BooleanField(default=True)
    by_mail = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="one_choice_per_kind")
        ]

    def __str__(self):
        return f"{self.kind} for {self.user_id}"


class Watch(models.Model):
    """Somebody who asked to be told about something they are no part of yet."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="watches"
    )
    subject = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "user"], name="one_watch_per_subject"
            )
        ]

    def __str__(self):
        return f"{self.user_id} waits for {self.subject}"


class Announcement(models.Model):
    """An event in time that was told to everybody whom it concerned.

    Whoever comes later is not told of it any more.
    """

    kind = models.CharField(max_length=24, choices=Kind.choices)
    subject = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject"], name="announced_once")
        ]

    def __str__(self):
        return f"{self.kind}, {self.subject}"
