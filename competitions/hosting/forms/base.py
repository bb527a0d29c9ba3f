"""What all steps share: fields at places of the document, asked of the importer."""

from datetime import UTC, datetime

from django import forms
from django.utils import timezone

from competitions.hosting import documents

LOCAL = "%Y-%m-%dT%H:%M"


class StepForm(forms.Form):
    """Some keys of the document, or pages, as fields.

    `places` says which field stands for which key; a field of several keys is told in
    `values` and `filled`. `told` are the places whose faults are shown at a field.
    """

    revision = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.BooleanField(widget=forms.HiddenInput, required=False)

    places: dict[str, str] = {}
    told: dict[str, str] = {}

    def __init__(self, data=None, *, holder):
        self.holder = holder
        # Somebody else's values where both changed the same: {field: (name, value)}.
        self.clashes: dict[str, tuple[str, str]] = {}
        super().__init__(data, initial=self._initial(holder))

    def _initial(self, holder) -> dict:
        found = {
            field: shown(documents.get(holder.document, place))
            for field, place in self.places.items()
        }
        return {
            **{field: value for field, value in found.items() if value is not None},
            **self.filled(holder),
            "revision": holder.revision,
        }

    def filled(self, holder) -> dict:
        """What fields of several keys begin with."""
        return {}

    def values(self) -> dict[str, object]:
        """The document's keys as this form has them; None where nothing is given."""
        return {
            place: plain(self.cleaned_data.get(field))
            for field, place in self.places.items()
            if field in self.fields
        }

    def texts(self) -> dict[str, str | None]:
        """Pages that this form writes, by their file."""
        return {}

    def clean(self):
        """Ask the importer about each key, so that each fault stands at its field."""
        if self.errors:
            return self.cleaned_data
        document = documents.put(self.holder.document, self.values())
        reading = documents.read(document)
        for field, place in {**self.places, **self.told}.items():
            if field not in self.fields:
                continue
            for fault in reading.faults:
                if documents.is_at(fault.where, place) and not self.is_later(fault):
                    self.add_error(field, _said(fault, place))
        return self.cleaned_data

    def is_later(self, fault) -> bool:
        """Whether a fault is one that only a later step can mend."""
        return False

    def show_clashes(self, merged) -> None:
        """Tell at each field what somebody else has put there meanwhile."""
        fields = {place: field for field, place in {**self.places, **self.told}.items()}
        for place, (name, value) in merged.clashes.items():
            field = fields.get(place)
            words = _words(value)
            told = f"{name} changed this meanwhile; it now says: {words}"
            self.add_error(field if field in self.fields else None, told)

    @property
    def shows_all(self) -> bool:
        """Whether every field was seen by whoever sends it again after a clash."""
        return bool(self.cleaned_data.get("seen"))


def shown(value: object) -> object:
    """A value of the document as its field begins with it."""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(value)
    return value


def plain(value: object) -> object:
    """A cleaned value as the document holds it; nothing for what is empty."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return None if value is False or value in ("", [], {}) else value


def listed(text: str) -> list[str] | None:
    """Words with commas between them, as a list."""
    found = [each.strip() for each in text.split(",")]
    return [each for each in found if each] or None


def _said(fault, place: str) -> str:
    """A fault in words; of a part of the field, with the part's name."""
    inner = documents.key_of(fault.where).removeprefix(place).lstrip(".")
    text = fault.message[:1].upper() + fault.message[1:]
    if inner and inner != documents.key_of(fault.where):
        return f"{inner}: {fault.message}"
    return text if text.endswith(".") else f"{text}."


def _words(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)[:300]


class MomentField(forms.DateTimeField):
    """A date and a time in the reader's zone."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL)

    def __init__(self, **options):
        super().__init__(input_formats=[LOCAL, f"{LOCAL}:%S"], **options)
        self.error_messages["invalid"] = "Give a date and a time of the day."

    def prepare_value(self, value):
        if isinstance(value, str) and value.endswith("Z"):
            try:
                value = datetime.fromisoformat(value)
            except ValueError:
                return value
        if isinstance(value, datetime) and timezone.is_aware(value):
            value = timezone.localtime(value).replace(tzinfo=None)
        return super().prepare_value(value)
