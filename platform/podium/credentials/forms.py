"""Forms of credentials."""

from django import forms

MOST_BYTES = 4_000_000  # of a picture with a credential in it
MOST_LETTERS = 100_000  # of a credential's text


class CheckForm(forms.Form):
    """A credential to be checked: its file, or its text."""

    file = forms.FileField(
        required=False,
        label="File",
        help_text="The .jwt, or the badge as PNG or SVG; at most 4 MB.",
    )
    text = forms.CharField(
        required=False,
        max_length=MOST_LETTERS,
        label="Or its text",
        widget=forms.Textarea(
            attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off"}
        ),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file and file.size > MOST_BYTES:
            raise forms.ValidationError(
                "The file has more than 4 MB: a credential is far smaller. Send the "
                "file as it was downloaded."
            )
        return file

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not cleaned.get("file") and not cleaned.get("text"):
            raise forms.ValidationError("Choose a file, or paste a credential’s text.")
        return cleaned

    def content(self) -> bytes:
        """What was sent, the file before the text."""
        file = self.cleaned_data["file"]
        return file.read() if file else self.cleaned_data["text"].encode()


class RevokeForm(forms.Form):
    """Why a credential is taken back."""

    reason = forms.CharField(
        max_length=500,
        label="Reason",
        help_text="Whoever checks the credential reads it, and its holder is told.",
        error_messages={
            "required": "Say why: whoever checks the credential will read it."
        },
    )
    may_ask_again = forms.BooleanField(
        required=False,
        label="Its holder may ask for a new one of the same result",
        help_text="For a credential whose words were wrong, not its result.",
    )
