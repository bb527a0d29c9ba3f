"""The hidden test set of an import: typed inputs, joined labels, the split."""

import io
from decimal import ROUND_FLOOR, Decimal
from hashlib import sha256

import numpy as np
import pandas as pd
import pytest

from competitions import hidden
from scoring.tensors import open_tensors
from tests.competitions import folder_files as given

pytestmark = [pytest.mark.django_db, pytest.mark.services]


def labels_of(competition):
    return hidden.labels(competition.hidden_test_set)


class TestHiddenTestSet:
    def test_inputs_are_typed_and_missing_cells_stay_missing(self, tmp_path):
        competition = given.imported(tmp_path, given.FILES)

        kept = competition.hidden_test_set
        arrays = open_tensors(kept.inputs.local_path())
        assert arrays["size"].dtype == np.float32 and arrays["size"].shape == (8, 2)
        assert np.isnan(arrays["size"][1, 1]) and arrays["size"][2].tolist() == [
            3.5,
            30,
        ]
        assert arrays["place"].ravel().tolist()[:4] == ["sea", "lake", "sea", ""]
        assert open_tensors(kept.ids.local_path())["ids"].tolist() == list("12345678")

    def test_labels_are_in_another_file_than_inputs_and_ids(self, tmp_path):
        kept = given.imported(tmp_path, given.FILES).hidden_test_set

        assert {"y", "split"}.isdisjoint(open_tensors(kept.inputs.local_path()))
        assert {"y", "split"}.isdisjoint(open_tensors(kept.ids.local_path()))
        assert len({kept.inputs, kept.ids, kept.labels}) == 3

    def test_labels_in_another_order_are_joined_by_id(self, tmp_path):
        head, *rows = given.LABELS.splitlines()
        turned = "\n".join([head, *reversed(rows)]) + "\n"

        first = given.imported(tmp_path / "a", given.FILES)
        second = given.imported(
            tmp_path / "b", {**given.FILES, "hidden/labels.csv": turned}, slug="turned"
        )

        assert labels_of(first).y.tolist() == [0, 1, 0, 1, 0, 1, 0, 0]
        assert labels_of(second).y.tolist() == labels_of(first).y.tolist()
        assert labels_of(second).split.tolist() == labels_of(first).split.tolist()

    def test_digest_is_that_of_the_files_as_they_came(self, tmp_path):
        kept = given.imported(tmp_path, given.FILES).hidden_test_set

        lines = "".join(
            f"{sha256(given.FILES[f'hidden/{name}'].encode()).hexdigest()}  {name}\n"
            for name in ("labels.csv", "test.csv")
        )
        assert kept.digest == sha256(lines.encode()).hexdigest()

    def test_parquet_and_gzip_give_the_same_rows(self, tmp_path):
        table, gzipped = io.BytesIO(), io.BytesIO()
        frame = pd.read_csv(io.StringIO(given.TEST), dtype={"id": int})
        frame.to_parquet(table)
        pd.read_csv(io.StringIO(given.LABELS)).to_csv(
            gzipped, index=False, compression="gzip"
        )
        files = {
            path: text for path, text in given.FILES.items() if "hidden" not in path
        }

        plain = given.imported(tmp_path / "a", given.FILES)
        other = given.imported(
            tmp_path / "b",
            {
                **files,
                "hidden/test.parquet": table.getvalue(),
                "hidden/labels.csv.gz": gzipped.getvalue(),
            },
            slug="other",
        )

        kept, wanted = other.hidden_test_set, plain.hidden_test_set
        assert kept.inputs == wanted.inputs  # one file: they are stored by content
        assert kept.labels == wanted.labels

    def test_classes_compare_as_their_text(self, tmp_path):
        files = given.edited("[gull, tern]", "[1, '0']") | {
            "hidden/labels.csv": given.LABELS.replace("gull", "1").replace("tern", "0"),
            "files/train.csv": given.TRAIN.replace("gull", "1").replace("tern", "0"),
        }

        competition = given.imported(tmp_path, files)

        assert competition.contract["output"]["classes"] == ["1", "0"]
        assert labels_of(competition).y.tolist() == [0, 1, 0, 1, 0, 1, 0, 0]

    def test_words_and_leading_zeros_stay_as_written(self, tmp_path):
        files = given.edited("[gull, tern]", "[01, no]") | {
            "hidden/labels.csv": given.LABELS.replace("gull", "01").replace(
                "tern", "no"
            ),
            "files/train.csv": given.TRAIN.replace("gull", "01").replace("tern", "no"),
        }

        assert given.imported(tmp_path, files).contract["output"]["classes"] == [
            "01",
            "no",
        ]


