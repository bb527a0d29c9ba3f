"""What the reader of tables and arrays tells, in its own process, of real files."""

import base64
import gzip
import io
import os
import subprocess
import sys
import zlib

import numpy as np
import pandas as pd
import pytest

from podium.datasets import profiling
from podium.datasets.profiling import Unreadable, profile


def told(tmp_path, format: str, content: bytes) -> dict:
    path = tmp_path / "file"
    path.write_bytes(content)
    return profile(path, format)


def columns(answer: dict) -> dict[str, dict]:
    return {column["name"]: column for column in answer["columns"]}


class TestTables:
    TEXT = (
        "id,half,word,truth,day,note,code\n"
        + "".join(
            f"{n},{n / 2},{'ab'[n % 2]},true,2026-01-0{n + 1},note {n},00{n}\n"
            for n in range(8)
        )
        + ",,,,,,\n"
    ).encode()

    def test_knows_the_kinds_of_columns(self, tmp_path):
        found = columns(told(tmp_path, "csv", self.TEXT))

        kinds = {name: column["type"] for name, column in found.items()}
        assert kinds == {
            "id": "integer",
            "half": "number",
            "word": "category",
            "truth": "true or false",
            "day": "date",
            "note": "text",
            "code": "text",  # 007 is no number
        }
        assert {column["missing"] for column in found.values()} == {1}

    def test_agrees_with_numpy(self, tmp_path):
        values = np.random.default_rng(7).normal(size=5_000)
        frame = pd.DataFrame({"x": values})

        answer = told(tmp_path, "csv", frame.to_csv(index=False).encode())

        column = columns(answer)["x"]
        counts, _ = np.histogram(values, bins=16)
        assert [count for _, count in column["bars"]] == counts.tolist()
        assert column["mean"] == pytest.approx(values.mean(), rel=1e-12)
        assert (column["low"], column["high"]) == (values.min(), values.max())

    @pytest.mark.parametrize("format", ["csv", "csv.gz", "parquet"])
    def test_says_the_same_of_one_table_in_any_format(self, tmp_path, format):
        frame = pd.DataFrame(
            {"n": [1, 2, 3, 4], "x": [0.5, None, 1.5, 2.5], "w": ["a", "b", "a", None]}
        )
        text = frame.to_csv(index=False).encode()
        buffer = io.BytesIO()
        frame.to_parquet(buffer)
        content = {"csv": text, "csv.gz": gzip.compress(text, mtime=0)}.get(
            format, buffer.getvalue()
        )

        answer = told(tmp_path, format, content)

        found = columns(answer)
        assert (answer["rows"], answer["rows_read"]) == (4, 4)
        assert found["n"]["bars"] == [["1", 1], ["2", 1], ["3", 1], ["4", 1]]
        assert (found["x"]["type"], found["x"]["missing"]) == ("number", 1)
        assert found["w"]["missing"] == 1
        assert answer["first"][1] == ["2", None, "b"]

    def test_reads_no_more_rows_than_it_is_bound_to(self, tmp_path):
        answer = told(tmp_path, "csv", b"x\n" + b"1\n" * 150_000)

        assert (answer["rows"], answer["rows_read"]) == (None, 100_000)

    def test_unpacks_no_more_than_it_is_bound_to(self, tmp_path):
        bomb = gzip.compress(b"x\n" + b"0" * 500_000_000, mtime=0)

        with pytest.raises(Unreadable, match="field larger"):
            told(tmp_path, "csv.gz", bomb)

    def test_stands_rows_of_any_length_and_columns_without_number(self, tmp_path):
        head = ",".join(f"c{n}" for n in range(300))

        answer = told(tmp_path, "csv", f"{head}\n1\n{'1,' * 400}\n".encode())

        assert (answer["column_count"], len(answer["columns"])) == (300, 100)
        assert answer["ragged"] == 2

    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_finds_the_delimiter(self, tmp_path, delimiter):
        answer = told(tmp_path, "csv", f"a{delimiter}b\n1{delimiter}2\n".encode())

        assert list(columns(answer)) == ["a", "b"]

    def test_stands_bytes_that_are_no_text(self, tmp_path):
        answer = told(tmp_path, "csv", b"a,b\n\xff\xfe,\x00\n")

        assert answer["first"] == [["\ufffd\ufffd", "\ufffd"]]

    def test_stands_numbers_at_the_ends_of_what_is_a_number(self, tmp_path):
        answer = told(tmp_path, "csv", b"x\n-1.7e308\n1.7e308\n1e999\n0\n")

        assert sum(count for _, count in columns(answer)["x"]["bars"]) == 3

    @pytest.mark.parametrize(
        ("format", "content"),
        [
            ("csv", b""),
            ("csv.gz", b"no gzip"),
            ("csv.gz", gzip.compress(b"a,b\n1,2\n" * 999, mtime=0)[:40]),
            ("parquet", b"PAR1" + b"x" * 50 + b"PAR1"),
            ("parquet", b""),
            ("npz", b"PK\x03\x04"),
            ("npz", b""),
        ],
    )
    def test_tells_in_a_sentence_what_cannot_be_read(self, tmp_path, format, content):
        with pytest.raises(Unreadable, match=r"^It (cannot be|has no)"):
            told(tmp_path, format, content)


