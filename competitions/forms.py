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


class CheckedForm(forms.Form):
    """What is still to be said of a file that was checked."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    description = forms.CharField(
        label="What changed?",
        max_length=500,
        required=False,
        help_text="Only your team and the host see this.",
    )


class SelectForm(forms.Form):
    """Whether a submission counts in the end."""

    selected = forms.BooleanField(required=False)


class TeamNameForm(forms.Form):
    """What a team is called."""

    name = forms.CharField(
        label="Name",
        max_length=80,
        error_messages={"required": "Type a name for your team."},
    )


class InviteForm(forms.Form):
    """Whom a team wants."""

    username = forms.CharField(
        label="User name",
        max_length=60,
        error_messages={"required": "Type the user name of whom you want."},
    )


class SeekForm(forms.Form):
    """Whether a team is open to team up, and what it says of itself."""

    pitch = forms.CharField(
        label="What you bring, and whom you look for",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Participants of this competition read it.",
    )
    is_seeking = forms.BooleanField(label="Open to team up", required=False)


class AccessForm(forms.Form):
    """Who finds a competition."""

    visibility = forms.ChoiceField(
        label="Who finds it",
        choices=[
            ("public", "Everybody"),
            ("invited", "Whoever has the invitation link or is on the list"),
            ("private", "Whoever is on the list"),
        ],
    )
    approval = forms.BooleanField(
        label="I decide on each who comes by the link", required=False
    )


class AddressesForm(forms.Form):
    """The list of addresses and domains that are let in."""

    text = forms.CharField(
        label="Addresses and domains",
        max_length=100_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text="One a line: <code>ada@example.org</code> is a person, "
        "<code>@example.org</code> everybody there. Confirmed addresses count.",
    )


class CloneForm(forms.Form):
    """What a copy is called, and where it stands."""

    slug = forms.CharField(
        label="New address",
        max_length=80,
        help_text="It stands behind <code>/competitions/</code>.",
        error_messages={"required": "Type an address for the copy."},
    )
    title = forms.CharField(label="Title", max_length=120, required=False)


class EnterForm(forms.Form):
    """What somebody says who asks to enter."""

    message = forms.CharField(
        label="A word to the host",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
