"""The badge as a picture: an SVG that we draw, and the same as PNG."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import resvg_py
from django.utils.html import format_html, mark_safe
from PIL import ImageFont

from podium.common import words
from podium.common.text import one_line
from podium.credentials.document import words_of_site
from podium.credentials.models import Credential
from podium.credentials.wording import place_of, score_text

SIDE = 600
FONTS = Path(__file__).with_name("fonts")
SERIF = "DejaVuSerifCondensed-Bold.ttf"
SANS = "DejaVuSansCondensed.ttf"
FAMILIES = {
    SERIF: "'DejaVu Serif Condensed', 'DejaVu Serif', Georgia, serif",
    SANS: "'DejaVu Sans Condensed', 'DejaVu Sans', Verdana, sans-serif",
}
GREEN, INK, SOFT, PAPER, LINE, MARK = (
    *("#0b5d43", "#14211c", "#4c5a54"),
    *("#ffffff", "#c9d3ce", "#d8e64f"),
)
_PODIUM = "M4 24.5H26M6.5 24.5V17H12V12H18V19.5H23.5V24.5"  # the mark, in 30 x 30


@dataclass(frozen=True)
class Line:
    """A line of text, set in the middle."""

    text: str
    y: int
    size: int
    font: str = SANS
    colour: str = INK


def svg_of(credential: Credential) -> str:
    """The badge of a credential, not yet baked."""
    facts, metric = credential.facts, credential.facts["metric"]["title"]
    is_final = credential.kind == Credential.Kind.FINAL
    holder = one_line(credential.holder.get_full_name())
    day = credential.facts["asOf"][:10]
    lines = [
        *_wrapped(facts["competition"]["title"], 132, 34, 2),
        Line("Final result" if is_final else f"Standing as of {day}", 222, 20),
        Line(place_of(facts), 322, 84, SERIF, GREEN),
        _fitted(f"{metric} {score_text(facts['score'])}", 368, 26, SANS, INK),
        Line(_interval(facts), 398, 18, SANS, SOFT),
        _fitted(holder, 466, 32, SERIF, INK),
        Line(f"Verify at {words_of_site()}/verify/", 532, 17, SANS, SOFT),
        Line(credential.code_in_groups, 562, 22, SANS, INK),
    ]
    title = f"{holder}: rank {place_of(facts)} in {facts['competition']['title']}"
    drawn = mark_safe("".join(_text(line) for line in lines if line.text))
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{0}" '
        'viewBox="0 0 {0} {0}" role="img"><title>{1}</title>'
        '<rect x="6" y="6" width="588" height="588" rx="26" fill="{2}" '
        'stroke="{3}" stroke-width="6"/>'
        '<path d="M6 78V32A26 26 0 0 1 32 6H568A26 26 0 0 1 594 32V78Z" fill="{3}"/>'
        '<g transform="translate(276 14) scale(1.6)"><path d="{4}" fill="none" '
        'stroke="#fff" stroke-width="2" stroke-linecap="square"/>'
        '<circle cx="15" cy="6.8" r="2.5" fill="{5}"/></g>'
        '<path d="M60 424H540M60 498H540" stroke="{6}" stroke-width="2"/>{7}</svg>',
        *(SIDE, _plain(title), PAPER, GREEN, _PODIUM, MARK, LINE, drawn),
    )


def png_of(svg: str) -> bytes:
    """The picture in pixels; fonts come with Podium, for a server may have none."""
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg, font_files=[str(FONTS / name) for name in FAMILIES]
        )
    )


def _interval(facts: dict) -> str:
    if facts["interval"] is None:
        return ""
    low, high = (score_text(value) for value in facts["interval"])
    return f"95{words.GAP}% interval {low} to {high}"


def _text(line: Line) -> str:
    return format_html(
        '<text x="{}" y="{}" font-family="{}" font-size="{}" fill="{}" '
        'text-anchor="middle"{}>{}</text>',
        *(SIDE // 2, line.y, FAMILIES[line.font], line.size, line.colour),
        mark_safe(' font-weight="bold"' if line.font == SERIF else ""),
        _plain(line.text),
    )


def _plain(text: str) -> str:
    """A text without the characters that XML has no place for."""
    return one_line(text).translate({0xFFFE: None, 0xFFFF: None})


def _wrapped(text: str, y: int, size: int, most: int) -> list[Line]:
    """A title in so many lines, the last one cut short where it must be."""
    lines, rest = [], text.split()
    while rest and len(lines) < most:
        is_last = len(lines) == most - 1
        taken = len(rest)
        while taken > 1 and _width(" ".join(rest[:taken]), SERIF, size) > 500:
            taken -= 1
        chunk = rest if is_last else rest[:taken]
        lines.append(_shortened(" ".join(chunk), SERIF, size))
        rest = rest[taken:]
    top = y if len(lines) > 1 else y + size // 2
    return [
        Line(line, top + number * (size + 6), size, SERIF)
        for number, line in enumerate(lines)
    ]


def _fitted(text: str, y: int, size: int, font: str, colour: str) -> Line:
    """A line in smaller letters where it is long, and cut short where too long."""
    while size > 16 and _width(text, font, size) > 500:
        size -= 2
    return Line(_shortened(text, font, size), y, size, font, colour)


def _shortened(text: str, font: str, size: int) -> str:
    if _width(text, font, size) <= 520:
        return text
    while text and _width(f"{text}…", font, size) > 520:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _width(text: str, font: str, size: int) -> float:
    return _font(font, size).getlength(text)


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / name, size)
