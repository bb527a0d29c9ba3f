"""The catalogue of datasets."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from podium.common.lists import page_of, query_without_cursor
from podium.common.tags import frequent_tags
from podium.datasets import catalogue
from podium.datasets.licences import licence_of
from podium.datasets.models import Dataset

PAGE = 20


@require_safe
def listing(request):
    """Datasets that this user may find, with search, filters and four orders."""
    mine = request.GET.get("mine") == "1" and request.user.is_authenticated
    visible = (
        Dataset.objects.editable_by(request.user)
        if mine
        else Dataset.objects.listed_for(request.user)
    )
    asked = {
        "query": request.GET.get("q", "").strip(),
        "tag": request.GET.get("tag", ""),
        "licence": request.GET.get("licence", ""),
    }
    sort = request.GET.get("sort", "")
    sort = sort if sort in catalogue.SORTS else catalogue.DEFAULT_SORT
    order = catalogue.order_of(sort)
    found = catalogue.found(visible, **asked)
    rows = found.select_related("owner", "latest").defer("description", "search_text")
    newest = catalogue.order_of(catalogue.DEFAULT_SORT)
    context = {
        "page": page_of(request, rows, order, PAGE),
        "total": found.count(),
        "q": asked["query"],
        "tag": asked["tag"],
        "licence": asked["licence"],
        "sort": sort,
        "mine": mine,
        "sorts": [(key, words) for key, (words, _) in catalogue.SORTS.items()],
        "tags": frequent_tags(visible, newest, asked["tag"]),
        "licences": [
            (key, licence_of(key).name) for key in catalogue.licences_of(visible)
        ],
        "filters_on": sum(map(bool, (*asked.values(), mine))),
        "query": query_without_cursor(request),
        "without_tag": _query_without(request, "tag"),
    }
    return render(request, "datasets/list.html", context)


def _query_without(request, *names: str) -> str:
    """The other parameters, ready to stand before another one."""
    query = request.GET.copy()
    for name in ("cursor", *names):
        query.pop(name, None)
    text = query.urlencode()
    return f"{text}&" if text else ""
