"""What people fill in about themselves."""

from urllib.parse import urlsplit
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from podium.accounts.models import ApiToken, User
from podium.accounts.names import refuse_unprintable

LINKS = 5
_is_address = URLValidator(schemes=["https"])


class LinksField(forms.CharField):
    """Addresses, one a line; each is shown to everybody, so each must be safe."""

    widget = forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        lines = [line.strip() for line in (value or "").splitlines()]
        return list(dict.fromkeys(line for line in lines if line))

    def validate(self, value):
        if len(value) > LINKS:
            raise ValidationError(
                f"These are {len(value)} links: {LINKS} at most can stand there."
            )
        for address in value:
            _assert_link(address)

    def run_validators(self, value):
        """None of a single text's: each line was looked at."""

    def has_changed(self, initial, data):
        return (initial or []) != self.to_python(data)


def _assert_link(address: str) -> None:
    refuse_unprintable(address)
    if len(address) > 200:
        raise ValidationError("A link has at most 200 characters.")
    try:
        _is_address(address)
        netloc = urlsplit(address).netloc
    except (ValidationError, ValueError):
        netloc = ""
    if not netloc or "@" in netloc:
        raise ValidationError(
            f"“{address}” is no link: write a whole address that begins with https://."
        )


class ProfileForm(forms.ModelForm):
    """What others read about a user."""

    links = LinksField(
        required=False,
        help_text=f"One address a line, up to {LINKS}, each beginning with https://.",
    )
    practitioner_also = forms.MultipleChoiceField(
        choices=User.Practitioner.choices,
        required=False,
        label="Also",
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = User
        fields = [
            *("display_name", "bio", "location", "links"),
            *("practitioner", "practitioner_also"),
        ]
        labels = {"bio": "About you", "practitioner": "Mainly"}
        widgets = {
            "bio": forms.Textarea(attrs={"rows": 8}),
            "practitioner": forms.RadioSelect,
        }
        help_texts = {
            "display_name": "Shown beside your user name. It can stay empty.",
            "bio": "Markdown: links, lists, code and formulas work.",
            "location": "A city or a country, as exact as you like.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("display_name", "location"):
            self.fields[name].validators.append(refuse_unprintable)

    def clean(self):
        cleaned = super().clean()
        main, also = cleaned.get("practitioner"), cleaned.get("practitioner_also", [])
        if also and not main:
            self.add_error("practitioner", "Say first what you mainly do.")
        cleaned["practitioner_also"] = [key for key in also if key != main]
        return cleaned


class PictureForm(forms.Form):
    """A new picture; what is in the file is looked at when it is decoded."""

    picture = forms.FileField(
        label="Choose a picture",
        help_text="PNG, JPEG, WebP or GIF, up to 5 MB. It is cut to a square.",
        error_messages={
            "required": "Choose a picture first.",
            "empty": "The file is empty: choose another picture.",
            "invalid": "No file came along: choose a picture and send it again.",
        },
        widget=forms.FileInput(attrs={"accept": "image/*"}),
    )


def _zones() -> list:
    """Every time zone of the world by region, UTC first."""
    regions: dict[str, list] = {}
    for name in sorted(available_timezones()):
        region, _, place = name.partition("/")
        if place and region not in ("Etc", "SystemV", "US", "posix", "right"):
            label = place.replace("_", " ").replace("/", ", ")
            regions.setdefault(region, []).append((name, label))
    return [("UTC", "UTC"), *regions.items()]


class AppearanceForm(forms.ModelForm):
    """How pages look to one user, and in which time zone they tell times."""

    time_zone = forms.ChoiceField(
        choices=_zones,
        help_text="Times on pages are told in it. The API stays in UTC.",
    )

    class Meta:
        model = User
        fields = ["theme", "time_zone"]
        widgets = {"theme": forms.RadioSelect}
        labels = {"theme": "Colours"}


class DeleteForm(forms.Form):
    """The user name, typed by hand, so that nobody deletes an account by accident."""

    username = forms.CharField(
        label="Your user name",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_username(self):
        if self.cleaned_data["username"].lower() != self.user.username.lower():
            raise ValidationError(f"Type “{self.user.username}”, which is your name.")
        return self.user.username


class TokenForm(forms.ModelForm):
    """A new token: what it is for."""

    class Meta:
        model = ApiToken
        fields = ["name"]
        labels = {"name": "What is it for?"}
        help_texts = {"name": "A name that tells your tokens apart, such as laptop."}
