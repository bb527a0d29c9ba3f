"""What every page knows."""

from urllib.parse import urlsplit

from django.conf import settings


def site(request):
    """The theme that the visitor chose, if any, and where this installation lives."""
    theme = request.COOKIES.get("theme")
    return {
        "theme": theme if theme in ("light", "dark") else "",
        "site_url": settings.URL,
        "site_name": urlsplit(settings.URL).netloc,
        "sandbox_is_unsafe": settings.SANDBOX == "unsafe",
    }
