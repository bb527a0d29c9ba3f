"""The URL map as a list, and addresses made of it."""

import re

from django.urls import URLPattern, get_resolver

_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")


def routes() -> list[str]:
    """Every route of the site but those of the admin, as the URL map writes it."""
    return sorted(
        {route for route in _walk(get_resolver()) if not route.startswith("/admin/")}
    )


def address_of(route: str, values: dict) -> str:
    """An address that a route takes."""
    filled = _PARAMETER.sub(lambda found: str(values[found[1] or found[2]]), route)
    return filled.replace("^", "").replace("$", "")


def _walk(resolver, before="/"):
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from _walk(pattern, route)
