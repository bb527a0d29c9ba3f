"""The files of a folder: those that must be there, those that may, and no others."""

import struct
from dataclasses import dataclass, field
from pathlib import Path

from competitions.folders.faults import Fault
from competitions.folders.paths import path_problem
from competitions.folders.reading import NAME, Reading
from scoring import artifact
from scoring.errors import SubmissionError
from scoring.tables import FORMATS

PAGES = ("overview.md", "data.md", "evaluation.md", "rules.md")
MAX_TEXT_BYTES = 1_000_000
MAX_COVER_BYTES = 5_000_000
MAX_COVER_SIDE = 8_000
PNG = b"\x89PNG\r\n\x1a\n"
PNG_END = b"IEND\xaeB`\x82"


@dataclass
class Layout:
    """What the files are for, and what is wrong with them."""

    files: dict[str, Path]
    faults: list[Fault] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)  # pages and starter
    test: str = ""  # the path of hidden/test.…
    labels: str = ""
    kinds: dict[str, str] = field(default_factory=dict)  # of the baselines' files

    def fault(self, file: str, message: str) -> None:
        self.faults.append(Fault(file, "", message))

    @property
    def downloads(self) -> dict[str, Path]:
        """What participants download, by the path below files/."""
        return {
            path.removeprefix("files/"): found
            for path, found in self.files.items()
            if path.startswith("files/")
        }


def read_layout(files: dict[str, Path], reading: Reading) -> Layout:
    """Hold the files of a folder against the format and its `competition.yaml`."""
    layout = Layout(files)
    for page in PAGES:
        if page not in files:
            layout.fault(page, "is missing: write this page in Markdown")
        _read_text(layout, page)
    _read_text(layout, "starter.py")
    _check_cover(layout)
    layout.test = _hidden_file(layout, "test", "the inputs of the hidden test set")
    layout.labels = _hidden_file(layout, "labels", "the labels of the hidden test set")
    _check_strays(layout)
    if reading.document:
        _check_named_files(layout, reading)
        _check_baselines(layout, reading)
    return layout


def _read_text(layout: Layout, name: str) -> None:
    if name not in layout.files:
        return
    if layout.files[name].stat().st_size > MAX_TEXT_BYTES:
        layout.fault(name, f"has more than {MAX_TEXT_BYTES:,} bytes: make it shorter")
        return
    content = layout.files[name].read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        layout.faults.append(Fault(name, f"line {line}", "is not UTF-8 text"))
        return
    if not text.strip() or "\0" in text:
        layout.fault(name, "is empty or holds no text: write something there")
    layout.texts[name] = text


def _check_cover(layout: Layout) -> None:
    if "cover.png" not in layout.files:
        return
    if layout.files["cover.png"].stat().st_size > MAX_COVER_BYTES:
        layout.fault("cover.png", f"has more than {MAX_COVER_BYTES:,} bytes")
        return
    content = layout.files["cover.png"].read_bytes()
    whole = content.startswith(PNG) and content.endswith(PNG_END)
    if not whole or content[12:16] != b"IHDR":
        layout.fault("cover.png", "is no whole PNG image: save it as PNG again")
        return
    width, height = struct.unpack(">II", content[16:24])
    if not (0 < width <= MAX_COVER_SIDE and 0 < height <= MAX_COVER_SIDE):
        layout.fault(
            "cover.png", f"is {width} by {height}; at most {MAX_COVER_SIDE} a side"
        )


def _hidden_file(layout: Layout, stem: str, meaning: str) -> str:
    """The one file hidden/STEM with a known ending."""
    names = [f"hidden/{stem}{ending}" for ending in FORMATS]
    found = [name for name in names if name in layout.files]
    if not found:
        endings = ", ".join(FORMATS)
        layout.fault(f"hidden/{stem}", f"is missing: {meaning}, as one of {endings}")
        return ""
    for name in found[1:]:
        layout.fault(name, f"stands beside {found[0]}: keep one of them")
    return found[0]


def _check_strays(layout: Layout) -> None:
    known = {NAME, "starter.py", "cover.png", *PAGES}
    known |= {
        f"hidden/{stem}{ending}" for stem in ("test", "labels") for ending in FORMATS
    }
    for path in layout.files:
        folder, _, below = path.partition("/")
        if folder == "files" and below:
            if problem := path_problem(below):
                layout.fault(path, problem)
        elif path not in known and not (folder == "baselines" and below):
            layout.fault(
                path, "belongs to no part of a competition: move it to files/ or away"
            )
        parents = path.split("/")[:-1]
        for count in range(1, len(parents) + 1):
            if "/".join(parents[:count]) in layout.files:
                layout.fault(path, "lies in a folder that has the name of a file")


def _check_named_files(layout: Layout, reading: Reading) -> None:
    """Files that `competition.yaml` names are there and are tables or arrays."""
    document = reading.document
    sample = document.sample
    named = {"train": document.train, "test": document.test}
    if sample:
        named |= {"sample.inputs": sample.inputs, "sample.labels": sample.labels}
    for place, path in named.items():
        if path is None:
            continue
        if path not in layout.files:
            reading.fault(place, f"names {path}, which is not in the folder")
        elif not path.lower().endswith(tuple(FORMATS)):
            reading.fault(
                place, f"names {path}, which must end in {', '.join(FORMATS)}"
            )


def _check_baselines(layout: Layout, reading: Reading) -> None:
    """The files below baselines/ are exactly those listed, and each can be run."""
    document = reading.document
    for number, baseline in enumerate(document.baselines):
        place = f"baselines[{number}].file"
        if baseline.file not in layout.files:
            reading.fault(place, f"names {baseline.file}, which is not in the folder")
        elif baseline.file not in layout.kinds:
            _check_baseline(layout, baseline.file, document.limits.file_mb)
    if "baselines" in reading.unknown:
        return
    listed = {baseline.file for baseline in document.baselines}
    for path in layout.files:
        if path.startswith("baselines/") and path not in listed:
            layout.fault(path, "is listed under no baseline of competition.yaml")


def _check_baseline(layout: Layout, path: str, limit_mb: int) -> None:
    found = layout.files[path]
    if found.stat().st_size > limit_mb * 1_000_000:
        layout.fault(path, f"is over the competition's own limit of {limit_mb} MB")
    try:
        layout.kinds[path] = artifact.identify(found)
    except SubmissionError as error:
        layout.fault(path, f"is no baseline that can be run: {error.message}")
