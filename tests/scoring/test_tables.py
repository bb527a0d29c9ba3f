import gzip
import zipfile

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from scoring import tables
from scoring.contract import Contract
from scoring.errors import ContractError
from tests.scoring.contracts import (
    classes_contract,
    images_contract,
    multilabel_contract,
    values_contract,
)


def csv_file(tmp_path, text, name="table.csv"):
    path = tmp_path / name
    data = text if isinstance(text, bytes) else text.encode()
    path.write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    return path


def contract_of(dtype, *names):
    return Contract.from_dict(
        {
            "inputs": {"x": {"columns": list(names), "dtype": dtype}},
            "output": {"kind": "values"},
            "id": "id",
            "target": "y",
        }
    )


class TestReadOpenTable:
    """The first rows of a file of any format, and no more."""

    def first_rows(self, path, name, most):
        with path.open("rb") as file:
            return tables.read_open_table(file, tables.format_of(name), most_rows=most)

    @pytest.mark.parametrize("name", ["t.csv", "t.csv.gz", "t.parquet"])
    @pytest.mark.parametrize(("most", "left"), [(2, ["1", "2"]), (9, ["1", "2", "3"])])
    def test_of_a_table(self, tmp_path, name, most, left):
        path = tmp_path / name
        if name.endswith("parquet"):
            parquet.write_table(pa.table({"id": ["1", "2", "3"]}), path)
        else:
            path = csv_file(tmp_path, "id,a\n1,x\n2,y\n3,z\n", name)

        table = self.first_rows(path, name, most)

        assert table.rows == len(left)
        assert table.column("id").values.tolist() == left

    def test_of_arrays(self, tmp_path):
        path = tmp_path / "t.npz"
        np.savez(path, x=np.arange(6).reshape(3, 2))

        table = self.first_rows(path, "t.npz", 2)

        assert (table.rows, table.array("x").tolist()) == (2, [[0, 1], [2, 3]])


class TestReadTable:
    @pytest.mark.parametrize("name", ["t.csv", "t.csv.gz"])
    def test_reads_csv_with_quotes_and_line_breaks_in_cells(self, tmp_path, name):
        path = csv_file(tmp_path, 'id,text\n1,"a, ""b""\nc"\n2,ü\n', name)

        table = tables.read_table(path)

        assert table.rows == 2
        assert table.columns["text"].values.tolist() == ['a, "b"\nc', "ü"]

    def test_reads_many_rows_in_several_chunks(self, tmp_path):
        rows = tables.CHUNK_ROWS * 2 + 3
        path = csv_file(tmp_path, "id\n" + "".join(f"{n}\n" for n in range(rows)))

        values = tables.read_table(path).columns["id"].values

        assert values.tolist() == [str(n) for n in range(rows)]

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("", "empty"),
            ("a,b\n1\n", "row 1 has 1 cells; the header has 2"),
            ("a,b\n1,2\n1,2,3\n", "row 2 has 3 cells"),
            ("a,a\n1,2\n", "'a' stands there twice"),
            ("a,\n1,2\n", "column 2 has no name"),
            (b"a,b\n1,\xff\n", "not UTF-8"),
            ('a,b\n1,"2\n', "not CSV"),
        ],
    )
    def test_says_where_a_csv_is_wrong(self, tmp_path, text, told):
        with pytest.raises(ContractError, match=told):
            tables.read_table(csv_file(tmp_path, text))

    def test_says_that_gzip_is_cut_off(self, tmp_path):
        path = csv_file(tmp_path, "id\n" + "1234567\n" * 1000, "t.csv.gz")
        path.write_bytes(path.read_bytes()[:-20])

        with pytest.raises(ContractError, match="cut off"):
            tables.read_table(path)

    def test_reads_parquet_with_its_types(self, tmp_path):
        path = tmp_path / "t.parquet"
        columns = {
            "id": [3, 1],
            "x": [1.5, None],
            "name": ["NA", ""],
            "flag": [True, False],
            "kind": pa.array(["u", "v"]).dictionary_encode(),
        }
        parquet.write_table(pa.table(columns), path)

        table = tables.read_table(path)

        assert table.columns["x"].missing.tolist() == [False, True]
        assert table.columns["name"].missing.tolist() == [False, True]
        assert table.columns["kind"].values.tolist() == ["u", "v"]

    def test_refuses_an_npz_with_pickled_objects(self, tmp_path):
        path = tmp_path / "t.npz"
        np.savez(path, x=np.array([{}], dtype=object))

        with pytest.raises(ContractError, match="plain arrays"):
            tables.read_table(path)

    def test_reads_what_other_tools_write_as_text_and_numbers(self, tmp_path):
        path = tmp_path / "t.parquet"
        name = pa.array(["u", "v"], pa.string_view())
        part = pa.array(["0.25", None]).cast(pa.decimal128(9, 2))
        parquet.write_table(pa.table({"name": name, "part": part}), path)

        read = tables.read_table(path).columns

        assert read["name"].values.tolist() == ["u", "v"]
        assert read["part"].values.tolist()[0] == 0.25
        assert read["part"].missing.tolist() == [False, True]

    @pytest.mark.parametrize(
        "header", ["{'descr': (((", "{'descr': 1, 2: 3}", "{'descr': '<f8'"]
    )
    def test_refuses_an_npz_whose_header_is_none(self, tmp_path, header):
        path = tmp_path / "t.npz"
        told = f"{header:<117}\n".encode()
        with zipfile.ZipFile(path, "w") as archive:
            array = b"\x93NUMPY\x01\x00" + len(told).to_bytes(2, "little") + told
            archive.writestr("x.npy", array)

        with pytest.raises(ContractError, match="plain arrays"):
            tables.read_table(path)

    def test_refuses_an_npz_of_something_else(self, tmp_path):
        path = tmp_path / "t.npz"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("x.npy", b"no array at all")

        with pytest.raises(ContractError, match="'x' is no array"):
            tables.read_table(path)

    def test_refuses_other_endings(self, tmp_path):
        with pytest.raises(ContractError, match="must end in"):
            tables.read_table(csv_file(tmp_path, "id\n1\n", "t.txt"))


