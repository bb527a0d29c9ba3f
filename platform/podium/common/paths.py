"""Names that may stand in an address: slugs, and paths of files."""

import re

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?")
MAX_SLUG = 80
MAX_PATH = 400
# Words that addresses need for themselves.
RESERVED = frozenset(
    (
        *("list", "data", "submissions", "download", "download-all", "view"),
        *("metadata", "status", "create", "url", "submit", "settings", "pages"),
        "hosts",
    )
)
# And those that stand beside a slug on the pages of hosts and writers.
PAGES = frozenset(("new", "drafts", "mine"))


def slug_problem(slug: str) -> str:
    """What is wrong with a slug, and what would be right; empty where nothing is."""
    if slug in RESERVED | PAGES:
        return f"{slug!r} is a word of Podium's own: choose another"
    if not SLUG.fullmatch(slug) or len(slug) > MAX_SLUG:
        return (
            "must have lower-case letters, digits, hyphens and underscores, at most "
            f"{MAX_SLUG}, and begin and end with a letter or digit"
        )
    return ""


def path_problem(path: str) -> str:
    """What is wrong with a path inside a folder; empty where nothing is."""
    if any(ord(letter) < 32 or 0xD800 <= ord(letter) <= 0xDFFF for letter in path):
        return "its name must be UTF-8 without control characters"
    if "\\" in path or path.startswith("/"):
        return "its path must be relative, with / between folders"
    if any(part in ("", ".", "..") for part in path.split("/")):
        return "its path must not hold empty parts, . or .."
    if path.lower() in RESERVED:
        return f"{path!r} is a word of Podium's own: give it another name"
    if len(path) > MAX_PATH:
        return f"its path has more than {MAX_PATH} characters"
    return ""
