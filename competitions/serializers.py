"""Competitions, submissions and boards as the API shows them.

Every key is always there, null when empty. Only `HostSubmissionSerializer` knows the
scores that stay hidden, and only views for hosts and staff use it.
"""

from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field, inline_serializer
from rest_framework import serializers

from competitions.leaderboard import name_of, shown_score
from competitions.models import Competition, LeaderboardEntry, Submission
from podium.datasets.models import DatasetFile
from scoring.sandbox import Usage


def page_url(path: str) -> str:
    """The address of a page of this site."""
    return f"{settings.URL}{path}"


class MetricSerializer(serializers.Serializer):
    """The metric that ranks."""

    key = serializers.CharField()
    parameters = serializers.DictField()


class LimitsSerializer(serializers.Serializer):
    """What one run may use; MB are 10^6 bytes."""

    seconds = serializers.IntegerField(source="limit_seconds")
    memory_mb = serializers.IntegerField(source="limit_memory_mb")
    file_mb = serializers.IntegerField(source="limit_file_mb")


class QuotaSerializer(serializers.Serializer):
    """How many submissions a team may make; null where there is no end."""

    per_day = serializers.IntegerField(source="quota_per_day", allow_null=True)
    total = serializers.IntegerField(source="quota_total", allow_null=True)


class ContractSerializer(serializers.Serializer):
    """What a model is fed and must answer, as `competition.yaml` has it."""

    inputs = serializers.DictField(child=serializers.DictField())
    output = serializers.DictField()


class CompetitionSerializer(serializers.ModelSerializer):
    """What everybody may know of a competition that they see."""

    status = serializers.ChoiceField(Competition.Status.choices, read_only=True)
    metric = MetricSerializer(read_only=True)
    teams = serializers.IntegerField(source="team_count", read_only=True)
    joined = serializers.BooleanField(read_only=True)  # annotated
    accepts = serializers.ListField(child=serializers.CharField(), read_only=True)
    limits = LimitsSerializer(source="*", read_only=True)
    quota = QuotaSerializer(source="*", read_only=True)
    contract = ContractSerializer(read_only=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = Competition
        fields = [
            *("slug", "title", "subtitle", "status", "metric", "direction"),
            *("opens_at", "closes_at", "teams", "joined", "accepts", "limits"),
            *("quota", "contract", "url"),
        ]
        read_only_fields = fields

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, competition) -> str:
        return page_url(f"/competitions/{competition.slug}/")


class Answer(serializers.BooleanField):
    """A yes or no that has to be given: left out of a form, it is not a no."""

    default_empty_html = serializers.empty


class JoinSerializer(serializers.Serializer):
    """What somebody sends who wants to take part."""

    accept_rules = Answer(help_text="Must be true.")

    def validate_accept_rules(self, value):
        if not value:
            raise serializers.ValidationError(
                "Read the rules and send true: taking part means accepting them."
            )
        return value


class TeamSerializer(serializers.Serializer):
    """A team, to its members."""

    competition = serializers.SlugField(source="competition.slug")
    team = serializers.CharField(source="name")
    members = serializers.SerializerMethodField()

    def get_members(self, team) -> list[str]:
        return user_names(team)


class FileSerializer(serializers.ModelSerializer):
    """A file that participants download."""

    size = serializers.IntegerField(source="stored.size")
    sha256 = serializers.CharField(source="stored.sha256")

    class Meta:
        model = DatasetFile
        fields = ["path", "size", "sha256"]
        read_only_fields = fields


class UploadSerializer(serializers.Serializer):
    """What somebody sends who submits: the form's fields."""

    # An empty file and a long name are the service's to refuse, in its words.
    file = serializers.FileField(
        allow_empty_file=True,
        error_messages={
            "required": "Send the model, or the file of predictions, in this field.",
            "invalid": "This field is a file: send the form as multipart/form-data.",
        },
    )
    description = serializers.CharField(
        max_length=500, required=False, allow_blank=True, default=""
    )


class CheckUploadSerializer(UploadSerializer):
    """What somebody sends who tries a file: the file alone."""

    description = None


class ProblemSerializer(serializers.Serializer):
    """One thing that is wrong with a file."""

    reason = serializers.ChoiceField(Submission.Reason.choices)
    message = serializers.CharField()


class UsedSerializer(serializers.Serializer):
    """Seconds and memory; on rows in the open they are told as they are."""

    seconds = serializers.FloatField()
    peak_mb = serializers.FloatField()


class CheckSerializer(serializers.Serializer):
    """What a check found, for the team that asked for it."""

    ok = serializers.SerializerMethodField()
    problems = ProblemSerializer(many=True)
    printed = serializers.CharField()
    usage = UsedSerializer(allow_null=True)
    estimate = UsedSerializer(
        allow_null=True, help_text="Of the run on all hidden rows."
    )

    def get_ok(self, report) -> bool:
        return not report["problems"]


class SelectSerializer(serializers.Serializer):
    """Whether a submission shall count in the end."""

    selected = Answer()


