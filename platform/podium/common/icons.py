"""The icons of the site: strokes in a box of 16, drawn for Podium."""

from django.utils.html import format_html
from django.utils.safestring import mark_safe

PATHS = {
    "bell": "M4 11.5V7a4 4 0 0 1 8 0v4.5l1 1H3l1-1ZM6.8 14.5h2.4",
    "braces": "M5.5 2C4 2 4 3 4 4.5S3.5 8 2 8c1.5 0 2 2 2 3.5S4 14 5.5 14M10.5 2C12 2 "
    "12 3 12 4.5S12.5 8 14 8c-1.5 0-2 2-2 3.5S12 14 10.5 14",
    "check": "M3 8.5 6.5 12 13 4.5",
    "clock": "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2ZM8 4.5V8l2.5 1.8",
    "copy": "M6.5 5.5h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-6a1 1 0 0 1-1-1v-6a1 1 0 0 1 "
    "1-1ZM10.5 3.5v-1h-8v8h1",
    "cross": "m4 4 8 8M12 4l-8 8",
    "download": "M8 2.5v8M4.5 7.5 8 11l3.5-3.5M2.5 13.5h11",
    "file": "M4 1.5h5.5L13 5v9.5H4zM9.5 1.5V5H13",
    "folder": "M1.5 3.5H6l1.5 2h7v8h-13z",
    "info": "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2ZM8 7.2v4M8 4.8v.2",
    "key": "M10.5 2.5a3 3 0 1 0 0 6 3 3 0 0 0 0-6ZM8.3 7.7 2.5 13.5M4.5 11.5l1.7 1.7",
    "link": "M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2-2a2.6 2.6 0 0 0-3.7-3.7l-.6.6M9.2 6.8"
    "a2.6 2.6 0 0 0-3.7 0l-2 2a2.6 2.6 0 0 0 3.7 3.7l.6-.6",
    "lock": "M4 7h8a1 1 0 0 1 1 1v5a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V8a1 1 0 0 1 1-1ZM5 "
    "7V5a3 3 0 0 1 6 0v2",
    "menu": "M2 4h12M2 8h12M2 12h12",
    "minus": "M3.5 8h9",
    "plus": "M8 3.5v9M3.5 8h9",
    "print": "M4.5 6V2.5h7V6M4.5 11.5h-2V6h11v5.5h-2M4.5 9.5h7v4h-7z",
    "search": "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9ZM10.5 10.5l3.5 3.5",
    "shield": "M8 1.5 13.5 3.5V8c0 3-2.2 5.3-5.5 6.5C4.7 13.3 2.5 11 2.5 8V3.5ZM5.5"
    " 8l1.8 1.8L10.7 6",
    "theme": "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11Z",
    "up": "M8 13V3.5M4 7.5l4-4 4 4",
    "upload": "M8 11V3M4.5 6.5 8 3l3.5 3.5M2.5 13.5h11",
    "warning": "M8 2 14.5 13.5h-13L8 2ZM8 6.5v3.5M8 11.8v.2",
    # What a competition is about
    "arrays": "M2 3a1 1 0 0 1 1-1h10a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1Z"
    "M2 6h12M2 10h12M6 2v12M10 2v12",
    "table": "M2 4a1 1 0 0 1 1-1h10a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1Z"
    "M2 6.3h12M2 9.6h12M6 3v10",
    "plot": "M2.3 2v11.7H14M4 11.5 12.6 4.6M5 9v.01M7.6 9.8v.01M9.2 5.8v.01"
    "M11.8 6.8v.01",
}
# The one filled half: light and dark.
_HALF = mark_safe('<path d="M8 2.5v11a5.5 5.5 0 0 0 0-11Z" fill="currentColor"/>')


def icon(name: str, size: int = 16) -> str:
    """An icon as inline SVG; it is decoration, so words stand beside it."""
    return format_html(
        '<svg width="{0}" height="{0}" viewBox="0 0 16 16" fill="none" '
        'stroke="currentColor" stroke-width="1.5" stroke-linecap="round" '
        'stroke-linejoin="round" aria-hidden="true"><path d="{1}"/>{2}</svg>',
        size,
        PATHS[name],
        _HALF if name == "theme" else "",
    )