class TestInputTensors:
    def test_takes_only_the_empty_cell_as_missing(self, tmp_path):
        path = csv_file(tmp_path, "id,a,b\n1,1.5,\n2,,2e3\n")

        tensor = tables.input_tensors(
            tables.read_table(path), contract_of("float32", "a", "b")
        )["x"]

        assert tensor.dtype == np.float32
        assert np.array_equal(tensor, [[1.5, np.nan], [np.nan, 2000]], equal_nan=True)

    @pytest.mark.parametrize("cell", ["NA", "nan", "inf", "1_000", "1,5", "x", " "])
    def test_refuses_text_in_a_column_of_numbers(self, tmp_path, cell):
        path = csv_file(tmp_path, f'id,a\n1,0.5\n2,"{cell}"\n')

        with pytest.raises(ContractError, match="'a'.*row 2"):
            tables.input_tensors(tables.read_table(path), contract_of("float64", "a"))

    def test_keeps_na_as_text_in_a_column_of_strings(self, tmp_path):
        path = csv_file(tmp_path, "id,a\n1,NA\n2,\n3,nan\n")

        tensor = tables.input_tensors(
            tables.read_table(path), contract_of("string", "a")
        )["x"]

        assert tensor.tolist() == [["NA"], [""], ["nan"]]

    @pytest.mark.parametrize(
        ("dtype", "cell", "told"),
        [
            ("int32", "", "are empty"),
            ("bool", "", "are empty"),
            ("int64", "1.5", "not whole"),
            ("uint8", "256", "do not fit uint8"),
            ("uint8", "-1", "do not fit uint8"),
            ("bool", "2", "not booleans"),
        ],
    )
    def test_neither_fills_nor_rounds_nor_wraps(self, tmp_path, dtype, cell, told):
        path = csv_file(tmp_path, f"id,a,b\n1,{cell},1\n")

        with pytest.raises(ContractError, match=told):
            tables.input_tensors(tables.read_table(path), contract_of(dtype, "a", "b"))

    def test_reads_whole_numbers_exactly(self, tmp_path):
        path = csv_file(tmp_path, "id,a\n1,9007199254740993\n2,3.0\n")
        exact = csv_file(tmp_path, "id,a\n1,9007199254740993\n", "exact.csv")

        tensor = tables.input_tensors(
            tables.read_table(exact), contract_of("int64", "a")
        )["x"]

        assert tensor.tolist() == [[9007199254740993]]
        with_floats = tables.input_tensors(
            tables.read_table(path), contract_of("int64", "a")
        )["x"]
        assert with_floats[1].tolist() == [3]

    def test_casts_arrays_and_never_rescales_them(self, tmp_path):
        path = tmp_path / "t.npz"
        np.savez(path, images=np.array([[[0, 255]]], dtype=np.uint8))

        tensor = tables.input_tensors(tables.read_table(path), images_contract())

        assert tensor["image"].dtype == np.float32
        assert tensor["image"].tolist() == [[[0.0, 255.0]]]

    @pytest.mark.parametrize(
        ("array", "told"),
        [
            (np.zeros((2, 2), dtype=complex), "no number"),
            (np.array(["a", "b"]), "not float32"),
            (np.array(["2020-01-01"], dtype="datetime64[D]"), "no number"),
        ],
        ids=["complex", "text", "dates"],
    )
    def test_takes_only_numbers_for_numbers(self, tmp_path, array, told):
        path = tmp_path / "t.npz"
        np.savez(path, images=array)

        with pytest.raises(ContractError, match=told):
            tables.input_tensors(tables.read_table(path), images_contract())

    def test_names_the_column_that_is_missing(self, tmp_path):
        path = csv_file(tmp_path, "id,a\n1,2\n")

        with pytest.raises(
            ContractError, match="'b' is missing; the columns are id, a"
        ):
            tables.input_tensors(tables.read_table(path), contract_of("float32", "b"))


