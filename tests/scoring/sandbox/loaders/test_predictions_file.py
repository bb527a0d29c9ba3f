import gzip
import io

import numpy as np
import pandas as pd
import pytest

from scoring import predictions
from scoring.artifact import identify
from scoring.errors import BadPredictions, SubmissionError, UnreadableFile
from scoring.sandbox import Job, Limits, predict
from scoring.sandbox.loaders import predictions_file
from scoring.tensors import write_tensors
from tests.scoring.contracts import (
    classes_contract,
    images_contract,
    multilabel_contract,
    values_contract,
)

IDS = ["7", "3", "5"]
THREE = classes_contract()
TWO = classes_contract(("no", "yes"))
LABELS = classes_contract(kind="labels")
FULL = "id,a,b,c\n3,0,1,0\n5,0,0,1\n7,1,0,0\n"


def read(data, contract=THREE, format="csv", ids=IDS, classes_suffice=False):
    data = data.encode() if isinstance(data, str) else data
    array = predictions_file.read(
        io.BytesIO(data), format, contract, ids, classes_suffice
    )
    return predictions.validate(array, contract, len(ids)).tolist()


def parquet(**columns):
    data = io.BytesIO()
    pd.DataFrame(columns).to_parquet(data, index=False)
    return data.getvalue()


def npz(**arrays):
    data = io.BytesIO()
    np.savez(data, **arrays)
    return data.getvalue()


class TestRead:
    @pytest.mark.parametrize(
        ("format", "data"),
        [
            ("csv", FULL),
            ("csv", "c,id,b,a\r\n1,5,0,0\r\n0,3,1,0\r\n0,7,0,1\r\n"),
            ("csv.gz", gzip.compress(FULL.encode(), mtime=0)),
            ("parquet", parquet(id=[3, 5, 7], a=[0, 0, 1], b=[1.0, 0, 0], c=[0, 1, 0])),
            ("npz", npz(p=np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]]))),
        ],
        ids=["csv", "csv in another order", "csv.gz", "parquet", "npz"],
    )
    def test_brings_the_rows_into_the_order_of_the_test_set(self, format, data):
        assert read(data, format=format) == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]

    @pytest.mark.parametrize(
        ("contract", "data", "expected"),
        [
            (TWO, "id,label\n7,0.75\n3,0\n5,1\n", [[0.25, 0.75], [1, 0], [0, 1]]),
            (TWO, "id,no,yes\n7,0,1\n3,1,0\n5,0,1\n", [[0, 1], [1, 0], [0, 1]]),
            (LABELS, "id,label\n7,c\n3,a\n5,b\n", [2, 0, 1]),
            (values_contract(), "id,y\n7,-1e3\n3,2\n5,0.5\n", [[-1000], [2], [0.5]]),
            (
                values_contract(2, ["u", "v"]),
                "v,u,id\n1,2,7\n3,4,3\n5,6,5\n",
                [[2, 1], [4, 3], [6, 5]],
            ),
            (
                multilabel_contract(),
                "id,m,n\n7,0.1,0.2\n3,0,0\n5,1,1\n",
                [[0.1, 0.2], [0, 0], [1, 1]],
            ),
        ],
        ids=["one of two", "both of two", "classes", "a value", "values", "multilabel"],
    )
    def test_takes_the_columns_of_each_kind(self, contract, data, expected):
        assert read(data, contract) == expected

    def test_takes_classes_where_every_metric_does(self):
        data = "id,label\n7,c\n3,a\n5,b\n"

        assert read(data, classes_suffice=True) == [[0, 0, 1], [1, 0, 0], [0, 1, 0]]
        with pytest.raises(BadPredictions, match="columns are not those expected"):
            read(data)

    def test_names_the_rows_of_arrays_by_their_index(self):
        data = "id,labels\n1,0.5\n0,0.25\n"

        assert read(data, images_contract(), ids=["0", "1"])[0] == [0.75, 0.25]

    @pytest.mark.parametrize(
        ("data", "told"),
        [
            ("id,a,b,c\n3,0,1,0\n7,1,0,0\n", "got 2. 1 id(s) missing: 5."),
            (FULL + "8,1,0,0\n", "got 4. 1 id(s) unknown: 8."),
            (FULL + "7,1,0,0\n", "got 4. 1 id(s) doubled: 7."),
            (FULL.replace("7,", "7.0,"), "1 id(s) missing: 7. 1 id(s) unknown: 7.0."),
            ("id,a,b,c\n", "got 0. 3 id(s) missing: 7, 3, 5."),
            ("id,a,b\n7,0,1\n3,0,1\n5,0,1\n", "Missing: c."),
            (FULL.replace("c", "d", 1), "Missing: c. Unknown: d."),
            ("key,a,b,c\n7,1,0,0\n", "The columns are key, a, b, c."),
            (FULL.replace("0,0,1", "0,,1"), "1 cell(s) are empty, the first in row 2"),
            (FULL.replace("0,0,1", "0,x,1"), "1 cell(s) are not numbers"),
            (FULL.replace("0,0,1", "0,nan,1"), "1 cell(s) are not numbers"),
            (FULL.replace("0,0,1", "0,0,2"), "row 2: [0., 0., 2.]"),
        ],
        ids=range(12),
    )
    def test_counts_what_is_wrong_in_the_detail_alone(self, data, told):
        with pytest.raises(BadPredictions) as caught:
            read(data)

        assert told in caught.value.detail
        assert not set("23456789") & set(caught.value.message)

    @pytest.mark.parametrize(
        ("format", "data"),
        [
            ("csv", "id,a,b,c\n7,1,0\n"),
            ("csv", b"id,a\n\xff,1\n"),
            ("csv.gz", gzip.compress(FULL.encode(), mtime=0)[:-9]),
            ("parquet", parquet(id=[1])[:-30] + b"PAR1"),
            ("npz", npz(p=np.array([{}], dtype=object))),
        ],
        ids=["ragged", "not UTF-8", "cut", "damaged parquet", "pickles"],
    )
    def test_says_that_a_file_is_unreadable(self, format, data):
        with pytest.raises(UnreadableFile, match="not readable as"):
            read(data, format=format)

    def test_wants_one_array(self):
        with pytest.raises(BadPredictions, match="exactly one array"):
            read(npz(p=np.zeros(3), q=np.zeros(3)), format="npz")


