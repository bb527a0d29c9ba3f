"""The rows on which a file is checked: which they are, and that they are made once."""

import numpy as np
import pytest

from competitions import sample
from competitions.models import PublicSample
from podium.common.files import store_bytes
from scoring.errors import UnreadableFile
from scoring.tensors import open_tensors
from tests.competitions.folder_files import (
    FILES,
    TRAIN,
    image_files,
    imported,
    npz,
    with_lines,
)
from tests.factories import make_competition, make_submission, make_team

pytestmark = pytest.mark.django_db


def inputs_of(competition) -> dict:
    return open_tensors(sample.sample_of(competition).inputs.local_path())


class TestIsThere:
    def test_needs_training_rows_or_a_sample_of_the_hosts(self):
        assert not sample.is_there(make_competition())
        assert not sample.is_there(make_competition(test_path="test.csv"))
        assert sample.is_there(make_competition(train_path="train.csv"))
        assert sample.is_there(make_competition(sample={"inputs": "a", "labels": "b"}))


class TestSampleOf:
    def test_is_the_first_200_training_rows(self, tmp_path):
        header, row, _ = TRAIN.splitlines()
        rows = [row.replace("11,1.5", f"{n},{n}.5") for n in range(250)]
        files = {**FILES, "files/train.csv": "\n".join([header, *rows]) + "\n"}

        competition = imported(tmp_path, files)

        assert sample.sample_of(competition).rows == 200
        size = inputs_of(competition)["size"]
        assert size.shape == (200, 2)
        assert size[-1].tolist() == [199.5, 10]

    def test_is_what_the_host_declares_whole(self, tmp_path):
        files = with_lines(
            "sample: {inputs: files/few.csv, labels: files/few_labels.csv}"
        )
        files["files/few.csv"] = "id,length,weight,place\n1,7.5,9,moor\n"
        files["files/few_labels.csv"] = "id,kind\n1,gull\n"

        found = inputs_of(imported(tmp_path, files))

        assert found["place"].tolist() == [["moor"]]

    def test_of_arrays_is_of_those_that_the_inputs_name(self, tmp_path):
        files = image_files()
        files["competition.yaml"] += "train: files/train.npz\n"
        images = np.arange(250 * 4, dtype=np.uint8).reshape(250, 2, 2)
        labels = np.zeros(250, dtype=np.uint8)
        files["files/train.npz"] = npz(images=images, labels=labels)

        found = inputs_of(imported(tmp_path, files))

        assert list(found) == ["image"]
        assert np.array_equal(found["image"], images[:200].astype(np.float32))

    def test_is_made_once_for_the_same_files_and_contract(self, tmp_path):
        competition = imported(tmp_path, FILES)

        first = sample.sample_of(competition)
        assert sample.sample_of(competition) == first
        competition.contract["inputs"]["size"]["columns"].reverse()
        assert sample.sample_of(competition) != first

        assert PublicSample.objects.count() == 2


class TestJob:
    def test_feeds_a_model_the_sample_and_never_a_hidden_row(self, tmp_path):
        competition = imported(tmp_path, FILES, publish=True)
        submission = make_submission(make_team(competition))

        job = sample.job(submission)

        assert job.rows == 2
        assert job.inputs == sample.sample_of(competition).inputs.local_path()
        assert job.inputs != competition.hidden_test_set.inputs.local_path()

    def test_holds_a_file_of_predictions_against_the_ids_of_the_test(self, tmp_path):
        files = image_files()
        files["competition.yaml"] += "train: files/train.npz\n"
        files["files/train.npz"] = npz(
            images=np.zeros((3, 2, 2), dtype=np.uint8),
            labels=np.zeros(3, dtype=np.uint8),
        )
        competition = imported(tmp_path, files, publish=True)
        submission = make_submission(make_team(competition), format="csv")

        job = sample.job(submission)

        assert job.rows == competition.hidden_test_set.rows
        assert job.ids == competition.hidden_test_set.ids.local_path()

    def test_says_of_what_kind_a_strange_file_is(self, tmp_path):
        competition = imported(tmp_path, FILES, publish=True)
        nothing = store_bytes(b"\x00\x01 no model")
        submission = make_submission(
            make_team(competition), format="", artifact=nothing
        )

        with pytest.raises(UnreadableFile):
            sample.job(submission)