class TestRowIds:
    def test_takes_the_text_of_csv_as_it_stands(self, tmp_path):
        path = csv_file(tmp_path, "id,a\n007,1\n7,1\n")

        assert tables.row_ids(tables.read_table(path), values_contract()) == [
            "007",
            "7",
        ]

    def test_writes_whole_numbers_of_parquet_in_decimal(self, tmp_path):
        path = tmp_path / "t.parquet"
        parquet.write_table(pa.table({"id": pa.array([5, 12], pa.int32())}), path)

        assert tables.row_ids(tables.read_table(path), values_contract()) == ["5", "12"]

    def test_refuses_floating_point_ids(self, tmp_path):
        path = tmp_path / "t.parquet"
        parquet.write_table(pa.table({"id": [5.0, 12.0]}), path)

        with pytest.raises(ContractError, match="floating-point"):
            tables.row_ids(tables.read_table(path), values_contract())

    @pytest.mark.parametrize(
        ("text", "told"),
        [("id,a\n1,1\n1,1\n", "unique"), ("id,a\n1,1\n,1\n", "are empty")],
    )
    def test_wants_every_id_once(self, tmp_path, text, told):
        with pytest.raises(ContractError, match=told):
            tables.row_ids(
                tables.read_table(csv_file(tmp_path, text)), values_contract()
            )

    def test_counts_the_rows_of_arrays(self, tmp_path):
        path = tmp_path / "t.npz"
        np.savez(path, images=np.zeros((3, 2)))

        ids = tables.row_ids(tables.read_table(path), images_contract())

        assert ids == ["0", "1", "2"]


class TestLabelValues:
    def test_joins_by_id_whatever_the_order(self, tmp_path):
        path = csv_file(tmp_path, "label,id\nc,3\na,1\nb,2\n")

        y = tables.label_values(
            tables.read_table(path), classes_contract(), ["1", "2", "3"]
        )

        assert y.tolist() == [0, 1, 2]
        assert y.dtype == np.int64

    def test_compares_classes_as_text(self, tmp_path):
        path = tmp_path / "t.npz"
        np.savez(path, labels=np.array([1, 0, 1], dtype=np.uint8))

        y = tables.label_values(
            tables.read_table(path), images_contract(), ["0", "1", "2"]
        )

        assert y.tolist() == [1, 0, 1]

    def test_reads_several_values_a_row(self, tmp_path):
        path = csv_file(tmp_path, "id,u,v\n2,3,4\n1,1,2.5\n")

        y = tables.label_values(
            tables.read_table(path), values_contract(2, ["u", "v"]), ["1", "2"]
        )

        assert y.tolist() == [[1.0, 2.5], [3.0, 4.0]]

    def test_reads_multilabel_zeros_and_ones(self, tmp_path):
        path = csv_file(tmp_path, "id,m,n\n1,0,1\n2,1,1\n")

        y = tables.label_values(
            tables.read_table(path), multilabel_contract(), ["1", "2"]
        )

        assert y.tolist() == [[0, 1], [1, 1]]

    @pytest.mark.parametrize(
        ("contract", "text", "told"),
        [
            (
                classes_contract(),
                "id,label\n1,a\n",
                "1 id.s. have no label, the .* '2'",
            ),
            (classes_contract(), "id,label\n1,a\n2,b\n3,c\n", "belong to no input row"),
            (classes_contract(), "id,label\n1,a\n2,z\n", "no class.*row 2"),
            (classes_contract(), "id,label\n1,a\n2,\n", "no class"),
            (values_contract(), "id,y\n1,1\n2,\n", "are empty"),
            (multilabel_contract(), "id,m,n\n1,0,1\n2,2,0\n", "must be 0 or 1"),
        ],
        ids=["missing", "extra", "class", "empty class", "empty", "multilabel"],
    )
    def test_says_what_is_wrong_with_labels(self, tmp_path, contract, text, told):
        path = csv_file(tmp_path, text)

        with pytest.raises(ContractError, match=told):
            tables.label_values(tables.read_table(path), contract, ["1", "2"])


class TestSplitValues:
    def test_reads_the_hosts_own_split(self, tmp_path):
        path = csv_file(tmp_path, "id,split\n2,private\n1,public\n3,ignored\n")

        marks = tables.split_values(
            tables.read_table(path), values_contract(), ["1", "2", "3"]
        )

        assert marks.tolist() == [0, 1, 2]

    def test_refuses_other_words(self, tmp_path):
        path = csv_file(tmp_path, "id,split\n1,Public\n")

        with pytest.raises(ContractError, match="not 'Public'"):
            tables.split_values(tables.read_table(path), values_contract(), ["1"])
