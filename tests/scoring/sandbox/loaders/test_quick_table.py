"""The quick way reads what the careful way reads, or leaves it to that one."""

import gc
import gzip
import io

import numpy as np
import pandas as pd
import pytest

from scoring.sandbox.loaders import predictions_file, quick_table
from scoring.tensors import open_strings, write_tensors
from tests.scoring.contracts import (
    classes_contract,
    multilabel_contract,
    values_contract,
)

IDS = ["7", "3", "5"]
THREE = classes_contract()
FULL = "id,a,b,c\n3,0,1,0\n5,0.1,0.2,0.7\n7,1,0,0\n"


@pytest.fixture
def ids(tmp_path):
    write_tensors(tmp_path / "ids", {"ids": np.array(IDS, dtype=object)})
    return open_strings(tmp_path / "ids", "ids")


def parquet(**columns):
    data = io.BytesIO()
    pd.DataFrame(columns).to_parquet(data, index=False)
    return data.getvalue()


class TestRead:
    @pytest.mark.parametrize(
        ("format", "data", "contract"),
        [
            ("csv", FULL.encode(), THREE),
            ("csv", b"\xef\xbb\xbf" + FULL.replace("\n", "\r\n").encode(), THREE),
            ("csv", b'c,"id",a,b\n1e-1,"7",.5,+0.4\n0,5,1,0\n0,3,1,0\n', THREE),
            ("csv.gz", gzip.compress(FULL.encode(), mtime=0), THREE),
            ("parquet", parquet(id=[3, 5, 7], a=[1, 0, 0], b=[0.0, 1, 0], c=[0, 0, 1]),
             THREE),
            ("csv", b"id,y\n5,0.1\n7,-3\n3,1e300\n", values_contract()),
            ("csv", b"id,n,m\n5,0.1,1\n7,0,0\n3,1,0.25\n", multilabel_contract()),
            ("csv", b"id,label\n5,0.1\n7,0\n3,1\n", classes_contract("ab")),
            ("csv", b"id,label\n5,0.1\n7,0\n3,1\n", classes_contract("ab", "scores")),
            ("csv", b"id,b,a\n5,0.1,.9\n7,0,1\n3,1,0\n", classes_contract("ab")),
        ],
    )  # fmt: skip
    def test_gives_the_same_bits_as_the_careful_way(self, ids, format, data, contract):
        quick = quick_table.read(io.BytesIO(data), format, contract, ids)
        careful = predictions_file.read(io.BytesIO(data), format, contract, IDS, False)

        assert quick.tobytes() == careful.tobytes()

    @pytest.mark.parametrize(
        "data",
        [
            FULL + "7,1,0,0\n",
            FULL.replace("7,", "8,"),
            FULL.replace("7,", "5,"),
            FULL.replace("0.1", ""),
            FULL.replace("0.1", "nan"),
            FULL.replace("0.1", "1_0"),
            FULL.replace("0.1", "x"),
            FULL.replace("c\n", "c,d\n", 1),
            FULL.replace("c\n", "b\n", 1),
            "id,label\n3,a\n5,b\n7,c\n",
            "id,a,b,c\n3,0,1\n",
            "",
        ],
        ids=range(12),
    )
    def test_leaves_every_doubt_to_the_careful_way(self, ids, data):
        found = quick_table.read(io.BytesIO(data.encode()), "csv", THREE, ids)

        assert found is None

    @pytest.mark.parametrize("format", ["csv", "csv.gz", "parquet"])
    def test_leaves_the_file_open_for_the_careful_way(self, ids, format):
        text = FULL.replace("7,", "8,").encode()
        table = parquet(id=[3, 5], a=[1, 0], b=[0.0, 1], c=[0, 0])
        whole = {"csv": text, "csv.gz": gzip.compress(text), "parquet": table}
        file = io.BytesIO(whole[format])

        assert quick_table.read(file, format, THREE, ids) is None
        gc.collect()

        assert not file.closed

    def test_leaves_a_cut_file_to_the_careful_way(self, ids):
        cut = io.BytesIO(gzip.compress(FULL.encode())[:-12])

        assert quick_table.read(cut, "csv.gz", THREE, ids) is None

    def test_leaves_classes_to_the_careful_way(self, ids):
        contract = classes_contract(kind="labels")
        data = b"id,label\n3,a\n5,b\n7,c\n"

        assert quick_table.read(io.BytesIO(data), "csv", contract, ids) is None
