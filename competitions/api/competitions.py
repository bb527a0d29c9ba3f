"""The list of competitions, one of them, and taking part in it."""

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.permissions import AllowAny
from rest_framework.response import Response

from competitions import audit, services
from competitions.api.base import CompetitionView, visible_competitions
from competitions.models import Competition
from competitions.serializers import (
    CompetitionSerializer,
    JoinSerializer,
    TeamSerializer,
)


class CompetitionList(CompetitionView, ListAPIView):
    """The competitions that one may see, the newest first."""

    permission_classes = [AllowAny]
    serializer_class = CompetitionSerializer
    ordering = ("-opens_at", "-pk")

    def get_queryset(self):
        return visible_competitions(self.request.user).listed()

    def paginate_queryset(self, queryset):
        page = super().paginate_queryset(queryset)
        for competition in page:
            note_hidden(self.request.user, competition)
        return page


class CompetitionDetail(CompetitionView, RetrieveAPIView):
    """One competition: what it takes, how much, and until when."""

    permission_classes = [AllowAny]
    serializer_class = CompetitionSerializer

    def get_object(self):
        note_hidden(self.request.user, self.competition)
        return self.competition


class Join(CompetitionView):
    """Take part, accepting the rules as they stand now."""

    @extend_schema(
        request=JoinSerializer,
        responses={
            201: TeamSerializer,
            200: OpenApiResponse(TeamSerializer, "One takes part already."),
        },
    )
    def post(self, request, slug):
        """Join, or accept rules that have changed."""
        competition = self.competition
        form = JoinSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        team, is_new = services.join(competition=competition, user=request.user)
        return Response(
            TeamSerializer(team).data,
            status=status.HTTP_201_CREATED if is_new else status.HTTP_200_OK,
        )


def note_hidden(user, competition: Competition) -> None:
    """Note where staff see a competition that others like them would not find."""
    is_public = competition.visibility == Competition.Visibility.PUBLIC
    if competition.published_at and (is_public or competition.joined):
        return
    audit.reading(user, competition, "read_competition")
