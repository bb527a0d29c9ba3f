"""Whether the process lives, and whether it can do its work."""

import socket
from urllib.parse import urlsplit

import dramatiq
import structlog
from django.conf import settings
from django.core.files.storage import storages
from django.db import DatabaseError, connection
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.brokers.redis import RedisBroker

log = structlog.get_logger(__name__)


@never_cache
@require_safe
def healthz(request):
    """The process lives."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request):
    """What pages need is there; without a broker, scoring only starts later."""
    parts = {"database": _database(), "storage": _storage(), "broker": _broker()}
    down = [name for name in ("database", "storage") if parts[name] != "ok"]
    status = "down" if down else "ok" if parts["broker"] == "ok" else "degraded"
    return JsonResponse({"status": status, **parts}, status=503 if down else 200)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError as error:
        log.warning("database away", error=str(error))
        return "away"
    return "ok"


def _storage() -> str:
    """Whether both stores take a file."""
    try:
        for name in ("private", "public"):
            storages[name].assert_ready()
    except OSError as error:
        log.warning("storage away", error=str(error))
        return "away"
    return "ok"


def _broker() -> str:
    try:
        _ping(dramatiq.get_broker())
    except Exception as error:  # each broker has errors of its own
        log.warning(
            "broker away", url=settings.BROKER_URL.split("@")[-1], error=str(error)
        )
        return "away"
    return "ok"


def _ping(broker: dramatiq.Broker) -> None:
    """Raise where the broker does not answer; the one in memory always does."""
    if isinstance(broker, RedisBroker):
        broker.client.ping()
    elif isinstance(broker, RabbitmqBroker):
        # Its connection belongs to a thread that publishes; a door that opens will do.
        address = urlsplit(settings.BROKER_URL)
        socket.create_connection((address.hostname, address.port or 5672), 2).close()
