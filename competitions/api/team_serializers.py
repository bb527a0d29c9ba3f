"""Teams, invitations and the ledger as the API shows them, to members."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from competitions.models import Asked, QuotaEntry
from competitions.serializers import page_url, user_names


class InvitationSerializer(serializers.Serializer):
    """A team's question to somebody."""

    id = serializers.IntegerField(source="pk")
    team = serializers.CharField(source="team.name")
    user = serializers.CharField(source="user.username")
    invited_by = serializers.CharField(source="invited_by.username")
    state = serializers.ChoiceField(Asked.choices)
    created_at = serializers.DateTimeField()


class ProposalSerializer(serializers.Serializer):
    """A team's question to another team; the merged one has the name of the first."""

    id = serializers.IntegerField(source="pk")
    from_team = serializers.CharField(source="from_team.name")
    to_team = serializers.CharField(source="to_team.name")
    proposed_by = serializers.CharField(source="proposed_by.username")
    state = serializers.ChoiceField(Asked.choices)
    created_at = serializers.DateTimeField()


class OwnTeamSerializer(serializers.Serializer):
    """One's own team."""

    competition = serializers.SlugField(source="competition.slug")
    team = serializers.CharField(source="name")
    members = serializers.SerializerMethodField()
    max_size = serializers.IntegerField(source="competition.team_max_size")
    submissions = serializers.IntegerField(source="submission_count")
    is_seeking = serializers.BooleanField()
    pitch = serializers.CharField()
    link = serializers.SerializerMethodField(
        help_text="Whoever opens it can come; null where there is none."
    )
    invitations = serializers.SerializerMethodField()
    proposals = serializers.SerializerMethodField()

    def get_members(self, team) -> list[str]:
        return user_names(team)

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_link(self, team):
        path = f"/competitions/{team.competition.slug}/team/join/{team.link}/"
        return page_url(path) if team.link else None

    @extend_schema_field(InvitationSerializer(many=True))
    def get_invitations(self, team):
        waiting = team.invitations.filter(state=Asked.WAITING)
        rows = waiting.select_related("team", "user", "invited_by")
        return InvitationSerializer(rows, many=True).data

    @extend_schema_field(ProposalSerializer(many=True))
    def get_proposals(self, team):
        rows = (
            team.proposals_made.filter(state=Asked.WAITING)
            | team.proposals_received.filter(state=Asked.WAITING)
        ).select_related("from_team", "to_team", "proposed_by")
        return ProposalSerializer(rows, many=True).data


class TeamChangeSerializer(serializers.Serializer):
    """What a member changes; what is left out stays."""

    # Too long or empty: the service says so, in its words.
    name = serializers.CharField(required=False, allow_blank=True)
    is_seeking = serializers.BooleanField(required=False)
    pitch = serializers.CharField(required=False, allow_blank=True, max_length=300)


class InviteSerializer(serializers.Serializer):
    """Whom a team wants."""

    username = serializers.CharField(max_length=60)


class ProposeSerializer(serializers.Serializer):
    """Which team shall become one with one's own."""

    team = serializers.CharField(max_length=80, help_text="Its name.")


class AnswerSerializer(serializers.Serializer):
    """An answer to a question, or the taking back of one."""

    deed = serializers.ChoiceField(["accept", "decline", "withdraw"])
    accept_rules = serializers.BooleanField(
        default=False,
        help_text="Needed with `accept` from whoever does not take part yet.",
    )


class TeamQuotaSerializer(serializers.Serializer):
    """What a team may still submit; null where there is no end."""

    per_day = serializers.IntegerField(allow_null=True)
    total = serializers.IntegerField(allow_null=True)
    left_today = serializers.IntegerField(allow_null=True)
    left_total = serializers.IntegerField(allow_null=True)
    used_total = serializers.IntegerField()
    renews_at = serializers.DateTimeField(allow_null=True)
    time_zone = serializers.CharField(help_text="In which a day begins.")


class LedgerSerializer(serializers.Serializer):
    """One charge or refund."""

    submission = serializers.IntegerField(source="submission_id")
    number = serializers.IntegerField(source="submission.number")
    submitted_by = serializers.CharField(source="submission.submitted_by.username")
    kind = serializers.ChoiceField(QuotaEntry.Kind.choices)
    amount = serializers.IntegerField(help_text="1 for a charge, -1 for a refund.")
    cause = serializers.CharField()
    day = serializers.DateField(help_text="For which it counts.")
    created_at = serializers.DateTimeField()
