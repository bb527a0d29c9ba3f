"""allauth's forms with the words of this site."""

from allauth.account.forms import AddEmailForm, LoginForm, ReauthenticateForm
from allauth.account.forms import SignupForm as AllauthSignupForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm


class SignInForm(LoginForm):
    """The link to a new password stands beside the button, so not in the form."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _call(self, "login", "User name or e-mail address")
        _call(self, "password", "Password")
        if "remember" in self.fields:
            _call(self, "remember", "Stay signed in")


class SignUpForm(AllauthSignupForm):
    """What an account begins with."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _call(self, "username", "User name")
        _call(self, "email", "E-mail address")


class ProveForm(ReauthenticateForm):
    """The password once more."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _call(self, "password", "Password")


class NewAddressForm(AddEmailForm):
    """Another address."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _call(self, "email", "New address")


class AddKeyForm(AddWebAuthnForm):
    """A key, and whether it is enough by itself."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _call(self, "name", "What you call it")
        _call(self, "passwordless", "A passkey: sign in without a password")
        self.fields[
            "passwordless"
        ].help_text = "Without the tick the key is a second step after your password."


def _call(form, name: str, label: str) -> None:
    """Name a field; its placeholder would only say the same again."""
    field = form.fields[name]
    field.label = label
    field.widget.attrs.pop("placeholder", None)
    if name == "password":
        field.help_text = ""
