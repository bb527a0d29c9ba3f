"""What the doctor says: a sentence on one thing, and whether it is as it should be."""

from dataclasses import dataclass

OK, LACKS, NOTE = "ok", "lacks", "note"


@dataclass(frozen=True)
class Finding:
    """A sentence about one thing: `ok`, `lacks` (needed and missing), or a `note`."""

    about: str
    state: str
    sentence: str


def ok(about: str, sentence: str) -> Finding:
    return Finding(about, OK, sentence)


def lacks(about: str, sentence: str) -> Finding:
    return Finding(about, LACKS, sentence)


def note(about: str, sentence: str) -> Finding:
    return Finding(about, NOTE, sentence)
