"""The list of datasets: what is searched, filtered, and in which order."""

from django.db.models import QuerySet

from podium.common.tags import tagged
from podium.datasets.description import plain
from podium.datasets.models import Dataset

# Key, words, and the order itself, which ends with a unique key.
SORTS = {
    "newest": ("Newest", ("-created_at", "-pk")),
    "updated": ("Updated last", ("-updated_at", "-pk")),
    "used": ("Most used", ("-use_count", "-download_count", "-pk")),
    "name": ("Name", ("title_key", "pk")),
}
DEFAULT_SORT = "newest"
LONGEST_QUERY = 200
WORDS = 8  # of a query that are looked for


def order_of(sort: str) -> tuple:
    return SORTS.get(sort, SORTS[DEFAULT_SORT])[1]


def found(
    datasets: QuerySet[Dataset], *, query: str = "", tag: str = "", licence: str = ""
) -> QuerySet[Dataset]:
    """Datasets in whose words all words of a query stand, with a tag and a licence."""
    for word in plain(query[:LONGEST_QUERY]).replace("\x00", "").split()[:WORDS]:
        datasets = datasets.filter(search_text__contains=word)
    if licence:
        datasets = datasets.filter(licence=licence.replace("\x00", ""))
    return tagged(datasets, tag.replace("\x00", ""))


def licences_of(datasets: QuerySet[Dataset]) -> list[str]:
    """The licences that some datasets come under, in order."""
    names = datasets.exclude(licence="").values_list("licence", flat=True)
    return list(names.order_by("licence").distinct()[:30])
