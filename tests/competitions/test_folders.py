"""Each key that can be wrong, told with its line and what would be right."""

import pytest

from competitions.folders import FolderFaults, import_folder
from podium.datasets.models import Dataset
from tests.competitions import folder_files as given
from tests.factories import make_competition, make_user

pytestmark = pytest.mark.django_db
YAML = "competition.yaml"


def yaml_case(old, new, where, message, name):
    return pytest.param(given.edited(old, new), where, message, id=name)


def line_case(line, where, message, name):
    return pytest.param(given.with_lines(line), where, message, id=name)


KEYS = [
    yaml_case("podium: 1", "podium: 2", "podium (line 1)", "must be 1", "version"),
    yaml_case("podium: 1\n", "", "podium", "is missing", "no version"),
    yaml_case("title: Which bird is it?\n", "", "title", "is missing", "no title"),
    yaml_case(
        "Which bird is it?", "1984", "title (line 3)", "must be text", "title a number"
    ),
    yaml_case("Which bird is it?", '" "', "title (line 3)", "is empty", "empty title"),
    yaml_case(
        "Which bird is it?", '"a\\0b"', "title (line 3)", "control characters", "NUL"
    ),
    yaml_case(
        "birds", "Birds", "slug (line 2)", "lower-case letters", "slug in capitals"
    ),
    yaml_case(
        "birds", "a/b", "slug (line 2)", "lower-case letters", "slug with a slash"
    ),
    yaml_case(
        "birds", "download-all", "slug (line 2)", "choose another", "slug reserved"
    ),
    yaml_case("00Z", "00", "opens_at (line 4)", "has no offset", "time without offset"),
    yaml_case(
        "2026-01-01T00:00:00Z",
        "2026-02-30T00:00:00Z",
        "opens_at (line 4)",
        "no time that exists",
        "30 February",
    ),
    yaml_case(
        "2026-01-01T00:00:00Z",
        "soon",
        "opens_at (line 4)",
        "is no time",
        "a word for a time",
    ),
    line_case(
        "closes_at: 2025-01-01T00:00:00Z",
        "closes_at (line 15)",
        "must be after opens_at",
        "closing before opening",
    ),
    line_case(
        "closes_at: 2026-03-01T00:00:00Z\nteam_deadline: 2026-04-01T00:00:00Z",
        "team_deadline (line 16)",
        "must not be after closes_at",
        "deadline after closing",
    ),
    line_case(
        "entry_deadline: 2025-12-31T23:59:59Z",
        "entry_deadline (line 15)",
        "must be after opens_at",
        "deadline before opening",
    ),
    line_case("late: yes", "late (line 15)", "must be true or false", "yes for true"),
    line_case("late: True", "late (line 15)", "must be true or false", "True for true"),
    line_case(
        "finals: 1\nfinals: 2",
        "finals (line 16)",
        "stands in line 15 already",
        "doubled key",
    ),
    line_case(
        "limits: {seconds: 1, seconds: 2}",
        "limits.seconds (line 15)",
        "keep one of them",
        "doubled key inside",
    ),
    line_case("finale: 2", "finale (line 15)", "did you mean finals?", "unknown key"),
    line_case(
        "limits: {minutes: 2}",
        "limits.minutes (line 15)",
        "no known key",
        "unknown limit",
    ),
    line_case(
        "limits: {seconds: 0}", "limits.seconds (line 15)", "at least 1", "no seconds"
    ),
    line_case(
        "limits: {seconds: 1.5}",
        "limits.seconds (line 15)",
        "whole number",
        "half seconds",
    ),
    line_case("quota: 5", "quota (line 15)", "must be a mapping", "quota a number"),
    line_case(
        "time_zone: Mars", "time_zone (line 15)", "no time zone", "unknown time zone"
    ),
    line_case("device: tpu", "device (line 15)", "must be cpu, gpu or any", "device"),
    line_case(
        "visibility: hidden",
        "visibility (line 15)",
        "must be public, invited or private",
        "visibility",
    ),
    line_case("tags: [a, a]", "tags (line 15)", "more than once", "doubled tag"),
    line_case(
        "feedback: {digits: 0}", "feedback.digits (line 15)", "at least 1", "digits"
    ),
    line_case(
        "prizes: [{kind: cup}]", "prizes[0].text (line 15)", "is missing", "prize"
    ),
    yaml_case("[model]", "[]", "accepts (line 5)", "at least 1", "accepts nothing"),
    yaml_case(
        "[model]",
        "[code]",
        "accepts[0] (line 5)",
        "model or predictions",
        "accepts code",
    ),
    yaml_case(
        "[model]",
        "[model, predictions]",
        "test",
        "is missing",
        "predictions without test",
    ),
    yaml_case(
        "accuracy", "glory", "metric (line 6)", "the metrics are", "unknown metric"
    ),
    yaml_case(
        "accuracy", "rmse", "metric (line 6)", "what fits: accuracy", "wrong metric"
    ),
    yaml_case("metric: accuracy\n", "", "metric", "is missing", "no metric"),
    yaml_case(
        "accuracy",
        "{key: accuracy, beta: 2}",
        "metric (line 6)",
        "no parameter 'beta'",
        "parameter of a metric",
    ),
    line_case(
        "metrics: [log_loss]",
        "metric (line 6)",
        "leave metric out",
        "two ranking metrics",
    ),
    yaml_case(
        "0.5", "0", "split.public (line 7)", "above 0 and at most 1", "no public row"
    ),
    yaml_case(
        "0.5", "1.01", "split.public (line 7)", "at most 1", "more than all public"
    ),
    yaml_case(
        "0.5", "half", "split.public (line 7)", "must be a number", "half in words"
    ),
    yaml_case(
        "seed: 7", "seed: x", "split.seed (line 7)", "whole number", "seed a word"
    ),
    yaml_case(
        "{public: 0.5, seed: 7}", "row", "split (line 7)", "must be column", "split"
    ),
    yaml_case(
        "dtype: string", "dtype: text", "inputs.place.dtype", "must be one of", "dtype"
    ),
    yaml_case("[gull, tern]", "[gull]", "output.classes", "at least two", "one class"),
    yaml_case(
        "[gull, tern]",
        "[1, '1']",
        "output.classes",
        "different",
        "classes of equal text",
    ),
    yaml_case("target: kind\n", "", "target", "is missing", "no target"),
    yaml_case("id: id\n", "", "id", "tables need a key column", "no id"),
    yaml_case(
        "[place]", "[kind]", "inputs.place", "which is the target", "label as input"
    ),
    yaml_case(
        "files/train.csv",
        "train.csv",
        "train (line 10)",
        "begins with files/",
        "train outside",
    ),
    yaml_case(
        "files/train.csv",
        "files/../hidden/labels.csv",
        "train (line 10)",
        ". or ..",
        "train through ..",
    ),
    yaml_case(
        "files/train.csv",
        "files/no.csv",
        "train (line 10)",
        "not in the folder",
        "no train",
    ),
    line_case(
        "sample: {inputs: files/a.csv, labels: files/b.csv}",
        "sample.inputs (line 15)",
        "not in the folder",
        "no sample",
    ),
    line_case(
        "baselines: [{name: A, file: baselines/a.keras}]",
        "baselines[0].file (line 15)",
        "not in the folder",
        "no baseline",
    ),
    line_case(
        "baselines: [{name: A, file: files/train.csv}]",
        "baselines[0].file (line 15)",
        "begins with baselines/",
        "baseline elsewhere",
    ),
    line_case("x: !!binary aGk=", "x (line 15)", "leave it out", "a tag"),
    line_case("x: [", "line 16", "this is not YAML", "no YAML"),
]


