"""The broker that wakes workers: there, and which."""

from urllib.parse import urlsplit

import dramatiq
from django.conf import settings
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.brokers.redis import RedisBroker

from podium.site.doctor.finding import Finding, lacks, note, ok


def examine(about: str) -> list[Finding]:
    try:
        told = _answer(dramatiq.get_broker())
    except Exception as error:  # each broker has errors of its own
        return [_away(about, error)]
    where = "the embedded one" if settings.EMBEDDED_BROKER else _place()
    return [ok(about, f"{told} answers ({where}).")]


def _answer(broker: dramatiq.Broker) -> str:
    """What the broker calls itself."""
    if isinstance(broker, RedisBroker):
        facts = broker.client.info("server")
        if "valkey_version" in facts:
            return f"Valkey {facts['valkey_version']}"
        return f"Redis {facts['redis_version']}"
    if isinstance(broker, RabbitmqBroker):
        return _rabbitmq()
    return type(broker).__name__


def _rabbitmq() -> str:
    import pika  # where another broker is used it need not be loaded

    parameters = pika.URLParameters(settings.BROKER_URL)
    parameters.socket_timeout = parameters.blocked_connection_timeout = 5
    parameters.connection_attempts = 1
    connection = pika.BlockingConnection(parameters)
    try:
        facts = connection._impl.server_properties
    finally:
        connection.close()
    version = facts.get("version", b"")
    return f"RabbitMQ {version.decode() if isinstance(version, bytes) else version}"


def _away(about: str, error: Exception) -> Finding:
    if settings.EMBEDDED_BROKER:
        return note(
            about,
            "The embedded Valkey is not running: make run starts it. Until then "
            "submissions are taken and wait.",
        )
    told = str(error).splitlines()[0] if str(error) else type(error).__name__
    return lacks(
        about,
        f"The broker at {_place()} does not answer ({told}): submissions are taken, "
        "but nothing wakes the workers.",
    )


def _place() -> str:
    """Where the broker is, without its password."""
    parts = urlsplit(settings.BROKER_URL)
    host = parts.hostname or parts.path
    return f"{parts.scheme}://{host}{f':{parts.port}' if parts.port else ''}"
