"""Pages of a list on an HTML page: `?cursor=`, as the API has it."""

from django.db.models import QuerySet
from django.http import Http404

from podium.common.paging import Cursor, Page, read_page


def page_of(
    request, rows: QuerySet, ordering: tuple, size: int, start: Cursor | None = None
) -> Page:
    """The page that the address asks for; a cursor that none gave out answers 404."""
    text = request.GET.get("cursor")
    try:
        cursor = Cursor.decode(text, rows.model, ordering) if text else start
    except ValueError as error:
        raise Http404(str(error)) from None
    return read_page(rows, ordering, cursor or Cursor(), size)


def query_without_cursor(request) -> str:
    """The other parameters of an address, ready to stand before `cursor=`."""
    query = request.GET.copy()
    for name in ("cursor", "around"):
        query.pop(name, None)
    text = query.urlencode()
    return f"{text}&" if text else ""
