"""Where allauth asks this project."""

from allauth.account.adapter import DefaultAccountAdapter

from podium.accounts.theme import show_theme


class AccountAdapter(DefaultAccountAdapter):
    """allauth as it comes, but for what a user has chosen."""

    def post_login(self, request, user, **kwargs):
        """Bring the chosen colours to the browser in which somebody signs in."""
        response = super().post_login(request, user, **kwargs)
        return show_theme(response, user.theme) if user.theme else response
