"""People, their verified results and their projects as the API shows them."""

from django.conf import settings
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from competitions.leaderboard import shown_score
from competitions.models import LeaderboardEntry
from competitions.serializers import MetricSerializer, page_url
from podium.accounts.models import User
from podium.common.errors import BadRequest
from podium.datasets.models import Dataset
from podium.portfolio.models import Project
from podium.portfolio.pictures import address_of


class PersonSerializer(serializers.ModelSerializer):
    """What somebody shows of themselves on their portfolio."""

    display_name = serializers.SerializerMethodField()
    bio = serializers.SerializerMethodField()
    location = serializers.SerializerMethodField()
    links = serializers.ListField(child=serializers.URLField(), read_only=True)
    practitioner = serializers.SerializerMethodField()
    practitioner_also = serializers.ListField(
        child=serializers.ChoiceField(User.Practitioner.choices), read_only=True
    )
    picture = serializers.SerializerMethodField()
    joined_at = serializers.DateTimeField(source="date_joined", read_only=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = [
            *("username", "display_name", "bio", "location", "links", "practitioner"),
            *("practitioner_also", "picture", "joined_at", "url"),
        ]
        read_only_fields = fields

    def get_display_name(self, person) -> str | None:
        return person.display_name or None

    def get_bio(self, person) -> str | None:
        return person.bio or None

    def get_location(self, person) -> str | None:
        return person.location or None

    @extend_schema_field(
        serializers.ChoiceField(User.Practitioner.choices, allow_null=True)
    )
    def get_practitioner(self, person):
        return person.practitioner or None

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_picture(self, person):
        if person.picture_id is None:
            return None
        return page_url(reverse("picture", args=[person.picture_id]))

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, person) -> str:
        return page_url(reverse("portfolio", args=[person.username]))


class ResultSerializer(serializers.ModelSerializer):
    """A line of somebody's team on a public board."""

    competition = serializers.SlugField(source="competition.slug", read_only=True)
    title = serializers.CharField(source="competition.title", read_only=True)
    metric = MetricSerializer(source="competition.metric", read_only=True)
    direction = serializers.CharField(source="competition.direction", read_only=True)
    team = serializers.CharField(source="team.name", read_only=True)
    score = serializers.SerializerMethodField()
    baseline = serializers.SerializerMethodField()
    rank = serializers.IntegerField(read_only=True)
    teams = serializers.IntegerField(source="team_count", read_only=True)
    status = serializers.CharField(source="competition.status", read_only=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = LeaderboardEntry
        fields = [
            *("competition", "title", "status", "metric", "direction", "team"),
            *("score", "baseline", "rank", "teams", "achieved_at", "url"),
        ]
        read_only_fields = fields

    def get_score(self, entry) -> float:
        return shown_score(entry.competition, entry.score)

    def get_baseline(self, entry) -> float | None:
        return shown_score(entry.competition, entry.baseline_score)

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, entry) -> str:
        return page_url(f"/competitions/{entry.competition.slug}/leaderboard/")


class ProofSerializer(serializers.Serializer):
    """A verified result linked to a project, read from its score."""

    submission = serializers.IntegerField(source="submission_id")
    competition = serializers.SlugField(source="competition.slug")
    metric = serializers.CharField()
    score = serializers.FloatField(source="value")
    rank = serializers.IntegerField(allow_null=True)
    finished_at = serializers.DateTimeField()


class ProjectSerializer(serializers.ModelSerializer):
    """A project in a list: all but its text and what is linked to it."""

    owner = serializers.CharField(source="owner.username", read_only=True)
    summary = serializers.SerializerMethodField()
    repository = serializers.SerializerMethodField()
    tags = serializers.ListField(child=serializers.CharField(), read_only=True)
    cover = serializers.SerializerMethodField()
    votes = serializers.IntegerField(source="vote_count", read_only=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = Project
        fields = [
            *("owner", "slug", "title", "summary", "repository", "tags", "cover"),
            *("visibility", "pinned", "votes", "published_at", "created_at"),
            *("updated_at", "url"),
        ]
        read_only_fields = fields

    def get_summary(self, project) -> str | None:
        return project.summary or None

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_repository(self, project):
        return project.repository or None

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_cover(self, project):
        if project.cover is None:
            return None
        return settings.URL + address_of(project, project.cover)

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, project) -> str:
        return page_url(project.get_absolute_url())


class WholeProjectSerializer(ProjectSerializer):
    """A project with its text, its verified results and its datasets.

    `proofs` and `dataset_names` in the context hold what this reader may see.
    """

    results = serializers.SerializerMethodField()
    datasets = serializers.SerializerMethodField()

    class Meta(ProjectSerializer.Meta):
        fields = [*ProjectSerializer.Meta.fields, "body", "results", "datasets"]
        read_only_fields = fields

    @extend_schema_field(ProofSerializer(many=True))
    def get_results(self, project):
        return ProofSerializer(self.context["proofs"], many=True).data

    def get_datasets(self, project) -> list[str]:
        return self.context["dataset_names"]


class ProjectChangeSerializer(serializers.Serializer):
    """What its owner sends to change a project; what is left out stays."""

    title = serializers.CharField(max_length=120, required=False)
    summary = serializers.CharField(max_length=240, required=False, allow_blank=True)
    body = serializers.CharField(
        required=False, allow_blank=True, trim_whitespace=False
    )
    repository = serializers.URLField(max_length=400, required=False, allow_blank=True)
    tags = serializers.ListField(child=serializers.CharField(), required=False)
    visibility = serializers.ChoiceField(Project.Visibility.choices, required=False)
    results = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        required=False,
        help_text="Numbers of your own scored submissions.",
    )
    datasets = serializers.ListField(
        child=serializers.CharField(max_length=200),
        required=False,
        help_text="Names such as `owner/slug`.",
    )

    def validate_datasets(self, names):
        """The datasets as rows; the service asks whether their owner may see them."""
        return [_dataset(name) for name in dict.fromkeys(names)]


class NewProjectSerializer(ProjectChangeSerializer):
    """What somebody sends who makes a project: a title, and whatever else."""

    title = serializers.CharField(max_length=120)


def _dataset(name: str) -> int:
    owner, _, slug = name.partition("/")
    found = Dataset.objects.filter(owner__username__iexact=owner, slug=slug).first()
    if found is None:
        raise BadRequest("A dataset is not there, or not one that you may see.")
    return found.pk
