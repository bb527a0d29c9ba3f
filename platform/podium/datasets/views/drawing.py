"""A preview as a page draws it: all geometry in numbers for SVG attributes."""

from podium.common.words import GAP, MINUS, plural, thousands

GAP_WIDTH = 1.2  # between two bars, in hundredths of the width
BOTTOM, TOP = 36, 2  # of the box that a histogram is drawn in
NUMERIC = {"integer", "number"}


def table_of(content: dict) -> dict:
    """The heads and the first rows of a table, with a sentence on what was read."""
    columns = [_head(column, content["rows_read"]) for column in content["columns"]]
    return {
        "columns": columns,
        "rows": [
            {
                "number": number,
                "cells": [
                    {"text": cell, "is_number": column["is_number"]}
                    for cell, column in zip(cells, columns, strict=True)
                ],
            }
            for number, cells in enumerate(content["first"], start=1)
        ],
        "words": _read_words(content),
        "ragged": content["ragged"],
        "more_columns": content["column_count"] - len(columns),
    }


def arrays_of(content: dict) -> dict:
    """Arrays with their shapes; samples and histograms where there are any."""
    return {
        "arrays": [_array(array) for array in content["arrays"]],
        "more": content["array_count"] - len(content["arrays"]),
    }


def _array(array: dict) -> dict:
    shape = " × ".join(thousands(side) for side in array["shape"]) or "one value"
    told = {
        "name": array["name"],
        "shape": shape,
        "dtype": array["dtype"],
        "samples": array.get("samples", []),
    }
    if array.get("bars"):
        told |= {
            "bars": _bars(array["bars"]),
            "low": number_text(array["low"]),
            "high": number_text(array["high"]),
            "label": _label(array["name"], array),
        }
    return told


def _head(column: dict, rows: int) -> dict:
    is_number = column["type"] in NUMERIC
    head = {
        "name": column["name"],
        "type": column["type"],
        "is_number": is_number,
        "missing": _missing(column["missing"], rows),
        "bars": _bars(column.get("bars", [])),
        "label": _label(column["name"], column),
        "ends": [],
        "different": "",
    }
    if is_number and "low" in column:
        ends = [column["low"], column["high"]]
        head["ends"] = [number_text(end) for end in ends[: 1 + (ends[0] != ends[1])]]
    elif column.get("bars"):
        head["ends"] = _names(column["bars"])
    elif column["type"] != "empty":
        count = thousands(column["different"])
        head["different"] = (
            f"over {count} different values"
            if column["has_more"]
            else plural(column["different"], "different value")
        )
    return head


def _bars(bars: list) -> list[dict]:
    if not bars:
        return []
    width, most = 100 / len(bars), max(count for _, count in bars) or 1
    drawn = []
    for number, (_, count) in enumerate(bars):
        height = (BOTTOM - TOP) * count / most
        drawn.append(
            {
                "x": f"{number * width + GAP_WIDTH / 2:.2f}",
                "y": f"{BOTTOM - height:.2f}",
                "width": f"{max(0.4, width - GAP_WIDTH):.2f}",
                "height": f"{height:.2f}",
            }
        )
    return drawn


def _label(name: str, told: dict) -> str:
    """What the drawing says, in words."""
    bars = told.get("bars", [])
    if "low" in told and told["low"] is not None:
        return (
            f"{name} from {number_text(told['low'])} to {number_text(told['high'])}, "
            f"mean {number_text(told['mean'])}"
        )
    return f"{name}: " + ", ".join(f"{text} {thousands(n)}" for text, n in bars)


def _names(bars: list) -> list[str]:
    """The names below the bars of a category: as many as fit."""
    if len(bars) <= 2:
        return [f"{text[:12]} {thousands(count)}" for text, count in bars]
    if len(bars) == 3:
        return [text[:10] for text, _ in bars]
    return [f"{bars[0][0][:12]} {thousands(bars[0][1])}", f"{len(bars)} kinds"]


def _missing(count: int, rows: int) -> str:
    if not count:
        return "complete"
    share = 100 * count / rows
    percent = f"{share:.0f}" if share >= 1 else f"{share:.1g}"
    return f"{thousands(count)} missing ({percent}{GAP}%)"


def _read_words(content: dict) -> str:
    shown, read = len(content["first"]), content["rows_read"]
    if content["rows"] is None:
        return f"first {shown} rows, columns summed up over the first {thousands(read)}"
    if content["rows"] > read:
        return (
            f"first {shown} of {thousands(content['rows'])} rows, columns summed up "
            f"over the first {thousands(read)}"
        )
    if content["rows"] > shown:
        return (
            f"first {shown} of {thousands(read)} rows, columns summed up over all rows"
        )
    return plural(read, "row")


def number_text(number: float) -> str:
    """A number with as many digits as are read easily."""
    return f"{number:.6g}".replace("-", MINUS)
