"""Projects in portfolios, what is being typed into them, their pictures and votes."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from competitions.models import Submission
from podium.common.models import StoredFile
from podium.datasets.models import Dataset

PINS = 6  # on one portfolio


class ProjectQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Projects that a user may open: public and unlisted ones, and their own."""
        if user.is_staff:
            return self
        open_to_all = Q(
            visibility__in=("public", "unlisted"),
            hidden_at=None,
            owner__is_active=True,
        )
        mine = Q(owner=user) if user.is_authenticated else Q(pk__in=())
        return self.filter(open_to_all | mine)

    def listed(self):
        """Projects that lists show to everybody: the public ones."""
        return self.filter(visibility="public", hidden_at=None, owner__is_active=True)


class Project(models.Model):
    """A piece of work in a portfolio, told in Markdown, with verified results."""

    class Visibility(models.TextChoices):
        PUBLIC = "public"
        UNLISTED = "unlisted"
        PRIVATE = "private"

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="projects"
    )
    slug = models.SlugField(max_length=80)  # never changes: it stands in addresses
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=240, blank=True)
    body = models.TextField(blank=True)  # Markdown
    repository = models.URLField(max_length=400, blank=True)
    tags = models.JSONField(default=list, blank=True)
    cover = models.ForeignKey(
        "ProjectPicture", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # What is shown of them is read from their rows, each time
    results = models.ManyToManyField(Submission, blank=True, related_name="projects")
    datasets = models.ManyToManyField(Dataset, blank=True, related_name="projects")

    visibility = models.CharField(
        max_length=8, choices=Visibility.choices, default="private"
    )
    published_at = models.DateTimeField(null=True, blank=True)  # when it first was open
    pinned = models.PositiveSmallIntegerField(null=True, blank=True)  # place, from 1
    vote_count = models.PositiveIntegerField(default=0)  # kept on write
    hidden_at = models.DateTimeField(null=True, blank=True)  # by staff
    hidden_reason = models.CharField(max_length=400, blank=True)  # told to the owner

    revision = models.PositiveIntegerField(default=1)  # fences what an old page saves
    form_key = models.UUIDField(null=True, blank=True)  # a form sent twice is one deed
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            # The gallery, newest first
            models.Index(
                fields=["-published_at", "-id"],
                condition=Q(visibility="public"),
                name="projects_by_publication",
            ),
            # The gallery, most votes first
            models.Index(
                fields=["-vote_count", "-published_at", "-id"],
                condition=Q(visibility="public"),
                name="projects_by_votes",
            ),
            # A portfolio
            models.Index(fields=["owner", "-created_at"], name="projects_of_an_owner"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "slug"], name="one_project_per_owner_and_slug"
            ),
            models.UniqueConstraint(
                fields=["owner", "pinned"], name="one_project_per_pin"
            ),
            models.UniqueConstraint(
                fields=["owner", "form_key"], name="one_project_per_form"
            ),
            models.CheckConstraint(
                condition=Q(pinned=None) | Q(pinned__range=(1, PINS)),
                name="pins_have_six_places",
            ),
            models.CheckConstraint(
                condition=Q(visibility="private") | Q(published_at__isnull=False),
                name="open_projects_were_published",
            ),
            models.CheckConstraint(
                condition=Q(hidden_at=None) | ~Q(hidden_reason=""),
                name="hidden_projects_have_a_reason",
            ),
        ]

    def __str__(self):
        return f"{self.owner.username}/{self.slug}"

    def get_absolute_url(self):
        return reverse("projects:detail", args=[self.owner.username, self.slug])

    @property
    def is_draft(self) -> bool:
        """Whether nobody but the owner ever saw it."""
        return self.published_at is None


class ProjectDraft(models.Model):
    """What is being typed into a project: kept by itself until it is saved."""

    project = models.OneToOneField(Project, models.CASCADE, related_name="draft")
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=240, blank=True)
    body = models.TextField(blank=True)
    saved_at = models.DateTimeField(auto_now=True)

    def __str__(self):
        return f"Draft of {self.project_id}"


class ProjectPicture(models.Model):
    """A picture of a project, seen by whoever sees the project."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="pictures")
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)  # digest and size, such as 9f…-800x600.webp
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "name"], name="one_picture_per_name"
            )
        ]

    def __str__(self):
        return self.name


class ProjectVote(models.Model):
    """Somebody's word that a project is worth reading."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="votes")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="project_votes"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "user"], name="one_vote_per_user_and_project"
            )
        ]

    def __str__(self):
        return f"{self.user_id} for {self.project_id}"


class ShareLinkQuerySet(models.QuerySet):
    def live(self):
        """Links that open their project now: not one that staff hide, nor of nobody."""
        return self.filter(
            expires_at__gt=timezone.now(),
            project__hidden_at=None,
            project__owner__is_active=True,
        )


class ShareLink(models.Model):
    """A key to a private project, until a date; its owner hands it on or deletes it."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="share_links")
    # As it is, not as a hash: its owner copies it again
    key = models.CharField(max_length=43, unique=True)
    label = models.CharField(max_length=80, blank=True)  # whom it is for
    expires_at = models.DateTimeField()
    opened = models.PositiveIntegerField(default=0)  # times, for the owner alone
    opened_at = models.DateTimeField(null=True, blank=True)  # the last one
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ShareLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return f"Link to project {self.project_id}"

    @property
    def has_ended(self) -> bool:
        """Whether its date has come."""
        return self.expires_at <= timezone.now()
