"""What kind of file is this? Told from its content alone, and without trusting it."""

from __future__ import annotations

import lzma
import os
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from scoring.errors import RefusedContent, UnreadableFile

MODEL_FORMATS = ("keras", "savedmodel", "h5", "tflite", "onnx")
PREDICTIONS_FORMATS = ("csv", "csv.gz", "parquet", "npz")
BLOCK_BYTES = 65_536
DIRECTORY_BYTES = 1_000_000
ZIP64_BYTES = 56  # of its own record, without what may be added to it
COMPRESSED_OTHERWISE = (NotImplementedError,)
ZIP_FAULTS = (  # all that Python's reader of zip archives raises over damaged ones
    zipfile.BadZipFile,
    NotImplementedError,
    ValueError,
    OverflowError,
    EOFError,
    struct.error,
    zlib.error,
    lzma.LZMAError,
)
ACCEPTED = (
    "Send a model (.keras, .h5, .tflite, .onnx, or a SavedModel as .zip or .tar.gz) or "
    "predictions (.csv, .csv.gz, .parquet, .npz)"
)
FOREIGN = [  # what people send by mistake, by its first bytes
    (b"\x80\x02", "a Python pickle"),
    (b"\x80\x03", "a Python pickle"),
    (b"\x80\x04", "a Python pickle"),
    (b"\x80\x05", "a Python pickle"),
    (b"\x93NUMPY", "a single NumPy array (.npy); save it with numpy.savez"),
    (b"\xff\xfe", "UTF-16 text; save it as UTF-8"),
    (b"\xfe\xff", "UTF-16 text; save it as UTF-8"),
    (b"GGUF", "a GGUF model"),
    (b"ARROW1\0\0", "an Arrow or Feather table; save it as Parquet"),
    (b"%PDF", "a PDF document"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"BZh", "a bzip2 archive"),
]


def identify(path: Path | str) -> str:
    """Tell the format of a file: one of MODEL_FORMATS or PREDICTIONS_FORMATS.

    Raises
    ------
    UnreadableFile
        If it is none of them, or visibly damaged; the message says which.
    """
    with open(path, "rb") as file:
        return identify_open(file)


def identify_open(file: BinaryIO) -> str:
    """Tell the format of an open file."""
    head = file.read(BLOCK_BYTES)
    if not head:
        raise UnreadableFile(f"The file is empty. {ACCEPTED}.")
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip(file)
    if head.startswith(b"\x1f\x8b"):
        return _gzip(head)
    if head.startswith(b"\x89HDF\r\n\x1a\n"):
        return "h5"
    if head[4:8] == b"TFL3":
        return "tflite"
    if head.startswith(b"PAR1"):
        return _parquet(file)
    for magic, name in FOREIGN:
        if head.startswith(magic):
            raise UnreadableFile(f"The file is {name}. {ACCEPTED}.")
    if _is_tar(head):
        raise UnreadableFile(
            "The file is an uncompressed tar archive. Compress it (.tar.gz)."
        )
    if _is_text(head):
        return "csv"
    return _protobuf(head)


def is_predictions(format: str) -> bool:
    """Whether a format holds predictions rather than a model."""
    return format in PREDICTIONS_FORMATS


def _zip(file: BinaryIO) -> str:
    try:
        check_zip_directory(file)
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except ZIP_FAULTS as error:
        raise UnreadableFile(
            "The file begins like a zip archive, but is damaged or cut off."
        ) from error
    if "config.json" in names and any(
        name.startswith("model.weights") for name in names
    ):
        return "keras"
    if model_folder(names) is not None:
        return "savedmodel"
    if names and all(name.endswith(".npy") for name in names):
        return "npz"
    raise UnreadableFile(_unknown_zip(names))


def _unknown_zip(names: list[str]) -> str:
    if any(PurePosixPath(name).name == "data.pkl" for name in names):
        return f"The file is a PyTorch model. {ACCEPTED}."
    if "config.json" in names:
        return "The .keras archive holds no weights; save the model again."
    return f"The zip archive holds no model and no arrays. {ACCEPTED}."


