"""Boards: by page, from one's own line, from a rank, and as CSV."""

import csv
from itertools import chain

from django.db.models import Prefetch
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny

from competitions import leaderboard
from competitions.api.base import CompetitionView
from competitions.models import Split
from competitions.serializers import EntrySerializer
from podium.accounts.models import User
from podium.common.paging import Cursor, SealedCursorPages, position_of, read_page

ORDER = ("sort_key", "achieved_at", "pk")
ABOVE = 5  # lines above one's own, where a page starts around it

SPLIT = OpenApiParameter(
    "split",
    enum=Split.values,
    default="public",
    description=(
        "private: for everybody from the close on; before it, and all, for the host. "
        "Others are answered 404."
    ),
)


class BoardPages(SealedCursorPages):
    """Pages of a board; `around=me` and `rank=` say where the first one starts.

    Sealed, because the order begins with the exact score, which the host may have
    rounded for everybody else.
    """

    start_parameters = ("around", "rank")

    def paginate_queryset(self, queryset, request, view=None):
        rows = super().paginate_queryset(queryset, request, view)
        leaderboard.number(rows)
        return rows

    def start(self, queryset, request, ordering) -> Cursor:
        around = request.query_params.get("around")
        rank = request.query_params.get("rank")
        if around is not None:
            return self._around(queryset, request.user, around)
        if rank is not None:
            return self._from(request.parser_context["view"], rank)
        return Cursor()

    def _around(self, queryset, user, around) -> Cursor:
        if around != "me":
            raise ValidationError({"around": ["It can be `me` only."]})
        mine = None
        if user.is_authenticated:
            mine = queryset.filter(team__memberships__user=user).first()
        if mine is None:
            raise NotFound("Your team has no line on this board.")
        before = Cursor(position_of(mine, ORDER), reverse=True)
        above = read_page(queryset, ORDER, before, ABOVE).rows
        return Cursor.at(above[0] if above else mine, ORDER)

    def _from(self, view, rank) -> Cursor:
        if not rank.isascii() or not rank.isdigit() or not 0 < int(rank) < 2**31:
            raise ValidationError({"rank": ["It is a whole number from 1."]})
        first = leaderboard.entry_at_rank(view.competition, view.split, int(rank))
        if first is None:
            raise NotFound(f"Nobody on this board has the rank {rank} or one below it.")
        return Cursor.at(first, ORDER)

    def get_schema_operation_parameters(self, view):
        return [
            *super().get_schema_operation_parameters(view),
            _parameter("around", "string", "`me`: from a few lines above one's own."),
            _parameter("rank", "integer", "From the first line of this rank or below."),
        ]


class BoardView(CompetitionView):
    """A view of the board of one split, for whoever may see it."""

    permission_classes = [AllowAny]

    def get_queryset(self):
        split = self.request.query_params.get("split", Split.PUBLIC)
        if split not in Split.values:
            raise ValidationError({"split": ["It is public, private or all."]})
        if not leaderboard.is_public(self.competition, split):
            if not self.is_run_by_caller():
                raise NotFound("There is no such board, or none that you may see.")
            self.note_reading("read_leaderboard", split=split)
        self.split = split
        members = Prefetch("team__members", User.objects.only("username"))
        return (
            leaderboard.entries(self.competition, split)
            .prefetch_related(None)
            .prefetch_related(members)
        )

    def get_serializer_context(self):
        return {
            "competition": self.competition,
            "exact": self.is_run_by_caller(),
            "own_team": self._own_team(),
        }

    def _own_team(self) -> int | None:
        """The caller's team, whose name they may read where others' are hidden."""
        if not (self.competition.anonymous and self.request.user.is_authenticated):
            return None
        own = self.competition.memberships.filter(user=self.request.user)
        return own.values_list("team", flat=True).first()


class Board(BoardView, ListAPIView):
    """The leaderboard in its order, baselines between the teams."""

    serializer_class = EntrySerializer
    pagination_class = BoardPages
    ordering = ORDER

    @extend_schema(parameters=[SPLIT])
    def get(self, request, *args, **kwargs):
        """Read a page of the leaderboard."""
        return super().get(request, *args, **kwargs)


class BoardCsv(BoardView):
    """The whole leaderboard as CSV, streamed."""

    @extend_schema(parameters=[SPLIT], responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request, slug):
        """Download the leaderboard as a table."""
        entries = self.get_queryset()
        response = StreamingHttpResponse(
            _lines(entries, self.get_serializer_context()),
            content_type="text/csv; charset=utf-8",
        )
        name = f"{slug}-leaderboard-{self.split}.csv"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


def _lines(entries, context):
    writer = csv.writer(_Echo())
    columns = EntrySerializer.Meta.fields
    serializer = EntrySerializer(context=context)
    rows = (
        [_cell(value) for value in serializer.to_representation(entry).values()]
        for entry in leaderboard.numbered(entries.iterator(chunk_size=1000))
    )
    return (writer.writerow(row) for row in chain([columns], rows))


class _Echo:
    """A file for `csv` that hands each line back instead of keeping it."""

    def write(self, line):
        return line


def _cell(value):
    """A value as a cell; text that a spreadsheet would take for a formula is quoted."""
    match value:
        case bool():
            return str(value).lower()
        case list():
            return _cell(" ".join(value))
        case str() if value.startswith(("=", "+", "-", "@", "\t", "\r")):
            return f"'{value}"
    return value


def _parameter(name: str, kind: str, description: str) -> dict:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "schema": {"type": kind},
    }