class TestFaults:
    @pytest.mark.parametrize(("files", "where", "message"), KEYS)
    def test_of_a_key_are_told_with_its_line(self, tmp_path, files, where, message):
        faults = given.faults_of(tmp_path, files)

        assert any(
            fault.file == YAML
            and fault.where.startswith(where)
            and message in fault.message
            for fault in faults
        ), faults

    def test_are_told_all_at_once(self, tmp_path):
        files = given.edited("title: Which bird is it?", "titel: 5") | {
            "hidden/labels.csv": given.LABELS.replace("8,gull", "9,swan"),
            "hidden/test.csv": given.TEST.replace("1.5", "x").replace("70", "y"),
            "files/train.csv": given.TRAIN.replace("tern", "crow"),
            "notes.txt": "stray",
        }
        del files["rules.md"]
        files[YAML] += "late: yes\nlimits: {seconds: -1}\nmetrics: [mae]\n"

        told = {(fault.file, fault.where) for fault in given.faults_of(tmp_path, files)}

        assert told == {
            (YAML, "title"),
            (YAML, "titel (line 3)"),
            (YAML, "late (line 15)"),
            (YAML, "limits.seconds (line 16)"),
            (YAML, "metric (line 6)"),
            (YAML, "metrics[0] (line 17)"),
            ("rules.md", ""),
            ("notes.txt", ""),
            ("hidden/test.csv", ""),
            ("hidden/labels.csv", ""),
            ("files/train.csv", ""),
        }

    def test_read_as_file_place_and_message(self, tmp_path):
        [fault] = given.faults_of(tmp_path, given.with_lines("late: yes"))

        assert str(fault) == "competition.yaml, late (line 15): must be true or false"

    def test_nothing_of_a_missing_path_is_imported(self, tmp_path):
        with pytest.raises(FolderFaults, match="neither a folder nor a readable zip"):
            import_folder(tmp_path / "nowhere", host=make_user())


class TestSlug:
    def test_that_exists_is_refused_with_the_way_out(self, tmp_path):
        make_competition(slug="birds")
        given.write_folder(tmp_path, given.FILES)

        with pytest.raises(FolderFaults, match="already: name another with --slug"):
            import_folder(tmp_path, host=make_user())

    def test_can_be_named_anew(self, tmp_path):
        make_competition(slug="birds")
        given.write_folder(tmp_path, given.FILES)

        competition = import_folder(tmp_path, host=make_user(), slug="more-birds")

        assert competition.slug == "more-birds"
        assert competition.dataset_version.dataset.slug == "more-birds"

    @pytest.mark.parametrize("slug", ["pages", "No", "-", ""])
    def test_named_anew_must_be_right_as_well(self, tmp_path, slug):
        [fault] = given.faults_of(tmp_path, given.FILES, slug=slug)

        assert fault.file == "--slug"

    def test_of_a_dataset_of_the_host_is_taken(self, tmp_path):
        host = make_user()
        Dataset.objects.create(owner=host, slug="birds", title="Mine")
        given.write_folder(tmp_path, given.FILES)

        with pytest.raises(FolderFaults, match="has a dataset 'birds' already"):
            import_folder(tmp_path, host=host)
