"""What a host fills in to judge a team or to tell everybody something."""

from django import forms


class ReasonForm(forms.Form):
    """Why a team is taken off the board."""

    reason = forms.CharField(
        label="Why",
        max_length=500,
        required=False,  # taking it back needs none; the service asks for one
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The team reads this, and it stands in the history.",
    )


class NewsForm(forms.Form):
    """An announcement."""

    title = forms.CharField(max_length=120)
    text = forms.CharField(
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="In Markdown. It is sent to everybody who takes part, and stands on "
        "the competition’s page.",
    )
