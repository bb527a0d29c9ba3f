"""Export: what was imported comes out again, and what was changed since with it."""

from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from django.core.management import call_command
from django.utils import timezone

from competitions.folders import export_folder, import_folder
from competitions.folders.writing import write_document
from competitions.folders.yaml import read_yaml
from competitions.models import Competition, RulesVersion
from tests.competitions import folder_files as given
from tests.factories import make_competition, make_user

DEMO = Path(__file__).resolve().parents[2] / "platform/podium/demo/competitions"
# What an import makes anew each time.
OWN = {"id", "slug", "created_at", "published_at", "host_id"}
OWN |= {"dataset_version_id", "hidden_test_set_id"}


def told_by(competition) -> dict:
    """All that one competition shares with an equal one."""
    competition = Competition.objects.get(pk=competition.pk)
    row = {
        field.attname: getattr(competition, field.attname)
        for field in Competition._meta.concrete_fields
        if field.attname not in OWN
    }
    hidden, version = competition.hidden_test_set, competition.dataset_version
    return {
        **row,
        "rules": competition.rules_versions.last().text,
        "hidden": (hidden.digest, hidden.rows, hidden.public_rows),
        # The kept labels hold the split of every row.
        "labels": (hidden.labels.sha256, hidden.inputs.sha256, hidden.ids.sha256),
        "files": sorted(
            (file.path, file.stored.sha256) for file in version.files.all()
        ),
    }


def digests(competition) -> dict:
    return {
        source.path: source.stored.sha256 for source in competition.source_files.all()
    }


@pytest.mark.django_db
class TestExportFolder:
    @pytest.mark.parametrize("name", ["bike-hours", "digits", "languages", "penguins"])
    @pytest.mark.parametrize("ending", ["", ".zip"])
    def test_gives_the_demo_back_as_it_came(self, tmp_path, name, ending):
        competition = import_folder(DEMO / name, host=make_user())
        target = tmp_path / f"again{ending}"

        export_folder(competition, target)
        again = import_folder(target, host=make_user(), slug="again")

        assert told_by(again) == told_by(competition)
        assert digests(again) == digests(competition)

    def test_writes_what_was_changed_since(self, tmp_path):
        competition = given.imported(tmp_path / "first", given.FILES)
        changes = {
            "title": "Birds: which ‘one’?\u2028",
            "tags": ["yes", "1", "a: b"],
            "closes_at": competition.opens_at + timezone.timedelta(days=9),
            "quota_per_day": 3,
            "feedback_digits": 4,
            "late": True,
            "prizes": [{"kind": "cup", "text": 'Of "tin"\n\\'}],
            "overview": "# Anew\n",
            "starter": "print(1)\n",
        }
        Competition.objects.filter(pk=competition.pk).update(**changes)
        competition.refresh_from_db()
        RulesVersion.objects.create(competition=competition, number=2, text="Fairer.")

        export_folder(competition, tmp_path / "out")
        again = import_folder(tmp_path / "out", host=make_user(), slug="again")

        assert told_by(again) == told_by(competition)
        assert again.title == changes["title"] and again.prizes == changes["prizes"]

    def test_takes_away_what_was_taken_away(self, tmp_path):
        files = given.with_lines("quota: {per_day: 5}", "closes_at: 2027-01-01T00:00Z")
        competition = given.imported(tmp_path / "first", files)
        Competition.objects.update(quota_per_day=None, closes_at=None)
        competition.refresh_from_db()

        export_folder(competition, tmp_path / "out")
        again = import_folder(tmp_path / "out", host=make_user(), slug="again")

        assert (again.quota_per_day, again.closes_at) == (None, None)

    def test_is_stable(self, tmp_path):
        competition = given.imported(tmp_path / "a", given.FILES)
        Competition.objects.update(title="Other")
        competition.refresh_from_db()
        export_folder(competition, tmp_path / "b")
        again = import_folder(tmp_path / "b", host=make_user(), slug="again")
        Competition.objects.filter(pk=competition.pk).update(slug="gone")
        Competition.objects.filter(pk=again.pk).update(slug="birds")
        again.refresh_from_db()

        export_folder(again, tmp_path / "c")

        name = "competition.yaml"
        assert (tmp_path / "c" / name).read_bytes() == (
            tmp_path / "b" / name
        ).read_bytes()


@pytest.mark.django_db
class TestCommand:
    def run(self, capsys, *arguments):
        code = 0
        try:
            call_command("export_competition", *map(str, arguments))
        except SystemExit as end:
            code = end.code
        told = capsys.readouterr()
        return code, told.out, told.err

    def test_says_what_it_wrote(self, tmp_path, capsys):
        given.imported(tmp_path / "a", given.FILES)

        done = self.run(capsys, "birds", tmp_path / "b")

        assert done == (0, f"Exported 8 files to {tmp_path / 'b'}\n", "")
        assert (tmp_path / "b/hidden/labels.csv").read_text() == given.LABELS

    def test_leaves_what_is_there(self, tmp_path, capsys):
        given.imported(tmp_path / "a", given.FILES)

        code, _, told = self.run(capsys, "birds", tmp_path / "a")

        assert code == 1 and "is there already" in told

    def test_refuses_what_is_no_folder(self, tmp_path, capsys):
        make_competition(slug="made", title="Made")

        assert "There is no" in self.run(capsys, "no-such", tmp_path / "b")[2]
        assert "was not made of a folder" in self.run(capsys, "made", tmp_path / "b")[2]
        assert not (tmp_path / "b").exists()


class TestWriteDocument:
    LETTERS = "ab Z09_.-+:,#'\"\\{}[]&*!|>%@`~?/\n\t\r\0\x85\xa0\u2028\ufeffé漢😀"
    WORDS = ("yes", "no", "null", "~", "", "true", "1", "0x1f", "1e3", ".inf", "-", " ")

    def value(self, draw, depth=0):
        kind = draw.randrange(8 if depth < 3 else 6)
        if kind == 0:
            return draw.choice(self.WORDS)
        if kind == 1:
            return "".join(draw.choices(self.LETTERS, k=draw.randrange(12)))
        if kind == 2:
            return draw.choice([0, -7, 2**62, True, False, None])
        if kind == 3:
            return draw.choice([0.1, -1e-9, 1e30, 2.5])
        if kind in (4, 5):
            return draw.choice(["a b", "tabular", "a, b", "a: b", "# x", "x #y"])
        if kind == 6:
            return [self.value(draw, depth + 1) for _ in range(draw.randrange(4))]
        keys = [self.value(draw, 3) for _ in range(draw.randrange(4))]
        keys = [each for each in keys if isinstance(each, str)]
        return {key: self.value(draw, depth + 1) for key in keys}

    def test_reads_back_as_the_same_whatever_it_holds(self):
        draw = Random(5)
        for _ in range(400):
            keys = ["title", "tags", "inputs", "prizes", "baselines", "limits", "a b"]
            data = {key: self.value(draw) for key in keys}

            written = read_yaml(write_document(data), "x")

            assert (written.data, written.faults) == (data, [])

    def test_writes_shares_as_they_are(self):
        text = write_document({"split": {"public": Decimal("0.40"), "seed": 7}})

        assert text == b"split: {public: 0.40, seed: 7}\n"
