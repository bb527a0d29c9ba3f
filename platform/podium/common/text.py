"""Lines of text as people type them, made fit to stand among other text."""

import re
import unicodedata

# What turns the text after it around: overrides, embeddings and isolates. Marks that
# only set a direction of their own (U+200E, U+200F) and joiners of emoji may stay.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def is_web_address(text: str) -> bool:
    """Whether a link may lead there: no address that a browser would run."""
    return text.startswith(("https://", "http://"))


def one_line(text: str) -> str:
    """A text without line breaks, control characters and what would turn its page."""
    plain = "".join(
        " " if unicodedata.category(character) in ("Cc", "Zl", "Zp") else character
        for character in _TURNING.sub("", text)
    )
    return " ".join(unicodedata.normalize("NFC", plain).split())
