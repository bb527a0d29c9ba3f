import gzip
import io
import os
import stat
import tarfile
import zipfile

import pytest

from scoring import archive
from scoring.errors import FileLimit, RefusedContent, UnreadableFile

MB = 1_000_000
GRAPH = ("m/saved_model.pb", b"graph")


def zip_of(*members, compression=zipfile.ZIP_DEFLATED):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", compression) as file:
        for name, content in members:
            file.writestr(name, content)
    return io.BytesIO(data.getvalue())


def tar_of(*members):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as file:
        for name, content in members:
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            info.size = len(content)
            file.addfile(info, io.BytesIO(content))
    return io.BytesIO(data.getvalue())


def tar_info(name, kind, target=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def zip_link():
    info = zipfile.ZipInfo("m/link")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


class TestUnpack:
    @pytest.mark.parametrize("make", [zip_of, tar_of])
    @pytest.mark.parametrize("inner", ["", "m/"])
    def test_finds_the_model_with_or_without_a_folder(self, tmp_path, make, inner):
        file = make(
            (f"{inner}saved_model.pb", b"graph"), (f"{inner}variables/v.index", b"v")
        )

        folder = archive.unpack(file, tmp_path / "out", MB)

        assert (folder / "saved_model.pb").read_bytes() == b"graph"
        assert (folder / "variables" / "v.index").read_bytes() == b"v"

    @pytest.mark.parametrize(
        "file",
        [
            zip_of(GRAPH, ("../out.txt", b"x")),
            zip_of(GRAPH, ("/tmp/podium-out.txt", b"x")),
            zip_of(GRAPH, ("m/../../out.txt", b"x")),
            zip_of(GRAPH, ("m\\..\\out.txt", b"x")),
            zip_of(GRAPH, (zip_link(), b"/etc/passwd")),
            tar_of(GRAPH, ("../out.txt", b"x")),
            tar_of(GRAPH, ("/tmp/podium-out.txt", b"x")),
            tar_of(GRAPH, (tar_info("m/link", tarfile.SYMTYPE, "/etc/passwd"), b"")),
            tar_of(GRAPH, (tar_info("m/link", tarfile.LNKTYPE, "/etc/passwd"), b"")),
            tar_of(GRAPH, (tar_info("m/pipe", tarfile.FIFOTYPE), b"")),
            tar_of(GRAPH, GRAPH),
            zip_of(GRAPH, *[(f"m/{n}", b"") for n in range(2000)]),
            tar_of(GRAPH, *[(f"m/{n}", b"") for n in range(2000)]),
            zip_of(GRAPH, ("m/bomb", bytes(20 * MB))),
        ],
        ids=[
            "zip ..", "zip absolute", "zip inner ..", "zip backslash", "zip link",
            "tar ..", "tar absolute", "tar link", "tar hard link", "tar pipe",
            "doubled", "zip of many", "tar of many", "bomb",
        ],
    )  # fmt: skip
    def test_writes_nothing_outside_and_follows_no_link(self, tmp_path, file):
        with pytest.raises(RefusedContent):
            archive.unpack(file, tmp_path / "out", 100 * MB)

        assert set(os.listdir(tmp_path)) <= {"out"}
        assert not os.path.exists("/tmp/podium-out.txt")
        assert not any(path.is_symlink() for path in tmp_path.rglob("*"))

    @pytest.mark.parametrize(
        "file",
        [
            zip_of(GRAPH, ("m/large", os.urandom(2 * MB))),
            tar_of(GRAPH, ("m/large", bytes(2 * MB))),
        ],
        ids=["zip", "tar"],
    )
    def test_stops_at_its_size(self, tmp_path, file):
        with pytest.raises(FileLimit, match="more than 1 MB"):
            archive.unpack(file, tmp_path / "out", MB)

        written = sum(each.stat().st_size for each in tmp_path.rglob("*"))
        assert written < 1.5 * MB

    def test_does_not_believe_the_size_that_a_zip_claims(self, tmp_path):
        data = bytearray(zip_of(GRAPH, ("m/large", bytes(2 * MB))).getvalue())
        place = data.rfind(b"PK\x01\x02")
        data[place + 24 : place + 28] = (1000).to_bytes(4, "little")

        with pytest.raises((UnreadableFile, FileLimit)):
            archive.unpack(io.BytesIO(bytes(data)), tmp_path / "out", MB)

        written = sum(each.stat().st_size for each in tmp_path.rglob("*"))
        assert written < 1.5 * MB

    @pytest.mark.parametrize(
        "file",
        [
            io.BytesIO(zip_of(GRAPH).getvalue()[:-10]),
            io.BytesIO(tar_of(GRAPH, ("m/v", os.urandom(9999))).getvalue()[:-500]),
            io.BytesIO(gzip.compress(b"no tar at all")),
            zip_of(("readme", b"")),
            zip_of(("a/saved_model.pb", b""), ("b/saved_model.pb", b"")),
            tar_of(GRAPH, ("n" * 300, b"")),
        ],
        ids=["cut zip", "cut tar", "no tar", "no model", "two models", "long name"],
    )
    def test_says_that_an_archive_is_no_model(self, tmp_path, file):
        with pytest.raises(UnreadableFile):
            archive.unpack(file, tmp_path / "out", MB)
