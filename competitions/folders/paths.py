"""Names that may stand in an address; the rules are the whole site's."""

from podium.common.paths import (
    MAX_PATH,
    MAX_SLUG,
    RESERVED,
    SLUG,
    path_problem,
    slug_problem,
)

__all__ = [
    "MAX_PATH",
    "MAX_SLUG",
    "RESERVED",
    "SLUG",
    "path_problem",
    "slug_problem",
]
