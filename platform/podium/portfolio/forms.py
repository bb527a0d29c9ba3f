"""What people fill in about a project."""

from uuid import uuid4

from django import forms
from django.core.validators import URLValidator

from podium.common.errors import Refused
from podium.common.tags import clean_tags
from podium.datasets.models import Dataset
from podium.portfolio import services, share_links
from podium.portfolio.models import Project
from podium.portfolio.results import score_words

CHOICES_SHOWN = 200  # newest results, and newest datasets, that one may tick


class NewProjectForm(forms.Form):
    """The title a project begins with."""

    title = forms.CharField(
        max_length=120,
        help_text="What you did, in a few words. You can change it at any time.",
    )
    summary = forms.CharField(
        max_length=240,
        required=False,
        help_text="One or two sentences under the title.",
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)


class ProjectForm(forms.Form):
    """A whole project."""

    title = forms.CharField(max_length=120)
    summary = forms.CharField(
        max_length=240,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="One or two sentences under the title and on cards.",
    )
    body = forms.CharField(
        label="Text",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 22, "spellcheck": "true"}),
    )
    repository = forms.CharField(
        label="Code",
        max_length=400,
        required=False,
        validators=[
            URLValidator(
                schemes=["https"],
                message="Write a whole web address that begins with https://.",
            )
        ],
        widget=forms.URLInput(attrs={"placeholder": "https://…"}),
        help_text="Where the code can be read.",
    )
    tags = forms.CharField(
        max_length=400,
        required=False,
        help_text="At most eight, with commas between them.",
    )
    cover = forms.FileField(
        label="Cover picture",
        required=False,
        help_text="PNG, JPEG, WebP or GIF of up to 10 MB.",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    remove_cover = forms.BooleanField(label="Show no cover", required=False)
    results = forms.ModelMultipleChoiceField(
        queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )
    datasets = forms.ModelMultipleChoiceField(
        queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )
    visibility = forms.ChoiceField(
        choices=[
            ("private", "Private: only you"),
            ("unlisted", "Unlisted: whoever has its address"),
            ("public", "Public: everybody, also in the gallery and your portfolio"),
        ],
        label="Who can see it",
        widget=forms.RadioSelect,
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *arguments, project: Project, **named):
        super().__init__(*arguments, **named)
        owner = project.owner
        self.fields["results"].queryset = _results(project)
        self.fields["datasets"].queryset = _datasets(project)
        self.fields["results"].label_from_instance = _result_words
        self.fields["datasets"].label_from_instance = lambda dataset: (
            dataset.title if dataset.owner_id == owner.pk else str(dataset)
        )

    def clean_tags(self):
        try:
            return clean_tags(self.cleaned_data["tags"])
        except Refused as refused:
            raise forms.ValidationError(refused.message) from None


def initial_of(project: Project) -> dict:
    """What the form shows first: what was being typed, else what stands."""
    typed = getattr(project, "draft", None) or project
    return {
        "title": typed.title,
        "summary": typed.summary,
        "body": typed.body,
        "repository": project.repository,
        "tags": ", ".join(project.tags),
        "results": [result.pk for result in project.results.all()],
        "datasets": [dataset.pk for dataset in project.datasets.all()],
        "visibility": project.visibility,
        "revision": project.revision,
    }


def _results(project: Project):
    """The newest that may be linked, and those that are."""
    newest = services.linkable_results(project.owner).order_by("-finished_at", "-pk")
    keys = {*newest.values_list("pk", flat=True)[:CHOICES_SHOWN]}
    keys |= {result.pk for result in project.results.all()}
    return (
        project.results.model.objects.filter(pk__in=keys)
        .select_related("competition")
        .order_by("-finished_at", "-pk")
    )


def _datasets(project: Project):
    """One's own datasets, those of competitions one is in, and the linked ones.

    One that its owner has made private since is not among them.
    """
    seen = Dataset.objects.visible_to(project.owner)
    own = seen.filter(owner=project.owner)
    played = seen.filter(
        versions__competitions__memberships__user=project.owner
    ).distinct()
    keys = {*own.order_by("-pk").values_list("pk", flat=True)[:CHOICES_SHOWN]}
    keys |= {*played.order_by("-pk").values_list("pk", flat=True)[:CHOICES_SHOWN]}
    keys |= {dataset.pk for dataset in project.datasets.all()}
    return seen.filter(pk__in=keys).select_related("owner").order_by("title")


def _result_words(submission) -> str:
    score = score_words(submission)
    return f"{submission.competition.title}: {score}, submission {submission.number}"


class ShareLinkForm(forms.Form):
    """A link to a private project: whom it is for, and for how long."""

    label = forms.CharField(
        max_length=80,
        required=False,
        label="For whom",
        help_text="Only you read this.",
    )
    days = forms.TypedChoiceField(
        choices=share_links.LIFETIMES, coerce=int, initial=30, label="It works for"
    )
