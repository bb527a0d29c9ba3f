"""What is told of a dataset: checked before it is kept, and made ready to be found."""

import unicodedata

from podium.common.errors import BadRequest
from podium.common.tags import clean_tags
from podium.common.text import one_line
from podium.datasets.limits import MAX_DESCRIPTION
from podium.datasets.models import Dataset

LINES = {"title": 120, "subtitle": 200, "licence": 80}  # characters


def described(**words) -> dict:
    """The fields as they are kept, those that are given; BadRequest tells a fault."""
    values = {}
    for name, value in words.items():
        if name in LINES:
            values[name] = _line(name, value or "")
        elif name == "description":
            values[name] = _text(value or "")
        elif name == "tags":
            values[name] = clean_tags(value or ())
        elif name == "visibility":
            values[name] = _visibility(value)
        else:
            raise TypeError(f"a dataset has no field {name!r}")
    return values


def catalogue_words(dataset: Dataset) -> dict[str, str]:
    """What the catalogue searches and orders by."""
    words = (dataset.title, dataset.subtitle, dataset.slug, dataset.owner.username)
    return {
        "search_text": "\n".join(map(plain, (*words, *dataset.tags))) + "\n",
        "title_key": plain(dataset.title)[:200],
    }


def plain(text: str) -> str:
    """A text as it is compared: in one case and one way of writing each letter."""
    return unicodedata.normalize("NFKC", text).casefold()


def _line(name: str, value: str) -> str:
    text = one_line(value)
    if name == "title" and not text:
        raise BadRequest("A dataset needs a title.")
    if len(text) > LINES[name]:
        raise BadRequest(
            f"The {name} has {len(text)} characters: at most {LINES[name]} are taken."
        )
    return text


def _text(value: str) -> str:
    if len(value) > MAX_DESCRIPTION:
        raise BadRequest(
            f"The description has {len(value)} characters: at most {MAX_DESCRIPTION} "
            "are taken."
        )
    return value.replace("\x00", "").replace("\r\n", "\n").strip()


def _visibility(value) -> str:
    known = Dataset.Visibility.values
    if value not in known:
        raise BadRequest(f"The visibility must be one of {', '.join(known)}.")
    return value
