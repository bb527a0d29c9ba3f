"""What an import leaves behind, and what publishing adds."""

import pytest
from django.db import IntegrityError

from competitions.errors import NotAllowed, WrongState
from competitions.folders import FolderFaults, import_folder, importing, publish
from competitions.models import AuditEntry, Competition, Submission, Team
from podium.accounts.models import User
from tests.competitions import folder_files as given
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.services]
BASELINE = "id,gull,tern\n" + "".join(f"{row},0.5,0.5\n" for row in range(1, 9))


def with_baseline() -> dict:
    listed = given.with_lines(
        "baselines: [{name: Even odds, file: baselines/even.csv}]"
    )
    return {**listed, "baselines/even.csv": BASELINE}


class TestImport:
    def test_keeps_every_file_as_it_came(self, tmp_path):
        competition = given.imported(tmp_path, given.FILES)

        wanted = {path: text.encode() for path, text in given.FILES.items()}
        assert given.sources(competition) == wanted

    def test_makes_files_a_private_dataset_of_the_host(self, tmp_path):
        competition = given.imported(tmp_path, given.FILES)

        version = competition.dataset_version
        assert [file.path for file in version.files.all()] == ["train.csv"]
        assert version.number == 1
        assert version.dataset.slug == "birds"
        assert version.dataset.owner == competition.host
        assert version.dataset.visibility == "private"

    def test_keeps_the_pages_and_the_rules(self, tmp_path):
        competition = given.imported(
            tmp_path, {**given.FILES, "starter.py": "print(1)\n"}
        )

        assert competition.overview == "# Birds\n"
        assert competition.data_text == "Lengths and weights.\n"
        assert competition.evaluation == "The share of right answers.\n"
        assert competition.starter == "print(1)\n"
        [rules] = competition.rules_versions.all()
        assert (rules.number, rules.text) == (1, "Be fair.\n")

    def test_reads_every_key(self, tmp_path):
        files = given.with_lines(
            "subtitle: By size",
            "tags: [tabular]",
            "licence: CC0-1.0",
            "visibility: invited",
            "closes_at: 2027-01-01T02:00:00+02:00",
            "entry_deadline: 2026-06-01T00:00:00Z",
            "team_deadline: 2026-07-01T00:00:00Z",
            "time_zone: Europe/Lisbon",
            "limits: {seconds: 60, memory_mb: 2048, file_mb: 100}",
            "device: gpu",
            "quota: {per_day: 5, total: 100}",
            "teams: {max_size: 4}",
            "finals: 3",
            "late: true",
            "medals: true",
            "feedback: {digits: 5, ladder: true}",
            "prizes: [{kind: knowledge, text: Some}]",
            "sample: {inputs: files/train.csv, labels: files/train.csv}",
        )

        competition = given.imported(tmp_path, files)

        competition.refresh_from_db()
        found = {
            name: getattr(competition, name)
            for name in (
                *("subtitle", "tags", "licence", "visibility", "time_zone", "device"),
                *("limit_seconds", "limit_memory_mb", "limit_file_mb", "finals"),
                *("quota_per_day", "quota_total", "team_max_size", "late", "medals"),
                *("feedback_digits", "feedback_ladder", "prizes", "sample"),
                *(
                    "train_path",
                    "test_path",
                    "accepts",
                    "metrics",
                    "direction",
                    "split",
                ),
            )
        }
        assert found == {
            "subtitle": "By size",
            "tags": ["tabular"],
            "licence": "CC0-1.0",
            "visibility": "invited",
            "time_zone": "Europe/Lisbon",
            "device": "gpu",
            "limit_seconds": 60,
            "limit_memory_mb": 2048,
            "limit_file_mb": 100,
            "finals": 3,
            "quota_per_day": 5,
            "quota_total": 100,
            "team_max_size": 4,
            "late": True,
            "medals": True,
            "feedback_digits": 5,
            "feedback_ladder": True,
            "prizes": [{"kind": "knowledge", "text": "Some"}],
            "sample": {"inputs": "train.csv", "labels": "train.csv"},
            "train_path": "train.csv",
            "test_path": "",
            "accepts": ["model"],
            "metrics": [{"key": "accuracy"}],
            "direction": "maximize",
            "split": {"public": "0.5", "seed": 7},
        }
        moments = (
            competition.opens_at,
            competition.closes_at,
            competition.entry_deadline,
            competition.team_deadline,
        )
        assert [moment.isoformat() for moment in moments] == [
            "2026-01-01T00:00:00+00:00",
            "2027-01-01T00:00:00+00:00",
            "2026-06-01T00:00:00+00:00",
            "2026-07-01T00:00:00+00:00",
        ]

    def test_takes_the_defaults_of_the_format(self, tmp_path):
        competition = given.imported(tmp_path, given.FILES)

        assert (
            competition.limit_seconds,
            competition.limit_memory_mb,
            competition.limit_file_mb,
        ) == (120, 4096, 256)
        assert competition.closes_at is None
        assert (competition.quota_per_day, competition.quota_total) == (None, None)
        assert (competition.feedback_digits, competition.sample) == (None, None)

    def test_is_in_the_audit(self, tmp_path):
        competition = given.imported(tmp_path, given.FILES)

        entry = AuditEntry.objects.get()
        assert (entry.action, entry.target) == ("import_competition", "birds")
        assert (entry.actor, entry.competition) == (competition.host, competition)

    def test_keeps_a_cover(self, tmp_path):
        png = bytes.fromhex(
            "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
            "0000000a49444154789c6360000000020001e221bc330000000049454e44ae426082"
        )

        competition = given.imported(tmp_path, {**given.FILES, "cover.png": png})

        assert competition.cover.open().read() == png

    def test_leaves_no_row_when_the_database_fails(self, tmp_path, monkeypatch):
        def fails(*arguments, **options):
            raise IntegrityError("something else")

        monkeypatch.setattr(importing, "create_dataset", fails)
        with pytest.raises(IntegrityError):
            given.imported(tmp_path, given.FILES)

        assert not Competition.objects.exists()

    def test_tells_of_a_slug_that_was_taken_meanwhile(self, tmp_path, monkeypatch):
        host, check = make_user(), importing.check_folder
        given.write_folder(tmp_path, given.FILES)

        def check_slowly(files, **options):
            folder = check(files, **options)
            monkeypatch.undo()
            import_folder(tmp_path, host=make_user())
            return folder

        monkeypatch.setattr(importing, "check_folder", check_slowly)
        with pytest.raises(FolderFaults, match="has been made meanwhile"):
            import_folder(tmp_path, host=host)


