"""What people fill in about a dataset; the service checks it, in its words."""

from uuid import uuid4

from django import forms

from podium.common.errors import Refused
from podium.datasets.description import described
from podium.datasets.limits import MAX_NOTES
from podium.datasets.models import Dataset

VISIBILITIES = [
    ("public", "Public: everybody finds it"),
    ("unlisted", "Unlisted: whoever has its address, and no list shows it"),
    ("private", "Private: you alone, and whom you give a link"),
]
TITLE = "What the data is, in a few words."
_FIELDS = ("title", "subtitle", "description", "licence", "tags", "visibility")


class DatasetForm(forms.Form):
    """What is told of a dataset."""

    title = forms.CharField(max_length=120, help_text=TITLE)
    subtitle = forms.CharField(
        max_length=200,
        required=False,
        help_text="One sentence under the title: how much of what, from when.",
    )
    description = forms.CharField(
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "true"}),
        help_text="In Markdown: where the data is from, how it was made, what is "
        "missing, what each column means.",
    )
    licence = forms.CharField(
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"list": "licences", "autocomplete": "off"}),
        help_text="What others may do with it. Choose one, or name another.",
    )
    tags = forms.CharField(
        max_length=400,
        required=False,
        help_text="A few words with commas between them, such as: penguins, tabular.",
    )
    visibility = forms.ChoiceField(
        label="Who can see it",
        choices=VISIBILITIES,
        widget=forms.RadioSelect,
        initial=Dataset.Visibility.PRIVATE,
    )

    def clean(self):
        """Ask the service about each field, so that each fault stands beside its."""
        for name in _FIELDS:
            if name in self.cleaned_data:
                try:
                    checked = described(**{name: self.cleaned_data[name]})
                except Refused as refused:
                    self.add_error(name, refused.message)
                else:
                    self.cleaned_data[name] = checked[name]
        return self.cleaned_data

    @classmethod
    def of(cls, dataset: Dataset) -> dict:
        """A dataset as the form begins with it."""
        values = {name: getattr(dataset, name) for name in _FIELDS}
        return {**values, "tags": ", ".join(dataset.tags)}


class NewDatasetForm(DatasetForm):
    """A new one, with its address; the files come beside the form."""

    slug = forms.CharField(
        label="Name in its address",
        max_length=80,
        required=False,
        help_text="Lower-case letters, digits, hyphens. Left empty, it is made from "
        "the title. It never changes.",
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)
    field_order = ["title", "slug", "subtitle"]


class VersionForm(forms.Form):
    """A new version; the files come beside the form."""

    notes = forms.CharField(
        label="What changed?",
        max_length=MAX_NOTES,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="A sentence or two; it stands in the list of versions.",
    )
    begin = forms.ChoiceField(
        label="The other files",
        choices=[
            ("keep", "Keep the files that I neither send again nor remove"),
            ("anew", "Begin anew: only the files that I send now"),
        ],
        widget=forms.RadioSelect,
        initial="keep",
    )
    base = forms.IntegerField(widget=forms.HiddenInput, required=False)
