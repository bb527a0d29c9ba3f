"""One team's hundred submissions do not hold up another's first."""

import os
import shutil
from datetime import datetime

import pandas as pd
import pytest

from tests import machine
from tests.journeys.instance import ROOT, Instance

pytestmark = [pytest.mark.needs("sandbox"), pytest.mark.xdist_group("instance")]

ONE = "id,Adelie,Chinstrap,Gentoo\n"

# A hundred at once: more than the door lets one account upload in a minute.
FLOOD = """
from competitions import services
from competitions.models import Competition, Team
from podium.common.files import store_bytes
from podium.accounts.models import User
user = User.objects.get(username="demo-mira")
competition = Competition.objects.get(slug="flood")
team = Team.objects.get(competition=competition, members=user)
stored = store_bytes(open({path!r}, "rb").read())
for number in range(100):
    services.create_submission(
        competition=competition, team=team, submitted_by=user, artifact=stored,
        file_name="mine.csv", format="csv",
    )
"""


@pytest.fixture(params=["embedded", "real"])
def site(request, tmp_path):
    environment = {"PODIUM_WORKERS": "2"}
    if request.param == "real":
        for thing in ("postgres", "rabbitmq"):
            if lack := machine.missing(thing):
                pytest.skip(f"{thing}: {lack}")
        environment |= {
            "PODIUM_DATABASE_URL": request.getfixturevalue("database"),
            "PODIUM_BROKER_URL": machine.broker_url("amqp"),
            "PODIUM_QUEUE_PREFIX": f"podium-fairness-{os.getpid()}-",
        }
    running = Instance(tmp_path / "home", **environment).start()
    yield running
    running.stop()


def test_the_other_team_is_served_second(site, tmp_path):
    instance = site
    folder = tmp_path / "flood"
    shutil.copytree(ROOT / "platform/podium/demo/competitions/penguins", folder)
    document = folder / "competition.yaml"
    text = document.read_text().replace("quota: {per_day: 20}\n", "")
    document.write_text(text)
    instance.manage(
        *("import_competition", str(folder), "--host", "demo-host"),
        *("--publish", "--slug", "flood"),
    )
    mine = tmp_path / "mine.csv"
    mine.write_text(predictions_for(folder))
    for user in ("demo-mira", "demo-joao"):
        instance.join("flood", user)

    instance.manage("shell", "-v0", "-c", FLOOD.format(path=str(mine)))
    single = instance.submit("flood", "demo-joao", mine)
    row = instance.finished(single["id"], "demo-joao", 120)

    assert row["status"] == "scored", row
    created, started = moment(row["created_at"]), moment(row["started_at"])
    flood = everything(instance)
    assert len(flood) == 100
    served_before = [
        other
        for other in flood
        if other["started_at"] and created < moment(other["started_at"]) < started
    ]
    waiting = ("checking", "queued")
    still_waiting = [other for other in flood if other["status"] in waiting]
    print(f"{len(served_before)} went first, {len(still_waiting)} were still waiting")
    assert len(served_before) <= 1
    assert len(still_waiting) >= 50


def everything(instance):
    """The flooding team's submissions, by all pages of its list."""
    rows, path = [], "competitions/flood/submissions/"
    while path:
        page = instance.api("GET", path, "demo-mira").json()
        rows += page["results"]
        path = page["next"] and page["next"].split("/api/v1/")[1]
    return rows


def predictions_for(folder) -> str:
    table = pd.read_csv(folder / "files" / "test.csv.gz")
    return ONE + "".join(f"{number},1,0,0\n" for number in table["id"])


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