class TestPublish:
    def test_queues_the_baselines_for_nothing(self, tmp_path):
        competition = given.imported(tmp_path, with_baseline(), publish=True)

        team = Team.objects.get()
        [submission] = Submission.objects.all()
        assert (team.name, team.is_baseline, team.members.count()) == (
            "Even odds",
            True,
            0,
        )
        assert (submission.status, submission.format) == ("queued", "csv")
        assert submission.artifact.open().read() == BASELINE.encode()
        assert submission.submitted_by == competition.host
        assert submission.hidden_test_set == competition.hidden_test_set
        assert not submission.charged
        assert competition.status == "open"

    def test_leaves_a_draft_alone_until_it_is_asked_for(self, tmp_path):
        draft = given.imported(tmp_path, with_baseline())
        assert draft.status == "draft" and not Submission.objects.exists()

        published = publish(draft)

        assert published.status == "open"
        assert Submission.objects.get().team.name == "Even odds"

    def test_happens_once(self, tmp_path):
        competition = given.imported(tmp_path, with_baseline(), publish=True)

        with pytest.raises(WrongState):
            publish(competition)

        assert Submission.objects.count() == 1


class TestWhoMayHost:
    def test_everybody_where_hosting_is_open(self, tmp_path):
        assert given.imported(tmp_path, given.FILES)

    @pytest.mark.parametrize(
        ("rights", "may"),
        [({}, False), ({"may_host": True}, True), ({"is_staff": True}, True)],
        ids=["nobody", "an approved host", "staff"],
    )
    def test_only_the_approved_where_it_is_not(self, tmp_path, settings, rights, may):
        settings.HOSTING = "approved"
        host: User = make_user(**rights)

        if may:
            assert given.imported(tmp_path, given.FILES, host=host)
        else:
            with pytest.raises(NotAllowed):
                given.imported(tmp_path, given.FILES, host=host)
