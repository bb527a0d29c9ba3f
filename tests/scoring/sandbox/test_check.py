"""The check on public rows tells all that the run on hidden rows keeps to itself."""

import numpy as np
import pytest

from scoring.sandbox import check
from scoring.tensors import write_tensors
from tests.scoring.contracts import classes_contract
from tests.scoring.sandbox.model_rows import ROWS

pytestmark = pytest.mark.needs("sandbox")

THREE = classes_contract()


class TestCheck:
    def test_finds_nothing_wrong_with_an_honest_model(self, make_job):
        stages = []

        report = check(make_job("dense.keras", THREE), 10_000, stages.append)

        assert report.ok and report.problems == []
        assert stages == ["load", "predict", "repeat"]
        assert 0 < report.estimate.seconds < 10
        assert report.estimate.peak_mb >= report.usage.peak_mb

    def test_expects_more_rows_to_take_longer(self, make_job):
        few = check(make_job("single.tflite", THREE), ROWS)
        many = check(make_job("single.tflite", THREE), 1_000_000)

        assert many.estimate.seconds > few.estimate.seconds
        assert many.estimate.seconds > 1

    def test_says_that_the_whole_would_take_too_long(self, make_job):
        report = check(make_job("single.tflite", THREE, seconds=20), 10**9)

        ((reason, told),) = [each for each in report.problems if "time" in each[0]]
        assert reason == "time_limit"
        assert "1000000000 rows is likely to take" in told

    def test_counts_bad_rows_and_shows_the_first(self, make_job):
        ((reason, told),) = check(make_job("nan.zip", THREE), ROWS).problems

        assert reason == "bad_predictions"
        assert "300 row(s), counted from 0: row 0: [nan, nan, nan]" in told

    def test_tells_what_was_raised_and_printed(self, make_job):
        ((reason, told),) = check(make_job("asserts.zip", THREE), ROWS).problems
        report = check(make_job("talks.zip", THREE), ROWS)

        assert reason == "crashed" and "assertion failed" in told
        assert report.ok and report.printed.startswith("the first row is [")

    def test_tells_every_misfit_of_a_signature_at_once(self, make_job):
        contract = classes_contract(("a", "b"))

        ((reason, told),) = check(
            make_job("three_columns.keras", contract), ROWS
        ).problems

        assert reason == "wrong_signature"
        assert "x is (n, 4), the model takes" in told
        assert "it answers" in told and "where (n, 2) is due" in told

    def test_holds_a_file_of_predictions_against_the_ids(self, make_job, tmp_path):
        artifact, ids = tmp_path / "upload", tmp_path / "ids"
        artifact.write_text("id,a,b,c\n1,1,0,0\n2,0.5,0.6,0\n3,2,0,-1\n")
        write_tensors(ids, {"ids": np.array(["1", "2", "3"], dtype=object)})

        report = check(make_job(artifact, THREE, rows=3, ids=ids), 3)

        assert report.run is None
        assert [reason for reason, _ in report.problems] == ["bad_predictions"] * 2
        outside, apart = (told for _, told in report.problems)
        assert "1 row(s), counted from 0: row 2" in outside
        assert "1 row(s), counted from 0: row 1: 1.1" in apart

    def test_hands_back_good_predictions_for_they_were_read_whole(
        self, make_job, tmp_path
    ):
        artifact, ids = tmp_path / "upload", tmp_path / "ids"
        artifact.write_text("id,a,b,c\n2,0,0,1\n1,1,0,0\n")
        write_tensors(ids, {"ids": np.array(["1", "2"], dtype=object)})

        report = check(make_job(artifact, THREE, rows=2, ids=ids), 2)

        assert report.ok
        assert report.run.predictions.tolist() == [[1, 0, 0], [0, 0, 1]]
        assert check(make_job("dense.keras", THREE), ROWS).run is None
