"""Tags: a few short words that rows carry as a JSON list, and how they are found."""

import json
from collections import Counter

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from podium.common.errors import BadRequest
from podium.common.text import one_line

MOST = 8
LONGEST = 40  # characters
READ = 500  # rows that the tags shown above a list are taken from
SHOWN = 16


def clean_tags(words) -> list[str]:
    """Tags as they are kept: tidied, lower case, each once; BadRequest if too many."""
    if isinstance(words, str):
        words = words.split(",")
    tags = list(dict.fromkeys(filter(None, (one_line(word).lower() for word in words))))
    if len(tags) > MOST:
        raise BadRequest(f"There are {len(tags)} tags: give at most {MOST}.")
    for tag in tags:
        if len(tag) > LONGEST:
            raise BadRequest(
                f"The tag “{tag[:LONGEST]}…” is too long: a tag has at most {LONGEST} "
                "characters."
            )
    return tags


def tagged(rows: QuerySet, tag: str) -> QuerySet:
    """Rows with a tag, whichever way the database writes its JSON."""
    if not tag:
        return rows
    escaped, plain = json.dumps(tag), json.dumps(tag, ensure_ascii=False)
    return with_tag_text(rows).filter(
        Q(tag_text__contains=escaped) | Q(tag_text__contains=plain)
    )


def with_tag_text(rows: QuerySet) -> QuerySet:
    """Rows with their tags as a text `tag_text`, for a search."""
    return rows.annotate(tag_text=Cast("tags", TextField()))


def frequent_tags(rows: QuerySet, ordering: tuple, chosen: str = "") -> list[str]:
    """The most frequent tags of the first rows; the chosen one is always there."""
    lists = rows.order_by(*ordering).values_list("tags", flat=True)[:READ]
    counted = Counter(tag for tags in lists for tag in tags)
    tags = [tag for tag, _ in counted.most_common(SHOWN)]
    if chosen and chosen not in tags:
        tags.insert(0, chosen)
    return tags
