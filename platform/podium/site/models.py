"""What the operator of an installation tells everybody."""

from django.db import models


class StandingPage(models.Model):
    """The text of a standing page as the operator wrote it.

    Without a row, a page shows the text that is shipped.
    """

    class Key(models.TextChoices):
        ABOUT = "about", "About"
        TERMS = "terms", "Terms of use"
        PRIVACY = "privacy", "Privacy"

    key = models.CharField("page", max_length=7, choices=Key.choices, unique=True)
    text = models.TextField(help_text="Markdown. Headings begin with ##.")
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, editable=False, related_name="+"
    )

    def __str__(self):
        return self.get_key_display()
