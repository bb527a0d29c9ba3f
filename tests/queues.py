"""Takes away the queues and keys that tests made in a broker of this machine."""

import pika
import redis

KINDS = ("cpu", "gpu", "profiles")
ENDINGS = ("", ".DQ", ".XQ")  # dramatiq's delayed and dead messages


def forget(url: str, prefix: str) -> None:
    """Delete everything that begins with a test run's own prefix."""
    if url.startswith("amqp"):
        connection = pika.BlockingConnection(pika.URLParameters(url))
        channel = connection.channel()
        for kind in KINDS:
            for ending in ENDINGS:
                channel.queue_delete(prefix + kind + ending)
        connection.close()
    elif url.startswith("redis"):
        client = redis.Redis.from_url(url)
        for key in client.scan_iter(f"*{prefix}*"):
            client.delete(key)
