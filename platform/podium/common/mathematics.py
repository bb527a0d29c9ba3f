"""Formulas in TeX's notation, turned into MathML that a browser draws by itself."""

import re
from functools import lru_cache
from html import unescape
from xml.etree.ElementTree import Element

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from latex2mathml.converter import convert_to_element

LONGEST = 2000  # characters of one formula

TAGS = {
    *("math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "mroot"),
    *("msub", "msup", "msubsup", "munder", "mover", "munderover", "mmultiscripts"),
    *("mprescripts", "mtable", "mtr", "mtd", "mphantom", "mpadded", "mstyle"),
}
# Shapes and distances; no colours, links, classes or styles.
ATTRIBUTES = {
    *("accent", "accentunder", "columnalign", "columnspacing", "depth", "display"),
    *("displaystyle", "fence", "form", "height", "largeop", "linethickness", "lspace"),
    *("mathvariant", "maxsize", "minsize", "movablelimits", "rowspacing", "rspace"),
    *("scriptlevel", "separator", "stretchy", "symmetric", "width"),
}
_VALUE = re.compile(r"[\w.+\-% ]{1,40}\Z", re.ASCII)


@lru_cache(maxsize=2048)
def mathml(source: str, *, is_block: bool = False) -> SafeString:
    """A formula as MathML; one that cannot be read stands as it was typed."""
    if len(source) > LONGEST:
        return _as_typed(source, is_block)
    try:
        display = "block" if is_block else "inline"
        return mark_safe(_markup(convert_to_element(source, display=display)))
    except Exception:  # of the parser, over text that anybody may have typed
        return _as_typed(source, is_block)


def _markup(element: Element) -> str:
    """An element and its children: known ones whole, of others the content."""
    inside = escape(unescape(element.text or ""))
    inside += "".join(map(_markup, element))
    if element.tag not in TAGS:
        return f"<mrow>{inside}</mrow>"
    kept = "".join(
        f' {name}="{value}"'
        for name, value in element.attrib.items()
        if name in ATTRIBUTES and _VALUE.match(value)
    )
    return f"<{element.tag}{kept}>{inside}</{element.tag}>"


def _as_typed(source: str, is_block: bool) -> SafeString:
    mark = "$$" if is_block else "$"
    return format_html("<code>{0}{1}{0}</code>", mark, source.strip())
