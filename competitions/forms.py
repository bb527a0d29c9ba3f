"""What people fill in on the pages of a competition."""

from uuid import uuid4

from django import forms


class JoinForm(forms.Form):
    """Accepting the rules."""

    accept_rules = forms.BooleanField(
        error_messages={"required": "Accept the rules to take part."}
    )


class SubmissionForm(forms.Form):
    """One artifact, and what changed since the last one."""

    file = forms.FileField(
        error_messages={
            "required": "Choose the file that holds your model or your predictions.",
            "empty": "The file is empty: choose the file that holds your model.",
        },
        allow_empty_file=True,  # refused at the door, with the same words as REST
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)
    description = forms.CharField(
        label="What changed?",
        max_length=500,
        required=False,
        help_text="Only your team and the host see this.",
    )


class SelectForm(forms.Form):
    """Whether a submission counts in the end."""

    selected = forms.BooleanField(required=False)
