"""The message broker: Valkey, Redis or RabbitMQ, by its URL.

Messages only wake workers, so a broker needs no guarantees: what is lost here is
found by the sweep.
"""

import dramatiq
from django.conf import settings
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.brokers.redis import RedisBroker
from dramatiq.brokers.stub import StubBroker
from dramatiq.middleware import AgeLimit, Callbacks, ShutdownNotifications

REDIS_SCHEMES = ("redis", "rediss", "unix", "valkey")


def make_broker(url: str) -> dramatiq.Broker:
    """The broker behind a URL; raises ValueError for one that is not known."""
    middleware = [AgeLimit(), Callbacks(), ShutdownNotifications()]
    scheme = url.split("://")[0]
    if scheme in REDIS_SCHEMES:
        return RedisBroker(
            url=url.replace("valkey://", "redis://"),
            middleware=middleware,
            heartbeat_timeout=30_000,
            socket_connect_timeout=2,
        )
    if scheme in ("amqp", "amqps"):
        return RabbitmqBroker(url=url, middleware=middleware, confirm_delivery=True)
    if scheme == "stub":
        return StubBroker(middleware=middleware)
    raise ValueError(
        f"PODIUM_BROKER_URL starts with {scheme}://: it must be redis://, unix:// or "
        "amqp://."
    )


def install() -> None:
    """Make the broker of the settings the one that actors declare themselves to."""
    dramatiq.set_broker(make_broker(settings.BROKER_URL))
