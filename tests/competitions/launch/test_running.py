"""The launch check in its own process, shut in as the housekeeper's are."""

import pytest

from competitions.folders import import_folder
from competitions.launch import running
from podium.datasets import profiling
from tests.competitions.hosting.given import PENGUINS
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.needs("sandbox")
def test_works_behind_the_walls(monkeypatch):
    monkeypatch.setattr(profiling, "walls", "podium.site.walls")
    competition = import_folder(PENGUINS, host=make_user())

    report = running.check(competition)

    keys = {finding["key"] for finding in report["findings"]}
    assert {"duplicates", "drift", "resolution", "cost"} <= keys
