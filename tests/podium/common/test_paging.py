"""Pages by cursor hold every row once, whatever the order and the ties."""

import base64
import json
import random

import pytest

from podium.common.models import StoredFile
from podium.common.paging import Cursor, position_of, read_page

pytestmark = pytest.mark.django_db

ORDERS = [("pk",), ("-pk",), ("size", "pk"), ("-size", "sha256"), ("size", "-sha256")]


@pytest.fixture
def rows():
    """Thirty rows of few sizes, so that most of them tie."""
    chance = random.Random(4)
    return StoredFile.objects.bulk_create(
        StoredFile(sha256=f"{number:064}", size=chance.randrange(4))
        for number in chance.sample(range(1000), 30)
    )


def in_order(ordering):
    return list(StoredFile.objects.order_by(*ordering))


def walk(ordering, size, direction, cursor):
    """All pages from a cursor on, in one direction."""
    while cursor is not None:
        text = cursor.encode()
        page = read_page(
            StoredFile.objects.all(),
            ordering,
            Cursor.decode(text, StoredFile, ordering),
            size,
        )
        yield page.rows
        cursor = getattr(page, direction)


@pytest.mark.parametrize("size", [1, 7, 15, 30, 31])
@pytest.mark.parametrize("ordering", ORDERS, ids=",".join)
class TestReadPage:
    def test_goes_forwards_through_all(self, rows, ordering, size):
        pages = list(walk(ordering, size, "next", Cursor()))

        assert sum(pages, []) == in_order(ordering)
        assert all(len(page) == size for page in pages[:-1])

    def test_goes_backwards_through_all(self, rows, ordering, size):
        pages = list(walk(ordering, size, "previous", Cursor(reverse=True)))

        assert sum(reversed(pages), []) == in_order(ordering)

    def test_begins_at_a_row(self, rows, ordering, size):
        expected = in_order(ordering)

        for number, row in enumerate(expected):
            cursor = Cursor.at(row, ordering)
            page = read_page(StoredFile.objects.all(), ordering, cursor, size)
            assert page.rows == expected[number : number + size]
            assert (page.previous is None) == (number == 0)
            assert (page.next is None) == (number + size >= len(expected))


class TestReadPageAtTheEnds:
    def test_is_empty_beyond_the_last_row_and_leads_back(self, rows):
        last = in_order(["pk"])[-1]
        beyond = Cursor(position_of(last, ["pk"]))

        page = read_page(StoredFile.objects.all(), ["pk"], beyond, 10)

        assert page.rows == [] and page.next is None
        assert page.previous == Cursor(reverse=True)

    def test_is_empty_without_rows(self):
        page = read_page(StoredFile.objects.all(), ["pk"], Cursor(), 10)

        assert (page.rows, page.next, page.previous) == ([], None, None)


class TestCursor:
    @pytest.mark.parametrize(
        "values",
        [[], [False], [False, False, 1, 2], [False, False, "x"], [False, False, None]],
        ids=str,
    )
    def test_refuses_what_does_not_fit_the_order(self, values):

        text = base64.urlsafe_b64encode(json.dumps(values).encode()).decode()

        with pytest.raises(ValueError, match="cursor is not one"):
            Cursor.decode(text, StoredFile, ["pk"])

    @pytest.mark.parametrize("huge", [2**63, 10**40, float("inf")], ids=str)
    def test_refuses_numbers_that_no_database_has(self, huge):
        with pytest.raises(ValueError, match="cursor is not one"):
            Cursor.decode(Cursor((huge,)).encode(), StoredFile, ["pk"])

    def test_refuses_what_is_nested_too_deeply(self):
        text = base64.urlsafe_b64encode(b"[" * 100_000).decode()

        with pytest.raises(ValueError, match="cursor is not one"):
            Cursor.decode(text, StoredFile, ["pk"])
