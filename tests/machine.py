"""What this machine has of the things that some tests need."""

import os
import shutil
import socket
from functools import cache
from urllib.parse import urlsplit

DATABASE_URL = os.environ.get(
    "PODIUM_TEST_DATABASE_URL", "postgres://podium:podium@localhost:5432/podium"
)
BROKER_URLS = os.environ.get(
    "PODIUM_TEST_BROKER_URLS",
    "amqp://guest:guest@localhost:5672/,redis://localhost:6379/15",
).split(",")


@cache
def missing(thing: str) -> str:
    """Why a thing cannot be used here, in a few words; empty where it can."""
    checks = {
        "browser": _browser,
        "sandbox": _sandbox,
        "postgres": _postgres,
        "rabbitmq": lambda: _broker("amqp"),
        "redis": lambda: _broker("redis"),
        "s3": lambda: "" if os.environ.get("PODIUM_TEST_S3_URL") else "none is named",
        "gpu": lambda: "" if os.path.exists("/dev/nvidia0") else "there is no device",
    }
    return checks[thing]()


def broker_url(scheme: str) -> str | None:
    """The test broker that speaks a protocol: amqp or redis."""
    return next((url for url in BROKER_URLS if url.startswith(scheme)), None)


def _browser() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    return "" if found else "Chromium is not installed"


def _sandbox() -> str:
    from scoring import sandbox

    try:
        sandbox.assert_isolated("strict")
    except sandbox.SandboxUnavailable as error:
        return str(error)
    return ""


def _postgres() -> str:
    import psycopg

    try:
        psycopg.connect(DATABASE_URL, connect_timeout=3).close()
    except psycopg.OperationalError as error:
        return str(error).splitlines()[0]
    return ""


def _broker(scheme: str) -> str:
    url = broker_url(scheme)
    if url is None:
        return "PODIUM_TEST_BROKER_URLS names none"
    parts = urlsplit(url)
    default = 5672 if scheme == "amqp" else 6379
    try:
        socket.create_connection((parts.hostname, parts.port or default), 3).close()
    except OSError as error:
        return f"{parts.hostname}:{parts.port or default} {error.strerror or error}"
    return ""