class TestSplit:
    @pytest.mark.parametrize(
        ("share", "seed"), [("0.5", 7), ("0.3", 7), ("0.3", -1), ("1", 0), ("0.125", 3)]
    )
    def test_by_seed_is_what_a_plain_script_makes_of_the_rule(
        self, tmp_path, share, seed
    ):
        files = given.edited(
            "{public: 0.5, seed: 7}", f"{{public: {share}, seed: {seed}}}"
        )

        competition = given.imported(tmp_path, files)

        wanted = {}
        rows = [line.split(",") for line in given.LABELS.splitlines()[1:]]
        for kind in ("gull", "tern"):
            group = [row for row, its_kind in rows if its_kind == kind]
            group.sort(key=lambda row: sha256(f"{seed}:{row}".encode()).digest())
            count = (Decimal(share) * len(group) + Decimal("0.5")).to_integral_value(
                ROUND_FLOOR
            )
            wanted |= {row: 0 if n < count else 1 for n, row in enumerate(group)}
        labels, kept = labels_of(competition), competition.hidden_test_set
        assert dict(zip(labels.ids, labels.split.tolist(), strict=True)) == wanted
        assert (kept.rows, kept.public_rows) == (8, list(wanted.values()).count(0))
        assert kept.private_rows == list(wanted.values()).count(1)
        assert competition.split == {"public": share, "seed": seed}

    def test_by_column_keeps_ignored_rows_out_of_the_counts(self, tmp_path):
        marks = ["public"] * 3 + ["private"] * 4 + ["ignored"]
        head, *rows = given.LABELS.splitlines()
        files = given.edited("{public: 0.5, seed: 7}", "column") | {
            "hidden/labels.csv": "\n".join(
                [
                    f"{head},split",
                    *(f"{row},{mark}" for row, mark in zip(rows, marks, strict=True)),
                ]
            )
        }

        competition = given.imported(tmp_path, files)

        kept = competition.hidden_test_set
        assert labels_of(competition).split.tolist() == [0, 0, 0, 1, 1, 1, 1, 2]
        assert (kept.rows, kept.public_rows, kept.private_rows) == (8, 3, 4)
        assert competition.split == "column"


class TestPredictions:
    def test_arrays_are_accepted_with_an_equal_test(self, tmp_path):
        competition = given.imported(tmp_path, given.image_files())

        labels = labels_of(competition)
        assert labels.y.tolist() == [0, 1] * 6
        assert (
            labels.split == 0
        ).sum() == 4  # of each six, floor(1.5 + 0.5) are public
        assert (competition.test_path, competition.accepts) == (
            "test.npz",
            ["model", "predictions"],
        )
        images = open_tensors(competition.hidden_test_set.inputs.local_path())["image"]
        assert images.shape == (12, 2, 2) and images.dtype == np.float32

    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            pytest.param("5,5.5,50", "5,5.5,51", "1 cell(s) differ", id="one cell"),
            pytest.param("2,2.5,,", "2,2.5,0,", "row 2, weight", id="a missing cell"),
            pytest.param("\n8,", "\n9,", "must have the same rows", id="other id"),
            pytest.param(
                "1,1.5,10,sea\n2,2.5,,lake",
                "2,2.5,,lake\n1,1.5,10,sea",
                "order",
                id="order",
            ),
            pytest.param("place", "spot", "column 'place' is missing", id="no column"),
        ],
    )
    def test_test_must_equal_the_hidden_inputs(self, tmp_path, old, new, message):
        files = given.edited("[model]", "[predictions]\ntest: files/test.csv")
        public = given.TEST.replace(old, new)
        assert public != given.TEST

        faults = given.faults_of(tmp_path, {**files, "files/test.csv": public})

        assert [fault.file for fault in faults] == ["files/test.csv"]
        assert message in faults[0].message

    def test_test_may_be_in_another_format(self, tmp_path):
        files = given.edited("[model]", "[predictions]\ntest: files/test.parquet")
        table = io.BytesIO()
        pd.read_csv(io.StringIO(given.TEST)).to_parquet(table)

        competition = given.imported(
            tmp_path, {**files, "files/test.parquet": table.getvalue()}
        )

        assert competition.accepts == ["predictions"]

    def test_arrays_that_differ_in_one_pixel_are_told(self, tmp_path):
        images = np.arange(12 * 4, dtype=np.uint8).reshape(12, 2, 2)
        images[7, 1, 0] += 1

        [fault] = given.faults_of(
            tmp_path,
            {**given.image_files(), "files/test.npz": given.npz(images=images)},
        )

        assert "1 cell(s) differ" in fault.message and "row 8, images" in fault.message

    def test_a_label_less_than_images_is_told(self, tmp_path):
        labels = given.npz(labels=np.array([0, 1] * 5, dtype=np.uint8))

        [fault] = given.faults_of(
            tmp_path, {**given.image_files(), "hidden/labels.npz": labels}
        )

        assert "has 10 labels for the 12 rows" in fault.message
