"""Writes a `competition.yaml`: plain values as YAML that reads back as the same."""

import re
from decimal import Decimal

from competitions.folders.document import Document
from competitions.folders.yaml import FLOAT, INTEGER, NULLS, SPECIAL_FLOAT, TRUTHS

ORDER = {name: place for place, name in enumerate(Document.model_fields)}
PLAIN = re.compile(r"[A-Za-z_](?:[A-Za-z0-9_./+ -]*[A-Za-z0-9_./+-])?")
# Other readers of YAML take these for truths, so they stand in quotes.
ELSEWHERE = {"yes", "no", "on", "off", "y", "n", "true", "false", "null"}
BLOCKS = ("inputs", "baselines", "prizes")  # an item on each line


def write_document(data: dict) -> bytes:
    """A document's keys in their usual order, each value on its line."""
    keys = sorted(data, key=lambda key: ORDER.get(key, len(ORDER)))
    return "".join(f"{_word(key)}:{_value(key, data[key])}\n" for key in keys).encode()


def _value(key: str, value: object) -> str:
    lines = []
    if key in BLOCKS and isinstance(value, dict):
        lines = [f"{_word(name)}: {_flow(each)}" for name, each in value.items()]
    elif key in BLOCKS and isinstance(value, list):
        lines = [f"- {_flow(each)}" for each in value]
    return "".join(f"\n  {line}" for line in lines) or f" {_flow(value)}"


def _flow(value: object) -> str:
    if isinstance(value, dict):
        parts = (f"{_word(key)}: {_flow(each)}" for key, each in value.items())
        return f"{{{', '.join(parts)}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_flow, value))}]"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, int | float):
        return _number(value)
    return _word(str(value))


def _number(value: int | float) -> str:
    text = repr(value)
    return {"inf": ".inf", "-inf": "-.inf", "nan": ".nan"}.get(text, text)


def _word(text: str) -> str:
    """A text as it stands where nothing else could be meant, else in quotes."""
    reserved = text in NULLS or text in TRUTHS or text.lower() in ELSEWHERE
    number = any(each.fullmatch(text) for each in (INTEGER, FLOAT, SPECIAL_FLOAT))
    if PLAIN.fullmatch(text) and not reserved and not number:
        return text
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(letter: str) -> str:
    if letter in '"\\':
        return f"\\{letter}"
    if letter == " " or letter.isprintable():
        return letter
    code = ord(letter)
    return f"\\x{code:02x}" if code < 256 else f"\\U{code:08x}"
