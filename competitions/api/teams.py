"""One's team: read and changed, invitations and mergers, and its quota."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.response import Response

from competitions import quota, services
from competitions.api.base import CompetitionView
from competitions.api.team_serializers import (
    AnswerSerializer,
    InvitationSerializer,
    InviteSerializer,
    LedgerSerializer,
    OwnTeamSerializer,
    ProposalSerializer,
    ProposeSerializer,
    TeamChangeSerializer,
    TeamQuotaSerializer,
)
from competitions.models import (
    Membership,
    MergeProposal,
    QuotaEntry,
    TeamInvitation,
)
from competitions.teams import joining, members, merging


class TeamView(CompetitionView):
    """A view of the caller's team; 403 for whoever takes no part."""

    def initial(self, request, *args, **kwargs):
        """Whoever may not see the competition reads nothing of what a form lacks."""
        super().initial(request, *args, **kwargs)
        self.competition  # noqa: B018, raises 404

    def team(self):
        found = Membership.objects.select_related("team__competition")
        membership = found.filter(
            competition=self.competition, user=self.request.user
        ).first()
        if membership is None:
            services.membership_of(self.competition, self.request.user)  # raises
        return membership.team

    def shown(self) -> Response:
        return Response(OwnTeamSerializer(self.team()).data)


class OwnTeam(TeamView):
    """One's team."""

    @extend_schema(responses=OwnTeamSerializer)
    def get(self, request, slug):
        """Read who is in one's team, and what waits for an answer."""
        return self.shown()

    @extend_schema(request=TeamChangeSerializer, responses=OwnTeamSerializer)
    def patch(self, request, slug):
        """Rename one's team, or say whether it is open to team up."""
        form = TeamChangeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        given, team = form.validated_data, self.team()
        about = {"competition": self.competition, "user": request.user}
        if "name" in given:
            members.rename(name=given["name"], **about)
        if given.keys() & {"is_seeking", "pitch"}:
            members.seek(
                is_seeking=given.get("is_seeking", team.is_seeking),
                pitch=given.get("pitch", team.pitch),
                **about,
            )
        return self.shown()


class LeaveTeam(TeamView):
    """Leaving."""

    @extend_schema(
        request=None, responses={204: OpenApiResponse(description="One has left.")}
    )
    def post(self, request, slug):
        """Leave a team that has submitted nothing; alone, leave the competition."""
        self.team()
        members.leave(competition=self.competition, user=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Invite(TeamView):
    """Inviting somebody."""

    @extend_schema(request=InviteSerializer, responses={201: InvitationSerializer})
    def post(self, request, slug):
        """Invite somebody by name to one's team."""
        form = InviteSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        invitation = joining.invite(
            competition=self.competition, user=request.user, **form.validated_data
        )
        return Response(
            InvitationSerializer(invitation).data, status=status.HTTP_201_CREATED
        )


class AnswerInvitation(TeamView):
    """Answering an invitation, or taking it back."""

    @extend_schema(
        operation_id="competitions_team_invitations_answer",
        request=AnswerSerializer,
        responses=InvitationSerializer,
    )
    def post(self, request, slug, pk):
        """Accept or decline an invitation to oneself; withdraw one of one's team."""
        form = AnswerSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        deed = form.validated_data["deed"]
        asked = TeamInvitation.objects.filter(team__competition=self.competition)
        mine = (
            {"team__memberships__user": request.user}
            if deed == "withdraw"
            else {"user": request.user}
        )
        invitation = get_object_or_404(asked, pk=pk, **mine)
        if deed == "accept":
            joining.accept(
                invitation=invitation,
                user=request.user,
                accept_rules=form.validated_data["accept_rules"],
            )
        elif deed == "decline":
            joining.decline(invitation=invitation, user=request.user)
        else:
            joining.withdraw(invitation=invitation)
        return Response(InvitationSerializer(asked.get(pk=pk)).data)


class Propose(TeamView):
    """Proposing to merge."""

    @extend_schema(request=ProposeSerializer, responses={201: ProposalSerializer})
    def post(self, request, slug):
        """Ask another team to become one with one's own, under one's own name."""
        form = ProposeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        services.membership_of(self.competition, request.user)
        other = get_object_or_404(
            self.competition.teams,
            name__iexact=form.validated_data["team"],
            is_baseline=False,
        )
        proposal = merging.propose(
            competition=self.competition, user=request.user, other=other
        )
        return Response(
            ProposalSerializer(proposal).data, status=status.HTTP_201_CREATED
        )


class AnswerProposal(TeamView):
    """Answering a proposal to merge, or taking it back."""

    @extend_schema(
        operation_id="competitions_team_mergers_answer",
        request=AnswerSerializer,
        responses=OwnTeamSerializer,
    )
    def post(self, request, slug, pk):
        """Accept or decline a proposal to one's team; withdraw one of one's own."""
        form = AnswerSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        deed = form.validated_data["deed"]
        side = "from_team" if deed == "withdraw" else "to_team"
        mine = {f"{side}__memberships__user": request.user}
        proposal = get_object_or_404(
            MergeProposal.objects.filter(from_team__competition=self.competition),
            pk=pk,
            **mine,
        )
        if deed == "accept":
            merging.accept(proposal=proposal, user=request.user)
        elif deed == "decline":
            merging.decline(proposal=proposal, user=request.user)
        else:
            merging.withdraw(proposal=proposal)
        return self.shown()


class QuotaLeft(TeamView):
    """What is left of one's team's quota."""

    @extend_schema(responses=TeamQuotaSerializer)
    def get(self, request, slug):
        """Read how many submissions are left, and when there are more."""
        competition, team = self.competition, self.team()
        left = quota.left(team, competition)
        daily = competition.quota_per_day is not None
        values = {
            "per_day": competition.quota_per_day,
            "total": competition.quota_total,
            "left_today": left.today,
            "left_total": left.total,
            "used_total": quota.used_by_team([team.pk]).get(team.pk, 0),
            "renews_at": left.renews_at if daily else None,
            "time_zone": competition.time_zone,
        }
        return Response(TeamQuotaSerializer(values).data)


class Ledger(TeamView, ListAPIView):
    """The charges and refunds of one's team."""

    serializer_class = LedgerSerializer
    ordering = ("-created_at", "-pk")

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return QuotaEntry.objects.none()
        return quota.entries(self.team())
