"""YAML 1.2 core, read so that each value knows its line and how it was written.

Only `true` and `false` are booleans, times are text, and a doubled key is a fault.
"""

import re
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from competitions.folders.faults import Fault

MAX_BYTES = 1_000_000
MAX_VALUES = 50_000  # an alias counts as all that it stands for
MAX_DEPTH = 40
TAG = "tag:yaml.org,2002:"
COLLECTIONS = {"map": MappingStartEvent, "seq": SequenceStartEvent}
INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
SPECIAL_FLOAT = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
NULLS = {"", "~", "null", "Null", "NULL"}
TRUTHS = {"true": True, "false": False}


@dataclass
class Written:
    """A document as plain values; `lines` and `texts` by place: split.public."""

    data: object = None
    lines: dict[str, int] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def where(self, place: str) -> str:
        """A place with its line, or with the line of the mapping that lacks it."""
        parent = place
        while parent and parent not in self.lines:
            parent = re.sub(r"(\.[^.\[]*|\[\d+\]|^[^.\[]+)$", "", parent)
        return f"{place} (line {self.lines[parent]})" if parent else place


def read_yaml(content: bytes, name: str) -> Written:
    """Read one document; syntax errors and doubled keys stand in its `faults`."""
    written = Written()
    try:
        _Reader(written, name).read(_text(content))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}" if mark else ""
        said = error.problem or error.context
        written.faults.append(Fault(name, where, f"this is not YAML: {said}"))
    except (YAMLError, _Unreadable) as error:
        said = str(error).splitlines()[0]
        written.faults.append(Fault(name, "", f"this is not YAML: {said}"))
    return written


def join(place: str, key: object) -> str:
    """The place of a key of a mapping, or of a numbered item of a list."""
    if isinstance(key, int):
        return f"{place}[{key}]"
    return f"{place}.{key}" if place else str(key)


class _Unreadable(Exception):
    """It cannot be read any further."""


def _text(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise _Unreadable(f"it has more than {MAX_BYTES:,} bytes")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _Unreadable(f"line {line} is not UTF-8 text") from None


class _Reader:
    """Turns events into values; an anchor's events are kept and read again."""

    def __init__(self, written: Written, name: str):
        self.written, self.name = written, name
        self.anchors: dict[str, object] = {}
        self.values = 0

    def read(self, text: str) -> None:
        events = YAML(typ="safe", pure=True).parse(text)
        documents = 0
        for event in events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _Unreadable("it holds more than one document")
                node = self.node(next(events), events, 0)
                self.written.data = self.value(node, "", 0)

    def node(self, event, events, depth):
        """An event with the nodes inside it: (event, children)."""
        if depth > MAX_DEPTH:
            raise _Unreadable(f"it is nested more than {MAX_DEPTH} levels deep")
        if isinstance(event, AliasEvent):
            if event.anchor not in self.anchors:
                raise _Unreadable(f"the alias *{event.anchor} has no anchor before it")
            return self.anchors[event.anchor]
        children = []
        if not isinstance(event, ScalarEvent):
            while type(inner := next(events)).__name__ not in (
                "MappingEndEvent",
                "SequenceEndEvent",
            ):
                children.append(self.node(inner, events, depth + 1))
        if event.anchor:
            self.anchors[event.anchor] = (event, children)
        return event, children

    def value(self, node, place, depth):
        event, children = node
        self.values += 1
        if self.values > MAX_VALUES or depth > MAX_DEPTH:
            raise _Unreadable(f"it holds more than {MAX_VALUES:,} values")
        self.written.lines.setdefault(place, event.start_mark.line + 1)
        if isinstance(event, ScalarEvent):
            self.written.texts[place] = event.value
            return self.scalar(event, place)
        self.check_tag(event, place)
        if isinstance(event, SequenceStartEvent):
            return [
                self.value(child, join(place, number), depth + 1)
                for number, child in enumerate(children)
            ]
        return self.mapping(children, place, depth)

    def mapping(self, children, place, depth):
        found: dict = {}
        for key_node, value_node in zip(children[::2], children[1::2], strict=True):
            event = key_node[0]
            line = event.start_mark.line + 1
            if not isinstance(event, ScalarEvent):
                self.fault(
                    f"line {line}", "a key must be a word, not a list or mapping"
                )
                continue
            key = event.value
            inner = join(place, key)
            if key in found:
                first = self.written.lines[inner]
                self.fault(
                    f"{inner} (line {line})",
                    f"this key stands in line {first} already: keep one of them",
                )
                continue
            self.written.lines[inner] = line
            found[key] = self.value(value_node, inner, depth + 1)
        return found

    def scalar(self, event, place):
        """A scalar by YAML's core rules; what is quoted, or a block, is text."""
        tag = _short_tag(event)
        if tag == "str" or (tag is None and event.style):
            return event.value
        value = _plain(event.value)
        wanted = {"int": int, "float": (int, float), "bool": bool, "null": type(None)}
        if tag is not None and (
            tag not in wanted or not isinstance(value, wanted[tag])
        ):
            self.fault(
                f"{place} (line {event.start_mark.line + 1})",
                f"the tag {event.tag} cannot be used here: leave it out",
            )
        return value

    def check_tag(self, event, place):
        tag = _short_tag(event)
        if tag is not None and not isinstance(event, COLLECTIONS.get(tag, ())):
            self.fault(
                f"{place} (line {event.start_mark.line + 1})".lstrip(),
                f"the tag {event.tag} cannot be used here: leave it out",
            )

    def fault(self, where, message):
        self.written.faults.append(Fault(self.name, where, message))


def _short_tag(event) -> str | None:
    """The tag that was written out, without YAML's own prefix; `!` means text."""
    tag = str(event.tag) if event.tag is not None else None
    if tag == "!":
        return "str" if isinstance(event, ScalarEvent) else None
    return tag.removeprefix(TAG) if tag else None


def _plain(text: str):
    if text in NULLS:
        return None
    if text in TRUTHS:
        return TRUTHS[text]
    if INTEGER.fullmatch(text) and len(text) < 100:
        return int(text, 0 if text[:2] in ("0o", "0x") else 10)
    if FLOAT.fullmatch(text):
        return float(text)
    if SPECIAL_FLOAT.fullmatch(text):
        return float(text.replace(".", ""))
    return text
