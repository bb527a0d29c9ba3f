"""A running Podium and models to submit, shared by the journeys."""

import os

import psycopg
import pytest

from tests import machine
from tests.journeys import models
from tests.journeys.instance import Instance


@pytest.fixture(scope="session")
def instance(tmp_path_factory):
    running = Instance(tmp_path_factory.mktemp("home")).start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def quick(tmp_path_factory):
    path = tmp_path_factory.mktemp("models") / "quick.keras"
    return models.build(models.QUICK_DIGITS, path, seed=1)


@pytest.fixture(scope="session")
def slow(tmp_path_factory):
    path = tmp_path_factory.mktemp("models") / "slow.keras"
    return models.build(models.SLOW_DIGITS, path)


@pytest.fixture
def database():
    name = f"podium_journey_{os.getpid()}"
    base = machine.DATABASE_URL
    with psycopg.connect(base, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield base.rsplit("/", 1)[0] + "/" + name
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
