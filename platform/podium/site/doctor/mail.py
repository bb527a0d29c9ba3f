"""Mail: where it goes, and whether the server takes it."""

from django.conf import settings
from django.core.mail import get_connection

from podium.site.doctor.finding import Finding, lacks, note, ok

PATIENCE_S = 5


def examine(about: str) -> list[Finding]:
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        return [_elsewhere(about)]
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        connection = get_connection(timeout=PATIENCE_S)
        connection.open()
        connection.close()
    except Exception as error:  # sockets, TLS and SMTP have errors of their own
        told = str(error) or type(error).__name__
        return [lacks(about, f"The mail server {where} cannot be used: {told}")]
    return [
        ok(about, f"The mail server {where} lets us in; mail comes from {_sender()}.")
    ]


def _elsewhere(about: str) -> Finding:
    kind = settings.EMAIL_BACKEND.split(".")[-2]
    if settings.REQUIRE_EMAIL:
        return lacks(
            about,
            f"Addresses must be confirmed here, but mail goes to the {kind} and to "
            "nobody: set PODIUM_EMAIL_URL to smtp://…",
        )
    return note(
        about,
        f"Mail goes to the {kind} alone: PODIUM_EMAIL_URL=smtp://… would send it.",
    )


def _sender() -> str:
    return settings.DEFAULT_FROM_EMAIL
