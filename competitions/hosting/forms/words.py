"""Basics, limits and quota, teams and dates, pages: what may change later as well."""

from zoneinfo import available_timezones

from django import forms
from django.utils.text import slugify

from competitions.hosting.forms.base import MomentField, StepForm, listed
from competitions.models import Competition

VISIBILITIES = [
    ("public", "Public: everybody finds it and may join"),
    ("invited", "Invited: whom you let in"),
    ("private", "Private: you and whom you let in; nobody else finds it"),
]
MAX_PAGE = 100_000  # characters


class BasicsForm(StepForm):
    """What it is called, and who may see it."""

    title = forms.CharField(
        max_length=120, help_text="The question in a few words: Which penguin is it?"
    )
    slug = forms.CharField(
        label="Name in its address",
        max_length=80,
        required=False,
        help_text="Lower-case letters, digits, hyphens. Left empty, it is made from "
        "the title. It never changes.",
    )
    subtitle = forms.CharField(
        max_length=240, required=False, help_text="One sentence under the title."
    )
    tags = forms.CharField(
        max_length=400,
        required=False,
        help_text="A few words with commas between them, such as: tabular, beginner.",
    )
    licence = forms.CharField(
        max_length=80,
        required=False,
        help_text="Of the data, such as CC-BY-4.0.",
        widget=forms.TextInput(attrs={"list": "licences", "autocomplete": "off"}),
    )
    visibility = forms.ChoiceField(
        label="Who can see it",
        choices=VISIBILITIES,
        widget=forms.RadioSelect,
        initial="public",
    )

    places = {
        "title": "title",
        "slug": "slug",
        "subtitle": "subtitle",
        "tags": "tags",
        "licence": "licence",
        "visibility": "visibility",
    }

    def __init__(self, data=None, *, holder):
        super().__init__(data, holder=holder)
        if not holder.is_draft:
            del self.fields["slug"]

    def values(self):
        found = super().values()
        found["tags"] = listed(self.cleaned_data["tags"])
        if "slug" in self.fields and not found["slug"]:
            found["slug"] = slugify(self.cleaned_data["title"])[:80].strip("-_") or None
        return found

    def clean(self):
        data = super().clean()
        if "slug" in self.fields and not self.errors:
            slug = self.values()["slug"]
            own = self.holder.draft.competition_id
            if slug and Competition.objects.filter(slug=slug).exclude(pk=own).exists():
                told = f"There is a competition “{slug}” already: choose another name."
                self.add_error("slug", told)
        return data


class LimitsForm(StepForm):
    """What one submission may take, and how many there may be."""

    seconds = forms.IntegerField(
        label="Seconds for one submission",
        initial=120,
        help_text="To load the model and to predict all hidden rows.",
    )
    memory_mb = forms.IntegerField(
        label="Memory in MB", initial=4096, help_text="Beyond what the libraries take."
    )
    file_mb = forms.IntegerField(label="Size of the file in MB", initial=256)
    device = forms.ChoiceField(
        label="Where models run",
        choices=[
            ("any", "On any worker"),
            ("cpu", "On a processor"),
            ("gpu", "On a GPU"),
        ],
        initial="any",
    )
    per_day = forms.IntegerField(
        label="Submissions of a team in a day",
        required=False,
        initial=5,
        help_text="Left empty: as many as they like.",
    )
    total = forms.IntegerField(
        label="Submissions of a team in all",
        required=False,
        help_text="Left empty: as many as they like.",
    )
    digits = forms.IntegerField(
        label="Digits of a public score that participants read",
        required=False,
        help_text="Fewer digits tell less of the hidden rows. Left empty: all of them.",
    )

    places = {
        "seconds": "limits.seconds",
        "memory_mb": "limits.memory_mb",
        "file_mb": "limits.file_mb",
        "device": "device",
        "per_day": "quota.per_day",
        "total": "quota.total",
        "digits": "feedback.digits",
    }


class TeamsForm(StepForm):
    """Who works together, and when everything happens."""

    opens_at = MomentField(label="Opens")
    closes_at = MomentField(
        label="Closes", required=False, help_text="Left empty: it never closes."
    )
    entry_deadline = MomentField(
        label="Last moment to join",
        required=False,
        help_text="Left empty: until it closes.",
    )
    team_deadline = MomentField(
        label="Last moment to change teams",
        required=False,
        help_text="Left empty: until it closes.",
    )
    time_zone = forms.CharField(
        label="Time zone of the daily quota",
        initial="UTC",
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
    )
    max_size = forms.IntegerField(label="People in a team, at most", initial=1)
    finals = forms.IntegerField(
        label="Submissions a team may choose for the end", initial=2
    )
    late = forms.BooleanField(
        label="Take late submissions after the close, apart from the board",
        required=False,
    )
    medals = forms.BooleanField(label="Award medals", required=False)
    prizes = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One on each line, its kind first: cup: A cup of tin.",
    )

    places = {
        "opens_at": "opens_at",
        "closes_at": "closes_at",
        "entry_deadline": "entry_deadline",
        "team_deadline": "team_deadline",
        "time_zone": "time_zone",
        "max_size": "teams.max_size",
        "finals": "finals",
        "late": "late",
        "medals": "medals",
    }
    told = {"prizes": "prizes"}

    def filled(self, holder):
        prizes = holder.document.get("prizes") or []
        lines = [
            f"{each.get('kind')}: {each.get('text')}"
            for each in prizes
            if isinstance(each, dict)
        ]
        return {"prizes": "\n".join(lines)}

    def clean_prizes(self):
        prizes = []
        for line in self.cleaned_data["prizes"].splitlines():
            kind, colon, text = (part.strip() for part in line.partition(":"))
            if not line.strip():
                continue
            if not (kind and colon and text):
                raise forms.ValidationError(
                    f"“{line[:60]}” has no kind: write it as kind: text."
                )
            prizes.append({"kind": kind, "text": text})
        return prizes

    def values(self):
        return {**super().values(), "prizes": self.cleaned_data["prizes"] or None}

    @property
    def zones(self):
        """Names of time zones, to choose from."""
        return sorted(zone for zone in available_timezones() if "/" in zone)


class PagesForm(StepForm):
    """What participants read."""

    overview = forms.CharField(
        max_length=MAX_PAGE,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="What this is about and why it matters, in Markdown.",
    )
    data = forms.CharField(
        max_length=MAX_PAGE,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Where the rows are from, and what each column means.",
    )
    evaluation = forms.CharField(
        max_length=MAX_PAGE,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="What counts as good, in words. Formula, split and limits are shown "
        "beside it by themselves.",
    )
    rules = forms.CharField(
        max_length=MAX_PAGE,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="What is allowed. Whoever joins accepts them; a change asks again.",
    )
    starter = forms.CharField(
        label="Starter script",
        max_length=MAX_PAGE,
        strip=False,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text="Python that reads the data and writes a first model. It is shown, "
        "never run here.",
    )

    pages = {
        "overview": "overview.md",
        "data": "data.md",
        "evaluation": "evaluation.md",
        "rules": "rules.md",
        "starter": "starter.py",
    }
    told = pages

    def filled(self, holder):
        texts = holder.texts()
        return {field: texts.get(path, "") for field, path in self.pages.items()}

    def texts(self):
        return {
            path: _lines(self.cleaned_data[field]) or None
            for field, path in self.pages.items()
        }


def _lines(text: str) -> str:
    """A browser ends lines as its standard says; files end them as ours do."""
    text = text.replace("\r\n", "\n")
    return text if text.strip() else ""
