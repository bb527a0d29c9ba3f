"""What a worker does by one message, with real files in the real sandbox."""

import pytest

from competitions import actors, quota, services
from competitions.folders import import_folder
from competitions.models import Submission
from podium.common.files import store_bytes, store_path
from scoring import sandbox
from scoring.tensors import open_strings
from tests.factories import make_check, make_team, make_user
from tests.journeys.instance import ROOT

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.needs("sandbox"),
]

PENGUINS = ROOT / "platform/podium/demo/competitions/penguins"
MODEL = PENGUINS / "baselines/logistic.keras"
HEADER = "id,Adelie,Chinstrap,Gentoo\n"


@pytest.fixture
def team():
    competition = import_folder(PENGUINS, host=make_user())
    competition.published_at = competition.opens_at
    competition.save()
    yield make_team(competition)
    sandbox.close()


def submit(team, stored, format) -> Submission:
    return services.create_submission(
        competition=team.competition,
        team=team,
        submitted_by=team.members.get(),
        artifact=stored,
        file_name=f"mine.{format}",
        format=format,
    )


def work(row):
    """What comes of one message, and no other."""
    actors.work_cpu.fn()
    row.refresh_from_db()
    return row


def predictions_of(team, row: str) -> bytes:
    ids = open_strings(team.competition.hidden_test_set.ids.local_path(), "ids")
    names = bytes(ids.data).decode()
    cells = [names[a:b] for a, b in zip(ids.offsets, ids.offsets[1:], strict=False)]
    return (HEADER + "".join(f"{each},{row}\n" for each in cells)).encode()


def test_a_message_is_enough_from_the_check_to_the_board(team):
    submission = submit(team, store_path(MODEL), "keras")

    work(submission)

    assert (submission.status, submission.attempt) == ("scored", 2)
    assert list(submission.stage_times) == [
        *("received", "check", "queue", "load", "predict", "score", "done")
    ]
    report = submission.check_report
    assert report["problems"] == []
    assert report["rows"] == 200
    assert report["estimate"]["seconds"] > 0
    assert submission.charged


def test_good_predictions_are_read_once_for_check_and_run(team):
    content = predictions_of(team, "1,0,0")
    submission = submit(team, store_bytes(content), "csv")

    work(submission)

    assert (submission.status, submission.attempt) == ("scored", 1)
    assert submission.predictions.count() == 1
    assert submission.scores.count() == 6


def test_bad_files_end_in_the_check_and_cost_nothing(team):
    bad = submit(team, store_bytes(predictions_of(team, "0.5,0.5,0.5")), "csv")
    strange = submit(team, store_bytes(b"\x00\x01 of no kind"), "")

    work(bad), work(strange)

    assert (bad.reason, strange.reason) == ("bad_predictions", "unreadable_file")
    assert "104 row(s), counted from 0: row 0" in bad.message
    assert bad.stage == strange.stage == "check"
    assert quota.left(team, team.competition).today == team.competition.quota_per_day


def test_a_check_alone_leaves_a_report_and_nothing_else(team):
    content = HEADER.encode() + b"nobody,1,0,0\n"
    check = make_check(team, artifact=store_bytes(content), format="csv")

    work(check)

    assert check.status == "done"
    assert [each["reason"] for each in check.report["problems"]] == ["bad_predictions"]
    assert "nobody" in check.report["problems"][0]["message"]
    assert not Submission.objects.exists()


def test_a_worker_that_drains_takes_nothing(team, monkeypatch):
    check = make_check(team)
    actors.draining.set()
    try:
        assert work(check).status == "waiting"
    finally:
        actors.draining.clear()
