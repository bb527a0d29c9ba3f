"""Lists by cursor: {results, next, previous}.

A cursor holds the place of a row in the order, all keys of it, so a page costs the
same wherever it lies, and rows that come or go elsewhere move nothing on it.
"""

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlencode

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import DateTimeField, Model, Q, QuerySet
from rest_framework.exceptions import ValidationError as BadParameter
from rest_framework.pagination import BasePagination
from rest_framework.response import Response
from rest_framework.settings import api_settings

_LARGEST = 2**63 - 1
# What anybody's own text can make of decoding: infinity and deep nesting as well
_UNREADABLE = (
    *(ValueError, TypeError, OverflowError, RecursionError),
    *(ValidationError, binascii.Error),
)


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: beyond a row (or at it), forwards or backwards.

    Without a position it is the first page, or backwards the last one.
    """

    position: tuple = ()
    reverse: bool = False
    inclusive: bool = False

    def encode(self) -> str:
        text = json.dumps([self.reverse, self.inclusive, *self.position], default=_json)
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str, model: type[Model], ordering) -> "Cursor":
        """Read a cursor for rows in this order; ValueError if it is not one."""
        try:
            padded = text + "=" * (-len(text) % 4)
            reverse, inclusive, *values = json.loads(base64.urlsafe_b64decode(padded))
            if values and len(values) != len(ordering):
                raise ValueError
            fields = (_field(model, name) for name in ordering)
            position = tuple(
                _value(*pair) for pair in zip(fields, values, strict=False)
            )
        except _UNREADABLE:
            raise ValueError("cursor is not one that a page gave out.") from None
        return cls(position, bool(reverse), bool(inclusive))

    @classmethod
    def at(cls, row: Model, ordering) -> "Cursor":
        """The page that begins with a row."""
        return cls(position_of(row, ordering), inclusive=True)


@dataclass(frozen=True)
class Page:
    """Some rows, and where the next and the previous ones are."""

    rows: list
    next: Cursor | None
    previous: Cursor | None


def read_page(queryset: QuerySet, ordering, cursor: Cursor, size: int) -> Page:
    """Read the rows at a cursor; `ordering` names the keys, a unique one last."""
    beyond = queryset
    if cursor.position:
        beyond = queryset.filter(_beyond(ordering, cursor))
    rows = list(beyond.order_by(*_directed(ordering, cursor.reverse))[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    behind = bool(cursor.position) and (
        queryset.filter(_beyond(ordering, _turned(cursor))).exists()
    )
    if not rows:
        previous = Cursor(reverse=True) if behind and not cursor.reverse else None
        return Page([], Cursor() if behind and cursor.reverse else None, previous)
    if cursor.reverse:
        rows.reverse()
    after, before = (behind, more) if cursor.reverse else (more, behind)
    return Page(
        rows,
        Cursor(position_of(rows[-1], ordering)) if after else None,
        Cursor(position_of(rows[0], ordering), reverse=True) if before else None,
    )


def position_of(row: Model, ordering) -> tuple:
    """The keys of a row in an order."""
    return tuple(getattr(row, name.lstrip("-")) for name in ordering)


class CursorPages(BasePagination):
    """Pages in the order that the view's `ordering` names, newest first by default."""

    page_size = api_settings.PAGE_SIZE
    parameter = "cursor"

    def paginate_queryset(self, queryset, request, view=None):
        ordering = getattr(view, "ordering", ("-pk",))
        cursor = self.cursor(queryset, request, ordering)
        self.page = read_page(queryset, ordering, cursor, self.page_size)
        self.request = request
        return self.page.rows

    def cursor(self, queryset, request, ordering) -> Cursor:
        """The cursor that the request names, else the first page."""
        text = request.query_params.get(self.parameter)
        if text is None:
            return self.start(queryset, request, ordering)
        try:
            return Cursor.decode(self.unseal(text), queryset.model, ordering)
        except ValueError as error:
            raise BadParameter({self.parameter: [str(error)]}) from None

    def start(self, queryset, request, ordering) -> Cursor:
        """Where a list begins that was asked for without a cursor."""
        return Cursor()

    def link(self, cursor: Cursor | None) -> str | None:
        """The address of another page of this list."""
        if cursor is None:
            return None
        query = {
            name: value
            for name, value in self.request.query_params.items()
            if name not in self.start_parameters
        }
        query[self.parameter] = self.seal(cursor.encode())
        return f"{settings.URL}{self.request.path}?{urlencode(query)}"

    # Parameters that say where to start, so that a cursor takes their place
    start_parameters: tuple[str, ...] = ()

    def seal(self, text: str) -> str:
        """A cursor as it is handed out."""
        return text

    def unseal(self, text: str) -> str:
        """A cursor as it was made; ValueError if it is not one of ours."""
        return text

    def get_paginated_response(self, data):
        return Response(
            {
                "results": data,
                "next": self.link(self.page.next),
                "previous": self.link(self.page.previous),
            }
        )

    def get_paginated_response_schema(self, schema):
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["results", "next", "previous"],
            "properties": {"results": schema, "next": link, "previous": link},
        }

    def get_schema_operation_parameters(self, view):
        return [
            {
                "name": self.parameter,
                "in": "query",
                "required": False,
                "description": "Of another page, as `next` and `previous` hold it.",
                "schema": {"type": "string"},
            }
        ]


class SealedCursorPages(CursorPages):
    """The same where the keys of the order are not for everybody's eyes."""

    def seal(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def unseal(self, text: str) -> str:
        try:
            return _fernet().decrypt(text.encode()).decode()
        except (InvalidToken, UnicodeError):
            raise ValueError("cursor is not one that a page gave out.") from None


@cache
def _fernet() -> Fernet:
    key = hashlib.sha256(b"podium cursors " + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def _directed(ordering, reverse: bool) -> list[str]:
    if not reverse:
        return list(ordering)
    return [name[1:] if name.startswith("-") else f"-{name}" for name in ordering]


def _turned(cursor: Cursor) -> Cursor:
    """The rows on the other side of a cursor."""
    return Cursor(cursor.position, not cursor.reverse, not cursor.inclusive)


def _beyond(ordering, cursor: Cursor) -> Q:
    """Rows that come after a position in the order of several keys."""
    condition, equal = Q(), Q()
    keys = list(zip(_directed(ordering, cursor.reverse), cursor.position, strict=True))
    for key, value in keys:
        name, side = key.lstrip("-"), "lt" if key.startswith("-") else "gt"
        condition |= equal & Q(**{f"{name}__{side}": value})
        equal &= Q(**{name: value})
    if cursor.inclusive:
        condition |= equal
    # Said once more of the first key alone, so that an index on the order is used.
    key, value = keys[0]
    side = "lte" if key.startswith("-") else "gte"
    return Q(**{f"{key.lstrip('-')}__{side}": value}) & condition


def _field(model, name):
    name = name.lstrip("-")
    return model._meta.pk if name == "pk" else model._meta.get_field(name)


def _value(field, value):
    if isinstance(value, (list, dict)) or value is None:
        raise ValueError
    if isinstance(field, DateTimeField) and not isinstance(value, str):
        raise ValueError
    value = field.to_python(value)
    if isinstance(value, int) and abs(value) > _LARGEST:
        raise ValueError
    if isinstance(value, str) and "\x00" in value:
        raise ValueError
    return value


def _json(value) -> str:
    """Times and ids as text that their fields read back exactly."""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