class TestArrays:
    def npz(self, **arrays) -> bytes:
        buffer = io.BytesIO()
        np.savez_compressed(buffer, **arrays)
        return buffer.getvalue()

    def test_draws_samples_as_they_are(self, tmp_path):
        images = np.random.default_rng(1).integers(0, 256, (40, 8, 9), dtype=np.uint8)

        answer = told(
            tmp_path, "npz", self.npz(images=images, labels=np.arange(40) % 10)
        )

        pictures, labels = answer["arrays"]
        assert pictures["shape"] == [40, 8, 9]
        assert len(pictures["samples"]) == 24
        assert [sample["label"] for sample in pictures["samples"][:3]] == [
            "0",
            "1",
            "2",
        ]
        assert labels["bars"] == [[str(n), 4] for n in range(10)]
        drawn = base64.b64decode(pictures["samples"][5]["png"])
        assert drawn.startswith(b"\x89PNG")
        at = drawn.index(b"IDAT")
        size = int.from_bytes(drawn[at - 4 : at], "big")
        lines = zlib.decompress(drawn[at + 4 : at + 4 + size])
        rows = np.frombuffer(lines, np.uint8).reshape(8, 10)
        assert (rows[:, 1:] == images[5]).all()

    @pytest.mark.parametrize(
        "shape", [(5, 8, 8, 1), (5, 8, 8, 3), (5, 3, 8, 8), (5, 8, 8, 4)]
    )
    def test_draws_colours_wherever_they_stand(self, tmp_path, shape):
        answer = told(tmp_path, "npz", self.npz(x=np.random.rand(*shape)))

        assert len(answer["arrays"][0]["samples"]) == 5

    def test_thins_out_large_pictures(self, tmp_path):
        answer = told(tmp_path, "npz", self.npz(x=np.zeros((3, 300, 200), np.uint8)))

        assert answer["arrays"][0]["samples"][0]["size"] == [50, 75]

    @pytest.mark.parametrize(
        "array",
        [
            np.zeros((0, 8, 8)),
            np.zeros((3, 8)),
            np.zeros((3, 2, 2, 2, 2)),
            np.array(["a", "b"]),
            np.array(3),
            np.asfortranarray(np.zeros((3, 8, 8))),
            np.zeros(3, complex),
        ],
    )
    def test_names_what_it_cannot_draw(self, tmp_path, array):
        (line,) = told(tmp_path, "npz", self.npz(x=array))["arrays"]

        assert line["shape"] == list(array.shape)
        assert "samples" not in line

    def test_opens_no_pickle(self, tmp_path):
        content = self.npz(x=np.array([{"a": 1}, None], dtype=object))

        (line,) = told(tmp_path, "npz", content)["arrays"]

        assert line == {"name": "x", "shape": [2], "dtype": "object"}

    def test_does_not_believe_a_shape(self, tmp_path):
        content = bytearray(self._stored(np.zeros((10, 8, 8), np.uint8)))
        at = content.index(b"(10, 8, 8)")
        content[at : at + 10] = b"(9999,8,8)"

        with pytest.raises(Unreadable):  # the zip's own sum of the header is wrong
            told(tmp_path, "npz", bytes(content))

    def _stored(self, array) -> bytes:
        buffer = io.BytesIO()
        np.savez(buffer, x=array)
        return buffer.getvalue()


class TestWalls:
    def test_limits_memory_even_without_a_sandbox(self, tmp_path):
        told_limits = self._run(tmp_path, "import resource as r; print(r.getrlimit(9))")

        assert told_limits.strip() == str((2 << 30, 2 << 30))

    @pytest.mark.needs("sandbox")
    def test_leaves_the_reader_no_other_file_behind_the_sandbox(
        self, tmp_path, monkeypatch
    ):
        monkeypatch.setattr(profiling, "walls", "podium.site.walls")
        secret = tmp_path / "secret"
        secret.write_text("secret")

        tried = f"open({str(secret)!r}).read()"
        code = f"try: {tried}\nexcept PermissionError: print('refused')"
        assert self._run(tmp_path, code).strip() == "refused"

    @pytest.mark.needs("sandbox")
    @pytest.mark.parametrize("format", ["csv", "parquet", "npz"])
    def test_reads_every_format_behind_the_sandbox(self, tmp_path, monkeypatch, format):
        monkeypatch.setattr(profiling, "walls", "podium.site.walls")
        buffer = io.BytesIO()
        pd.DataFrame({"x": [1, 2]}).to_parquet(buffer)
        content = {
            "csv": b"x\n1\n2\n",
            "parquet": buffer.getvalue(),
            "npz": TestArrays().npz(x=np.arange(2)),
        }[format]

        assert told(tmp_path, format, content)["kind"] in ("table", "arrays")

    def _run(self, tmp_path, code: str) -> str:
        """Run code where the reader would read: behind whatever walls there are."""
        child = profiling._bootstrap().replace(
            "main(*sys.argv[1:])",
            "import podium.datasets.profiling.child as c, importlib, sys as s; "
            "(importlib.import_module(s.argv[3]).raise_walls(c.MEMORY, c.CPU_SECONDS) "
            "if s.argv[3] else c._limit()); exec(s.argv[4])",
        )
        done = subprocess.run(
            [
                sys.executable,
                "-I",
                "-B",
                "-c",
                child,
                "0",
                "csv",
                profiling.walls,
                code,
            ],
            capture_output=True,
            text=True,
            env={"PATH": os.defpath, "OPENBLAS_NUM_THREADS": "1"},
        )
        assert done.returncode == 0, done.stderr
        return done.stdout
