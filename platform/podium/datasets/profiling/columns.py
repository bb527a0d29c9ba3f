"""One column of a table, summed up while its cells go by."""

import math
import re
from array import array
from collections import Counter

BINS = 16
LISTED = 200  # different values that repeat are listed, for they may be classes
FEW = 12  # so many different values are shown each with a bar
MOST_VALUES = 2_000  # different values that are counted
LONGEST = 200  # characters of a cell that are shown
_INTEGER = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,17})\Z")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?\Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9:.+Z-]+)?\Z")
_TRUTH = {"true", "false"}


class Column:
    """The kind of a column, what it lacks, and how its values are spread."""

    def __init__(self, name: str):
        self.name = name
        self.missing = self.present = 0
        self.kinds: set[str] = set()
        self.numbers = array("d")
        self.values: Counter = Counter()
        self.has_more_values = False

    def add(self, value) -> None:
        """Take in a cell: text, or a value of a typed table; None is missing."""
        if value is None or value == "" or value != value:
            self.missing += 1
            return
        self.present += 1
        kind, number = _kind_of(value)
        self.kinds.add(kind)
        if number is not None and math.isfinite(number):
            self.numbers.append(number)
        text = shown(value)
        if text in self.values or len(self.values) < MOST_VALUES:
            self.values[text] += 1
        else:
            self.has_more_values = True

    def summary(self) -> dict:
        """What the head of the column says."""
        kind = self._kind()
        told = {
            "name": printable(self.name),
            "type": kind,
            "missing": self.missing,
            "different": len(self.values),
            "has_more": self.has_more_values,
        }
        if kind in ("integer", "number") and self.numbers:
            told |= self._spread()
        elif kind in ("category", "true or false"):
            told["bars"] = [list(pair) for pair in self.values.most_common(FEW)]
        repeats = self.present >= 2 * len(self.values) and not self.has_more_values
        if repeats and FEW < len(self.values) <= LISTED:
            told["values"] = sorted(self.values)
        return told

    def _kind(self) -> str:
        if not self.kinds:
            return "empty"
        if self.kinds <= {"integer"}:
            return "integer"
        if self.kinds <= {"integer", "number"}:
            return "number"
        for kind in ("true or false", "date"):
            if self.kinds == {kind}:
                return kind
        few = len(self.values) <= FEW and not self.has_more_values
        repeats = self.present >= 2 * len(self.values)
        return "category" if few and repeats else "text"

    def _spread(self) -> dict:
        low, high = min(self.numbers), max(self.numbers)
        told = {
            "low": low,
            "high": high,
            "mean": math.fsum(self.numbers) / len(self.numbers),
        }
        few = len(self.values) <= FEW and not self.has_more_values
        if few and self.kinds == {"integer"}:
            counted = sorted(Counter(self.numbers).items())
            told["bars"] = [[f"{value:.0f}", count] for value, count in counted]
            return told
        told["bars"] = [["", count] for count in spread(self.numbers, low, high)]
        return told


def spread(numbers, low: float, high: float) -> list[int]:
    """How many numbers lie in each of the bins between the lowest and the highest."""
    if low == high:
        return [len(numbers)]
    counts = [0] * BINS
    half = high / 2 - low / 2  # the whole width could be more than a float holds
    for number in numbers:
        place = (number / 2 - low / 2) / half
        counts[min(BINS - 1, int(place * BINS))] += 1
    return counts


def shown(value) -> str:
    """A cell as a page shows it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return printable(value if isinstance(value, str) else _text(value))


def printable(text: str) -> str:
    """A text that every database takes, not too long to be read."""
    text = text.replace("\x00", "\ufffd")
    text = text.encode("utf-8", "replace").decode()  # halves of characters
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _text(value) -> str:
    if isinstance(value, float):
        return f"{value:.8g}"
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if hasattr(value, "isoformat"):
        return value.isoformat().removesuffix("T00:00:00")
    return str(value)


def _kind_of(value) -> tuple[str, float | None]:
    if isinstance(value, str):
        return _kind_of_text(value)
    if isinstance(value, bool):
        return "true or false", None
    if isinstance(value, int):
        return "integer", float(value) if abs(value) < 2**1000 else None
    if isinstance(value, float):
        return "number", value
    return ("date" if hasattr(value, "isoformat") else "text"), None


def _kind_of_text(text: str) -> tuple[str, float | None]:
    if _INTEGER.match(text):
        return "integer", float(text)
    if _NUMBER.match(text) and not re.match(r"[+-]?0[0-9]", text):
        return "number", float(text)
    if text.lower() in _TRUTH:
        return "true or false", None
    return ("date" if _DATE.match(text) else "text"), None
