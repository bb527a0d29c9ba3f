"""What all tests share: needs that a machine may lack, and a clean queue."""

import os

import dramatiq
import pytest
from django.conf import settings

from tests import machine, queues


def pytest_collection_modifyitems(items):
    """Skip by name what is lacking here, or fail where PODIUM_REQUIRE names it."""
    required = set(filter(None, os.environ.get("PODIUM_REQUIRE", "").split(",")))
    for item in items:
        for marker in item.iter_markers("needs"):
            thing = marker.args[0]
            missing = machine.missing(thing)
            if missing and thing not in required:
                item.add_marker(pytest.mark.skip(reason=f"{thing}: {missing}"))
            elif missing:
                item.add_marker(pytest.mark.usefixtures("fail_for_lack"), append=False)
                item.lacks = f"{thing} is required here, but {missing}"


@pytest.fixture
def fail_for_lack(request):
    pytest.fail(request.node.lacks)


@pytest.fixture(autouse=True)
def empty_broker():
    """No message of one test reaches the next."""
    broker = dramatiq.get_broker()
    if hasattr(broker, "flush_all") and type(broker).__name__ == "StubBroker":
        broker.flush_all()


def pytest_sessionfinish():
    if settings.BROKER_URL != "stub://":
        queues.forget(settings.BROKER_URL, settings.QUEUE_PREFIX)
