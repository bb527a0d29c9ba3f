"""From `queued` to a score on the board, through whole Podiums.

`python -m benchmarks.site [TIMES]` starts `manage.py run` on SQLite and Valkey, and
where the tests' services are there on PostgreSQL and RabbitMQ; submits a small dense
model on 10,000 rows TIMES times, one after the other; and prints a JSON line for each:
what lies between, what the isolated run took of it, and what is left.
"""

import json
import os
import re
import statistics
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from shutil import copytree

import psycopg

from tests import machine
from tests.journeys import models
from tests.journeys.instance import ROOT, Instance

DIGITS = ROOT / "platform/podium/demo/competitions/digits"
SLUG = "bench-digits"
TELL = """
import json
from competitions.models import Submission
for each in Submission.objects.filter(submitted_by__username="bench").order_by("pk"):
    print("TOLD", json.dumps([each.stage_times, str(each.finished_at), each.usage]))
"""


def main(times):
    with tempfile.TemporaryDirectory(prefix="podium-bench-") as folder:
        folder = Path(folder)
        model = models.build(models.QUICK_DIGITS, folder / "quick.keras", seed=1)
        competition = copytree(DIGITS, folder / SLUG)
        unlimited(competition / "competition.yaml")
        for name, environment in systems():
            instance = Instance(folder / name, PODIUM_DEMO="0", **environment).start()
            try:
                line = measured(instance, competition, model, times)
            finally:
                instance.stop()
            print(json.dumps({"system": name, **line}), flush=True)


def systems():
    """The settings of each system that can be started here."""
    yield "sqlite-valkey", {}
    broker = machine.broker_url("amqp")
    if machine.missing("postgres") or machine.missing("rabbitmq"):
        return
    name = f"podium_bench_{os.getpid()}"
    server = machine.DATABASE_URL.rpartition("/")[0]
    with psycopg.connect(machine.DATABASE_URL, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield (
            "postgresql-rabbitmq",
            {
                "PODIUM_DATABASE_URL": f"{server}/{name}",
                "PODIUM_BROKER_URL": broker,
                "PODIUM_QUEUE_PREFIX": f"bench{os.getpid()}-",
            },
        )
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def unlimited(path):
    """Take quota and baselines out of a competition."""
    text = re.sub(r"^quota:.*\n", "", path.read_text(), flags=re.M)
    path.write_text(text)


def measured(instance, competition, model, times):
    host, user = instance.make_user("bench-host"), instance.make_user("bench")
    words = (competition, "--host", host, "--publish", "--slug", SLUG)
    instance.manage("import_competition", *map(str, words))
    instance.join(SLUG, user)
    for _ in range(times + 1):
        made = instance.submit(SLUG, user, model)
        assert instance.finished(made["id"], user)["status"] == "scored"
    told = instance.manage("shell", "-c", TELL).splitlines()
    rows = [json.loads(each[5:]) for each in told if each.startswith("TOLD ")]
    whole, run = zip(*map(seconds, rows[1:]), strict=True)  # the first one warms up
    left = [each - its for each, its in zip(whole, run, strict=True)]
    return {
        "submissions": len(left),
        "queued_to_scored_ms": round(1000 * statistics.median(whole)),
        "isolated_run_ms": round(1000 * statistics.median(run)),
        "rest_ms": round(1000 * statistics.median(left)),
        "least_rest_ms": round(1000 * min(left)),
        "most_rest_ms": round(1000 * max(left)),
    }


def seconds(row):
    """From the queue to the end, and of that the run, without fork and walls."""
    stages, finished, usage = row
    began = datetime.fromisoformat(stages["queue"])
    whole = datetime.fromisoformat(finished) - began
    return whole.total_seconds(), usage["seconds"]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 12)
