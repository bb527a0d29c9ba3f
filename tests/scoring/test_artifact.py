import gzip
import io
import tarfile
import zipfile

import numpy as np
import pandas as pd
import pytest

from scoring import artifact
from scoring.errors import RefusedContent, UnreadableFile


def zipped(*names):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return data.getvalue()


def tarred(*names):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        for name in names:
            archive.addfile(tarfile.TarInfo(name), io.BytesIO())
    return data.getvalue()


def parquet():
    data = io.BytesIO()
    pd.DataFrame({"id": [1]}).to_parquet(data)
    return data.getvalue()


def npz():
    data = io.BytesIO()
    np.savez_compressed(data, p=np.zeros(3))
    return data.getvalue()


def of_newer_zip(data):
    """The same archive, said to need a version of the format that is not there yet."""
    place = data.index(b"PK\x01\x02") + 6
    return data[:place] + b"\x63\x00" + data[place + 2 :]


def badly_named(data):
    """The same archive with a name that is not the UTF-8 it is said to be."""
    place = data.index(b"PK\x01\x02")
    named = data[: place + 8] + b"\x00\x08" + data[place + 10 :]
    return named[: place + 46] + b"\xff" + named[place + 47 :]


def as_zip64(data):
    """The same small archive with the records of a large one, as some tools write."""
    end = data.rindex(b"PK\x05\x06")
    size, start = data[end + 12 : end + 16], data[end + 16 : end + 20]
    counts = 2 * (1).to_bytes(8, "little") + size + bytes(4) + start + bytes(4)
    record = b"PK\x06\x06" + (44).to_bytes(8, "little") + 2 * b"\x2d\0" + bytes(8)
    locator = b"PK\x06\x07" + bytes(4) + end.to_bytes(8, "little") + b"\1\0\0\0"
    unknown = data[end : end + 8] + b"\xff" * 12 + b"\0\0"
    return data[:end] + record + counts + locator + unknown


KERAS = zipped("metadata.json", "config.json", "model.weights.h5")
KNOWN = {
    "keras": KERAS,
    "keras in shards": zipped("config.json", "model.weights.json"),
    "savedmodel": zipped("saved_model.pb", "variables/variables.index"),
    "savedmodel in a folder": zipped("m/saved_model.pb", "m/variables/variables.index"),
    "savedmodel by a Mac": zipped("m/saved_model.pb", "__MACOSX/saved_model.pb"),
    "savedmodel as tar.gz": gzip.compress(tarred("m/saved_model.pb")),
    "h5": b"\x89HDF\r\n\x1a\n" + bytes(100),
    "tflite": b"\x1c\0\0\0TFL3" + bytes(100),
    "onnx": b"\x08\x08\x12\x07pytorch\x3a\x02ab",
    "onnx without a producer": b"\x08\x08\x3a\x02ab",
    "csv": b"id,p\n1,0.5\n",
    "csv with letters": "id,ä\n1,0.5\n".encode(),
    "csv.gz": gzip.compress(b"id,p\n1,0.5\n" * 10_000),
    "parquet": parquet(),
    "npz": npz(),
    "npz as zip64": as_zip64(npz()),
}


class TestIdentify:
    @pytest.mark.parametrize("name", KNOWN)
    def test_tells_the_format_by_content_alone(self, tmp_path, name):
        path = tmp_path / "upload.wrong"
        path.write_bytes(KNOWN[name])

        assert artifact.identify(path) == name.split()[0]

    @pytest.mark.parametrize(
        ("data", "told"),
        [
            (b"", "empty"),
            (KERAS[:-30], "damaged or cut off"),
            (KERAS[:40], "damaged or cut off"),
            (parquet()[:-9], "cut off"),
            (gzip.compress(b"id,p\n", mtime=0)[:9], "neither a tar archive nor a CSV"),
            (b"\x1f\x8b\xff\xff\xff", "damaged"),
            (gzip.compress(bytes(1000), mtime=0), "neither a tar archive nor a CSV"),
            (zipped("readme.txt"), "no model and no arrays"),
            (zipped("a/b/saved_model.pb"), "no model and no arrays"),
            (zipped("config.json"), "no weights"),
            (zipped("m/data.pkl"), "PyTorch"),
            (zipped(), "no model and no arrays"),
            (b"\x80\x04\x95abc", "Python pickle"),
            (b"\x93NUMPY\x01", "numpy.savez"),
            ("id,p\n".encode("utf-16"), "UTF-16"),
            (tarred("saved_model.pb"), "uncompressed tar"),
            (b"\x08\x01\x12\xf0\x10" + bytes(3000), "bare saved_model.pb"),
            (bytes(range(256)), "no known format"),
            (of_newer_zip(KERAS), "damaged or cut off"),
            (badly_named(KERAS), "damaged or cut off"),
            ("id,é\n1,0\n".encode("latin-1"), "save it as UTF-8"),
            (b"PARE" + bytes(9) + b"PARE", "Parquet file is encrypted"),
            (b"ARROW1\0\0" + bytes(9), "Feather"),
        ],
        ids=range(23),
    )
    def test_says_what_a_strange_file_is(self, tmp_path, data, told):
        path = tmp_path / "upload.keras"
        path.write_bytes(data)

        with pytest.raises(UnreadableFile, match=told):
            artifact.identify(path)

    @pytest.mark.parametrize("members", [20_000, 70_000], ids=["zip", "zip64"])
    def test_does_not_list_an_archive_of_very_many_members(self, tmp_path, members):
        path = tmp_path / "many.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for number in range(members):
                archive.writestr(f"{number:020}", b"")

        with pytest.raises(RefusedContent, match="far more members"):
            artifact.identify(path)