class SubmissionSerializer(serializers.ModelSerializer):
    """What a team may read of its submission: never a hidden score or a trace of one.

    `facts` in the context holds what was read for all submissions of a page at once.
    """

    competition = serializers.SlugField(source="competition.slug", read_only=True)
    reason = serializers.SerializerMethodField()
    message = serializers.SerializerMethodField()
    public_score = serializers.SerializerMethodField()
    interval = serializers.SerializerMethodField()
    queue_position = serializers.SerializerMethodField(help_text="1 is next.")
    expected_at = serializers.SerializerMethodField()
    usage = serializers.SerializerMethodField()
    quota = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()

    class Meta:
        model = Submission
        fields = [
            *("id", "competition", "description", "status", "stage", "reason"),
            *("message", "charged", "public_score", "interval", "created_at"),
            *("started_at", "finished_at", "queue_position", "expected_at"),
            *("usage", "selected", "quota", "url"),
        ]
        read_only_fields = fields

    @extend_schema_field(
        serializers.ChoiceField(Submission.Reason.choices, allow_null=True)
    )
    def get_reason(self, submission):
        return submission.reason or None

    def get_message(self, submission) -> str | None:
        return submission.message or None

    def get_public_score(self, submission) -> float | None:
        return shown_score(submission.competition, submission.public_score)

    @extend_schema_field(
        serializers.ListField(
            child=serializers.FloatField(), min_length=2, max_length=2, allow_null=True
        )
    )
    def get_interval(self, submission):
        return None

    def get_queue_position(self, submission) -> int | None:
        return self.context["facts"].position(submission)

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_expected_at(self, submission):
        return as_text(self.context["facts"].expected_at(submission))

    @extend_schema_field(
        inline_serializer(
            "Usage",
            {"seconds": serializers.FloatField(), "peak_mb": serializers.FloatField()},
            allow_null=True,
        )
    )
    def get_usage(self, submission):
        usage = submission.usage
        return usage and Usage(usage["seconds"], usage["peak_mb"]).as_shown()

    @extend_schema_field(
        inline_serializer(
            "QuotaLeft",
            {
                "left_today": serializers.IntegerField(allow_null=True),
                "left_total": serializers.IntegerField(allow_null=True),
            },
        )
    )
    def get_quota(self, submission):
        left = self.context["facts"].left(submission)
        return {"left_today": left.today, "left_total": left.total}

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, submission) -> str:
        return page_url(f"/submissions/{submission.pk}/")


class HostSubmissionSerializer(SubmissionSerializer):
    """The same for the host and for staff: exact, with what stays hidden."""

    team = serializers.CharField(source="team.name", read_only=True)
    submitted_by = serializers.CharField(source="submitted_by.username", read_only=True)
    private_score = serializers.SerializerMethodField()
    all_score = serializers.SerializerMethodField()

    class Meta(SubmissionSerializer.Meta):
        fields = [
            *SubmissionSerializer.Meta.fields,
            *("private_score", "all_score", "team", "submitted_by"),
            *("detail", "printed"),
        ]
        read_only_fields = fields

    def get_public_score(self, submission) -> float | None:
        return submission.public_score

    def get_private_score(self, submission) -> float | None:
        return self.context["facts"].score(submission, "private")

    def get_all_score(self, submission) -> float | None:
        return self.context["facts"].score(submission, "all")

    @extend_schema_field(
        inline_serializer(
            "ExactUsage",
            {
                "seconds": serializers.FloatField(),
                "peak_mb": serializers.FloatField(),
                "stages": serializers.DictField(child=serializers.FloatField()),
                "device": serializers.CharField(),
            },
            allow_null=True,
        )
    )
    def get_usage(self, submission):
        return submission.usage


class EntrySerializer(serializers.ModelSerializer):
    """One line of a board; `exact` in the context is for the host and staff."""

    rank = serializers.IntegerField(
        allow_null=True, help_text="Shared when equal; null for baselines."
    )
    team = serializers.SerializerMethodField()
    members = serializers.SerializerMethodField()
    score = serializers.SerializerMethodField()
    interval = serializers.SerializerMethodField()
    tier = serializers.SerializerMethodField()
    submissions = serializers.IntegerField(source="submission_count")

    class Meta:
        model = LeaderboardEntry
        fields = [
            *("rank", "team", "members", "score", "interval", "tier"),
            *("submissions", "last_at", "is_baseline"),
        ]
        read_only_fields = fields

    def get_team(self, entry) -> str:
        return name_of(
            self.context["competition"], entry.team, may_know=self._may_know(entry)
        )

    def get_members(self, entry) -> list[str]:
        is_hidden = self.context["competition"].anonymous and not self._may_know(entry)
        return [] if is_hidden else user_names(entry.team)

    def _may_know(self, entry) -> bool:
        """Whether the reader is the host, or in this team."""
        return self.context["exact"] or entry.team_id == self.context["own_team"]

    def get_score(self, entry) -> float:
        if self.context["exact"]:
            return entry.score
        return shown_score(self.context["competition"], entry.score)

    @extend_schema_field(
        serializers.ListField(
            child=serializers.FloatField(), min_length=2, max_length=2, allow_null=True
        )
    )
    def get_interval(self, entry):
        ends = (entry.interval_low, entry.interval_high)
        if None in ends:
            return None
        if self.context["exact"]:
            return list(ends)
        return [shown_score(self.context["competition"], end) for end in ends]

    def get_tier(self, entry) -> int | None:
        return entry.tier


def user_names(team) -> list[str]:
    """A team's members by user name."""
    return sorted(member.username for member in team.members.all())


def as_text(moment) -> str | None:
    """A moment as the API writes it."""
    return moment and moment.strftime(settings.REST_FRAMEWORK["DATETIME_FORMAT"])