def check_zip_directory(file: BinaryIO) -> None:
    """Refuse an archive whose table of members alone would be a burden to read."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - BLOCK_BYTES - 22))
    tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 22:
        raise zipfile.BadZipFile("no end of central directory")
    listed = int.from_bytes(tail[end + 12 : end + 16], "little")
    if tail[max(0, end - 20) :].startswith(b"PK\x06\x07"):
        listed = _listed_in_zip64(file, size - len(tail) + end)
    file.seek(0)
    if listed > DIRECTORY_BYTES:
        raise RefusedContent("The archive lists far more members than a model has.")


def _listed_in_zip64(file: BinaryIO, end: int) -> int:
    """What the record of a zip64 archive says, which overrules the ordinary one.

    Python's reader takes it from right before its locator; so do we.
    """
    file.seek(max(0, end - 20 - ZIP64_BYTES))
    record = file.read(ZIP64_BYTES)
    if not record.startswith(b"PK\x06\x06"):
        raise zipfile.BadZipFile("no record of the zip64 archive")
    return int.from_bytes(record[40:48], "little")


def model_folder(names: list[str]) -> str | None:
    """The folder of saved_model.pb in an archive: '' at its root, or one folder."""
    found = {
        str(PurePosixPath(name).parent)
        for name in names
        if PurePosixPath(name).name == "saved_model.pb"
    }
    folders = {"" if folder == "." else folder for folder in found}
    if "" in folders:
        return ""
    single = {folder for folder in folders if len(PurePosixPath(folder).parts) == 1}
    single.discard("__MACOSX")
    return single.pop() if len(single) == 1 else None


def _gzip(head: bytes) -> str:
    unzip = zlib.decompressobj(wbits=31)
    try:
        first = unzip.decompress(head, BLOCK_BYTES)
    except zlib.error as error:
        raise UnreadableFile("The gzip file is damaged.") from error
    if _is_tar(first):
        return "savedmodel"
    if first and _is_text(first):
        return "csv.gz"
    raise UnreadableFile(
        f"The gzip file holds neither a tar archive nor a CSV table. {ACCEPTED}."
    )


def _parquet(file: BinaryIO) -> str:
    file.seek(-min(4, file.seek(0, os.SEEK_END)), os.SEEK_END)
    if file.read() != b"PAR1":
        raise UnreadableFile("The Parquet file is cut off: its end is missing.")
    return "parquet"


def _is_tar(block: bytes) -> bool:
    return block[257:262] == b"ustar"


def _is_text(block: bytes) -> bool:
    """Whether a block is UTF-8 text; its last character may be cut."""
    if any(byte < 9 for byte in block):
        return False
    try:
        block.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(block) - 4 and error.reason == "unexpected end of data"
    return True


def _protobuf(head: bytes) -> str:
    """ONNX opens with its IR version; a SavedModel's graph with its schema version."""
    fields = _protobuf_fields(head)
    if fields[:1] == [(1, 0)] and ((7, 2) in fields or (8, 2) in fields):
        return "onnx"
    if fields[:2] == [(1, 0), (2, 2)]:
        raise UnreadableFile(
            "The file is a bare saved_model.pb; pack its folder as .zip or .tar.gz."
        )
    if head.startswith(b"PARE"):
        raise UnreadableFile("The Parquet file is encrypted; save it without a key.")
    if all(byte > 8 for byte in head):
        raise UnreadableFile("The file is text, but not in UTF-8; save it as UTF-8.")
    raise UnreadableFile(f"The file is of no known format. {ACCEPTED}.")


def _protobuf_fields(head: bytes) -> list[tuple[int, int]]:
    """Field numbers and wire types at the top level, as far as the block shows them."""
    fields, place = [], 0
    while place < len(head) and len(fields) < 64:
        key, place = _varint(head, place)
        number, wire = key >> 3, key & 7
        if number == 0 or wire not in (0, 1, 2, 5):
            break
        fields.append((number, wire))
        if wire == 0:
            _, place = _varint(head, place)
        elif wire == 2:
            length, place = _varint(head, place)
            place += length
        else:
            place += 8 if wire == 1 else 4
    return fields


def _varint(data: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while place < len(data) and shift < 64:
        byte = data[place]
        value |= (byte & 127) << shift
        place, shift = place + 1, shift + 7
        if byte < 128:
            break
    return value, place