@pytest.mark.needs("sandbox")
class TestConfined:
    """The same through the sandbox, where a worker sends every file."""

    def job(self, tmp_path, data, contract=THREE, **limits):
        artifact, ids = tmp_path / "upload", tmp_path / "ids"
        artifact.write_bytes(data if isinstance(data, bytes) else data.encode())
        write_tensors(ids, {"ids": np.array(IDS, dtype=object)})
        settings = {"seconds": 20, "memory_mb": 500, "file_mb": 10, **limits}
        return Job(
            artifact,
            identify(artifact),
            contract,
            tmp_path / "no inputs",
            len(IDS),
            Limits(**settings),
            ids=ids,
            scratch=tmp_path / "scratch",
        )

    @pytest.mark.parametrize(
        "data",
        [
            FULL,
            gzip.compress(FULL.encode(), mtime=0),
            parquet(id=[3, 5, 7], a=[0, 0, 1], b=[1.0, 0, 0], c=[0, 1, 0]),
            npz(p=np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]])),
        ],
        ids=["csv", "csv.gz", "parquet", "npz"],
    )
    def test_reads_every_format_behind_the_walls(self, tmp_path, data):
        stages = []

        run = predict(self.job(tmp_path, data), stages.append)

        assert run.predictions.tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
        assert stages == ["load"]
        assert run.usage.seconds < 20 and run.usage.peak_mb < 500

    def test_tells_counts_apart_from_the_fixed_sentence(self, tmp_path):
        with pytest.raises(BadPredictions) as caught:
            predict(self.job(tmp_path, FULL + "8,1,0,0\n"))

        assert caught.value.message == predictions_file.WRONG_IDS
        assert "unknown: 8" in caught.value.detail
        assert caught.value.usage.seconds > 0

    def test_stops_a_file_that_grows_in_memory(self, tmp_path):
        bomb = io.BytesIO()
        np.savez_compressed(bomb, p=np.zeros((3, 12_000_000)))

        with pytest.raises(SubmissionError) as caught:
            predict(self.job(tmp_path, bomb.getvalue(), memory_mb=200))

        assert caught.value.reason == "memory_limit"

    def test_stops_text_that_grows_in_memory(self, tmp_path):
        data = gzip.compress(b"id,a,b,c\n" + b"1,2,3,4\n" * 3_000_000, 1)

        with pytest.raises(SubmissionError) as caught:
            predict(self.job(tmp_path, data, memory_mb=100))

        assert caught.value.reason == "memory_limit"
