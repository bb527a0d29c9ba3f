"""A whole Podium scores real models, whatever dies meanwhile."""

import json
import os
import signal
import subprocess
import sys
import time

import pandas as pd
import pytest

from tests import machine
from tests.journeys.instance import ROOT, Instance, wait_until

pytestmark = [pytest.mark.needs("sandbox"), pytest.mark.xdist_group("instance")]


def board(instance, slug, split="public", user="demo-host"):
    answer = instance.api(
        "GET", f"competitions/{slug}/leaderboard/?split={split}", user
    )
    return answer.json()["results"]


def baselines(instance, slug):
    return [row for row in board(instance, slug) if row["is_baseline"]]


class TestScoring:
    def test_baselines_are_scored_by_the_service_itself(self, instance):
        for slug in ("digits", "penguins"):
            rows = wait_until(
                lambda slug=slug: baselines(instance, slug),
                180,
                lambda: "\n".join(instance.lines[-60:]),
            )
            assert all(row["rank"] is None for row in rows)

    @pytest.mark.parametrize(
        ("slug", "model", "seed"),
        [("digits", "dense.keras", 28), ("penguins", "logistic.keras", 7)],
    )
    def test_a_baselines_scores_are_a_plain_scripts(self, instance, slug, model, seed):
        folder = ROOT / "platform/podium/demo/competitions" / slug
        script = ROOT / "tests/journeys/plain_score.py"
        done = subprocess.run(
            [sys.executable, script, folder, model, "0.5", str(seed)],
            check=True,
            capture_output=True,
        )
        plain = json.loads(done.stdout)

        rows = instance.api(
            "GET", f"competitions/{slug}/submissions/", "demo-host"
        ).json()["results"]

        ours = [
            [row[f"{split}_score"] for split in ("public", "private", "all")]
            for row in rows
            if row["status"] == "scored"
        ]
        assert pytest.approx(list(plain.values()), abs=1e-9) in ours

    def test_a_model_reaches_the_board(self, instance, quick):
        user = instance.make_user("grace")
        instance.join("digits", user)

        made = instance.submit("digits", user, quick)
        row = instance.finished(made["id"], user)

        assert row["status"] == "scored", row
        assert 0 <= row["public_score"] <= 1
        assert "private_score" not in row
        mine = [r for r in board(instance, "digits") if user in r["members"]]
        assert [r["score"] for r in mine] == [row["public_score"]]

    def test_predictions_reach_the_board(self, instance, tmp_path):
        instance.join("penguins", "demo-joao")
        path = tmp_path / "mine.csv"
        answer = instance.api(
            "GET", "competitions/penguins/files/test.csv.gz", "demo-joao"
        )
        (tmp_path / "test.csv.gz").write_bytes(answer.content)
        table = pd.read_csv(tmp_path / "test.csv.gz")
        table = table[["id"]].assign(Adelie=1.0, Chinstrap=0.0, Gentoo=0.0)
        table.to_csv(path, index=False)

        made = instance.submit("penguins", "demo-joao", path)

        assert instance.finished(made["id"], "demo-joao")["status"] == "scored"


class TestFaults:
    def test_a_killed_worker_costs_no_submission(self, instance, slow):
        instance.join("digits", "demo-joao")
        made = instance.submit("digits", "demo-joao", slow)
        holder = wait_until(lambda: self.holder(instance, made["id"]), 180)

        os.kill(holder, signal.SIGKILL)
        killed = time.monotonic()

        # Lease (20 s) and sweep: noticed when the row is back in line.
        row = wait_until(lambda: self.noticed(instance, made["id"]), 60)
        print(f"a dead worker was noticed after {time.monotonic() - killed:.1f} s")
        assert row["status"] == "queued"
        row = instance.finished(made["id"], "demo-joao", 180)
        assert row["status"] == "scored"
        assert len(self.scores(instance, made["id"])) == 6  # two metrics, three splits

    def test_a_killed_broker_costs_no_submission(self, instance, quick):
        instance.join("digits", "demo-mira")
        broker = instance.processes("valkey")[0]
        before = instance.submit("digits", "demo-mira", quick)
        os.kill(broker, signal.SIGKILL)
        after = instance.submit("digits", "demo-mira", quick)

        for made in (before, after):
            row = instance.finished(made["id"], "demo-mira", 120)
            assert row["status"] == "scored", row

    def test_a_run_in_flight_goes_back_in_line_when_told_to_stop(self, tmp_path, slow):
        instance = Instance(tmp_path / "home", PODIUM_WORKERS="1").start()
        wait_until(lambda: baselines(instance, "digits"), 180)
        instance.join("digits", "demo-mira")
        made = instance.submit("digits", "demo-mira", slow)
        wait_until(lambda: self.holder(instance, made["id"]), 180)

        instance.stop()

        assert not instance.processes("")
        shown = instance.manage("shell", "-v0", "-c", ROW.format(pk=made["id"]))
        assert shown.split() == ["queued", "0"]

    def holder(self, instance, pk):
        text = instance.manage("shell", "-v0", "-c", HOLDER.format(pk=pk)).strip()
        return int(text.split(":")[1]) if ":" in text else None

    def noticed(self, instance, pk):
        row = instance.submission(pk, "demo-joao")
        return row if row["status"] == "queued" else None

    def scores(self, instance, pk):
        return instance.manage("shell", "-v0", "-c", SCORES.format(pk=pk)).split()


IMPORT = (
    "from competitions.models import Submission; s = Submission.objects.get(pk={pk})"
)
ROW = IMPORT + "; print(s.status, s.faults)"
HOLDER = IMPORT + "; print(s.claimed_by if s.status == 'running' else '')"
SCORES = IMPORT + "; print(*s.scores.values_list('split', flat=True))"


@pytest.mark.needs("postgres")
@pytest.mark.needs("rabbitmq")
class TestOnPostgresAndRabbitmq:
    def test_a_model_reaches_the_board(self, database, tmp_path, quick):
        instance = Instance(
            tmp_path / "home",
            PODIUM_DATABASE_URL=database,
            PODIUM_BROKER_URL=machine.broker_url("amqp"),
            PODIUM_QUEUE_PREFIX=f"podium-journey-{os.getpid()}-",
        ).start()
        try:
            instance.join("digits", "demo-mira")
            made = instance.submit("digits", "demo-mira", quick)

            assert instance.finished(made["id"], "demo-mira")["status"] == "scored"
        finally:
            instance.stop()


class TestStart:
    def test_a_port_in_use_is_one_sentence(self, instance, tmp_path):
        environment = {
            **instance.environment,
            "PODIUM_HOME": str(tmp_path),
            "PODIUM_PORT": str(instance.port),
        }
        done = subprocess.run(
            [sys.executable, "manage.py", "run"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
        )

        assert done.returncode != 0
        assert f"Port {instance.port} of 127.0.0.1 cannot be used" in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1

    def test_the_second_start_says_no_passwords(self, tmp_path):
        home = tmp_path / "home"
        first = Instance(home, PODIUM_WORKERS="1").start()
        first.stop()
        began = time.monotonic()
        second = Instance(home, PODIUM_WORKERS="1").start(60)
        took = time.monotonic() - began
        second.stop()

        assert set(first.passwords) == {"demo-host", "demo-mira", "demo-joao"}
        assert not second.passwords
        print(f"second start: {took:.1f} s")
