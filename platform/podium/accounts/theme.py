"""The cookie by which a page is light or dark from its first byte."""

COOKIE = "theme"
YEAR_S = 31_536_000


def show_theme(response, theme: str):
    """Let the next pages look so; an empty theme leaves it to the device."""
    if theme:
        response.set_cookie(COOKIE, theme, max_age=YEAR_S, samesite="Lax")
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response
