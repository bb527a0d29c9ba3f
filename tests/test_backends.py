"""The tests of queue, quota, board and folders once more, on the services of a site."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import machine

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.needs("postgres")
@pytest.mark.xdist_group("backends")
@pytest.mark.parametrize(
    "scheme",
    [
        pytest.param("amqp", marks=pytest.mark.needs("rabbitmq"), id="rabbitmq"),
        pytest.param("redis", marks=pytest.mark.needs("redis"), id="redis"),
    ],
)
def test_services_suite_on_postgres_with(scheme):
    """Runs a pytest of its own, because a process has one database and one broker."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    environment |= {
        "PODIUM_DATABASE_URL": machine.DATABASE_URL,
        "PODIUM_BROKER_URL": machine.broker_url(scheme),
    }
    command = [sys.executable, "-m", "pytest", "-m", "services", "-q", "-n0"]

    done = subprocess.run(
        [*command, "-p", "no:cacheprovider", "tests"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=900,
    )

    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    passed = int(re.search(r"(\d+) passed", done.stdout).group(1))
    assert passed >= 30
    print(f"PostgreSQL with {scheme}: {done.stdout.strip().splitlines()[-1]}")
