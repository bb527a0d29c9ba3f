"""Each file that can be wrong, told with its row or line and what would be right."""

import pytest

from tests.competitions import folder_files as given

pytestmark = pytest.mark.django_db
YAML = "competition.yaml"


def file_case(name, content, where, message, case):
    return pytest.param({**given.FILES, name: content}, name, where, message, id=case)


def cell_case(old, new, message, case, name="hidden/test.csv"):
    return pytest.param(given.edited(old, new, name), name, "", message, id=case)


def label_case(old, new, message, case):
    return cell_case(old, new, message, case, "hidden/labels.csv")


PNG_HEAD = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
FILES = [
    *(
        pytest.param(given.without(page), page, "", "is missing", id=f"no {page}")
        for page in ("overview.md", "data.md", "evaluation.md", "rules.md", YAML)
    ),
    pytest.param(
        given.without("hidden/test.csv"),
        "hidden/test",
        "",
        ".parquet, .npz",
        id="no test",
    ),
    pytest.param(
        given.without("hidden/labels.csv"),
        "hidden/labels",
        "",
        "is missing",
        id="no labels",
    ),
    file_case("rules.md", " \n", "", "is empty", "empty page"),
    file_case("rules.md", b"Be\nf\xe4ir", "line 2", "is not UTF-8", "page in Latin-1"),
    file_case("starter.py", b"\xff\xfe", "line 1", "is not UTF-8", "starter in UTF-16"),
    file_case(
        "rules.md", "x" * 1_000_001, "", "more than 1,000,000 bytes", "long page"
    ),
    file_case("cover.png", bytes(5_000_001), "", "more than 5,000,000", "large cover"),
    file_case("cover.png", b"GIF89a", "", "is no whole PNG", "GIF as cover"),
    file_case("cover.png", PNG_HEAD, "", "is no whole PNG", "cut off cover"),
    file_case(YAML, b"title: \xff", "", "line 1 is not UTF-8", "yaml in Latin-1"),
    file_case(YAML, "- a\n- b\n", "", "must be a mapping", "yaml a list"),
    file_case(YAML, "", "", "must be a mapping", "yaml empty"),
    file_case("notes.txt", "x", "", "belongs to no part", "stray file"),
    file_case("hidden/extra.csv", "x", "", "belongs to no part", "stray hidden file"),
    file_case("files/data", "x", "", "word of Podium's own", "reserved path"),
    file_case("hidden/test.npz", given.npz(a=[1]), "", "stands beside", "two tests"),
    file_case("baselines/a.keras", "x", "", "under no baseline", "unlisted baseline"),
    cell_case("id,", "key,", "column 'id' is missing", "no id column"),
    cell_case("weight", "height", "column 'weight' is missing", "no such column"),
    cell_case("4.5,40", "long,40", "first in row 4 ('long')", "text for a number"),
    cell_case("\n2,2.5", "\n1,2.5", "stands in row 1 already", "doubled id"),
    cell_case("2,2.5,,lake", "2,2.5,,lake,x", "row 2 has 5 cells", "a cell too many"),
    file_case(
        "hidden/test.csv", "id,length,weight,place\n", "", "has no rows", "no rows"
    ),
    file_case("hidden/test.csv", "", "", "the file is empty", "empty table"),
    label_case(
        "8,gull\n", "", "1 id(s) ('8') of hidden/test.csv have no label", "a label less"
    ),
    label_case(
        "8,gull", "8,gull\n9,tern", "('9') are not in hidden/test.csv", "a label more"
    ),
    label_case("8,gull", "7,gull", "'7' of row 8 stands in row 7", "doubled label"),
    label_case("8,gull", "8,swan", "first in row 8 ('swan')", "unknown class"),
    label_case("8,gull", "8,", "first in row 8 ('')", "empty label"),
    label_case("kind", "sort", "column 'kind' is missing", "no target column"),
    cell_case(
        "gull",
        "swan",
        "first in row 1 ('swan')",
        "train of another kind",
        "files/train.csv",
    ),
    cell_case(
        "weight,",
        "",
        "row 1 has 5 cells",
        "train with a short header",
        "files/train.csv",
    ),
    pytest.param(
        {
            **given.without("hidden/labels.csv"),
            "hidden/labels.npz": given.npz(kind=["gull"] * 8),
        },
        "hidden/labels.npz",
        "",
        "must be a table",
        id="labels as arrays beside a table",
    ),
    pytest.param(
        {
            **given.with_lines("baselines: [{name: A, file: baselines/a.keras}]"),
            "baselines/a.keras": b"\x80\x04.",
        },
        "baselines/a.keras",
        "",
        "Python pickle",
        id="baseline of no kind",
    ),
    pytest.param(
        given.edited("{public: 0.5, seed: 7}", "column"),
        "hidden/labels.csv",
        "",
        "column 'split' is missing",
        id="no split column",
    ),
    pytest.param(
        {
            **given.edited("{public: 0.5, seed: 7}", "column"),
            "hidden/labels.csv": "id,kind,split\n"
            + "".join(f"{row},gull,public\n" for row in range(1, 8))
            + "8,tern,secret\n",
        },
        "hidden/labels.csv",
        "",
        "not 'secret'",
        id="unknown split",
    ),
    pytest.param(
        given.edited("accuracy", "roc_auc")
        | {"hidden/labels.csv": given.LABELS.replace("tern", "gull")},
        YAML,
        "metric (line 6)",
        "undefined on the public split",
        id="metric undefined on a split",
    ),
    pytest.param(
        {
            **given.edited("{public: 0.5, seed: 7}", "column"),
            "hidden/labels.csv": given.LABELS.replace("\n", ",private\n").replace(
                "kind,private", "kind,split"
            ),
        },
        YAML,
        "metric (line 6)",
        "public split: it has no rows",
        id="no public row",
    ),
]


class TestFaults:
    @pytest.mark.parametrize(("files", "file", "where", "message"), FILES)
    def test_of_a_file_are_told_alone(self, tmp_path, files, file, where, message):
        [fault] = given.faults_of(tmp_path, files)

        assert fault.file == file
        assert fault.where.startswith(where)
        assert message in fault.message

    def test_of_each_column_are_told(self, tmp_path):
        files = {
            **given.FILES,
            "hidden/test.csv": given.TEST.replace("1.5", "x").replace("70", "y"),
        }

        messages = [fault.message for fault in given.faults_of(tmp_path, files)]

        assert [message.split(":")[0] for message in messages] == [
            "column 'length'",
            "column 'weight'",
        ]

    def test_a_link_is_refused(self, tmp_path):
        secret = tmp_path / "secret"
        secret.write_text("labels of somebody else")
        folder = given.write_folder(tmp_path / "folder", given.FILES)
        (folder / "files" / "link.csv").symlink_to(secret)

        [fault] = given.faults_of(folder, {})

        assert (fault.file, "link" in fault.message) == ("files/link.csv", True)
