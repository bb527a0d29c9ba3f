"""A draft's document: plain JSON that becomes `competition.yaml`, and its places."""

import contextlib
from copy import deepcopy
from decimal import Decimal, InvalidOperation

from competitions.folders.exporting import set_key
from competitions.folders.reading import Reading, as_written, read_document
from competitions.folders.writing import write_document


def to_yaml(document: dict) -> bytes:
    """The document as the folder's `competition.yaml`."""
    data = {"podium": 1, **deepcopy(document)}
    split = data.get("split")
    if isinstance(split, dict) and isinstance(split.get("public"), str):
        # JSON knows no exact decimals, so the share waits as text.
        with contextlib.suppress(InvalidOperation):
            split["public"] = Decimal(split["public"])
    return write_document(data)


def read(document: dict) -> Reading:
    """The document with all its faults, as the importer finds them."""
    return read_document(to_yaml(document))


def from_yaml(content: bytes) -> dict:
    """A `competition.yaml` as a document; empty where it is no mapping."""
    reading = read_document(content)
    if not isinstance(reading.written.data, dict):
        return {}
    return _json(as_written(reading.written))


def get(document: dict, place: str) -> object:
    """What stands at a place such as `quota.per_day`; None where nothing does."""
    found: object = document
    for key in place.split("."):
        found = found.get(key) if isinstance(found, dict) else None
    return found


def put(document: dict, values: dict[str, object]) -> dict:
    """The document with values at their places; what is None goes."""
    changed = deepcopy(document)
    for place, value in values.items():
        key, _, inner = place.partition(".")
        if inner and not isinstance(changed.get(key), dict):
            changed.pop(key, None)
        set_key(changed, place, value)
    return changed


def key_of(where: str) -> str:
    """The place that a fault names, without its line: `metrics[0] (line 4)`."""
    return where.partition(" ")[0]


def is_at(where: str, place: str) -> bool:
    """Whether a fault is about a place, about a part of it, or about all around it."""
    found = key_of(where)
    if found == place or found.startswith((f"{place}.", f"{place}[")):
        return True
    return bool(found) and place.startswith(f"{found}.")


def _json(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): _json(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_json(each) for each in value]
    return str(value) if isinstance(value, Decimal) else value
