"""Datasets, versions and files as the API shows them, and what it takes."""

from django.conf import settings
from rest_framework import serializers

from podium.datasets.models import Dataset, DatasetFile, DatasetVersion


class DatasetSerializer(serializers.ModelSerializer):
    """What everybody may know of a dataset that they see."""

    owner = serializers.CharField(source="owner.username")
    tags = serializers.ListField(child=serializers.CharField())
    version = serializers.IntegerField(
        source="latest.number", default=None, allow_null=True
    )
    digest = serializers.CharField(
        source="latest.digest", default=None, allow_null=True
    )
    files = serializers.IntegerField(source="latest.file_count", default=0)
    size = serializers.IntegerField(source="latest.size", default=0)
    downloads = serializers.IntegerField(source="download_count")
    uses = serializers.IntegerField(source="use_count")
    url = serializers.SerializerMethodField()

    class Meta:
        model = Dataset
        fields = [
            *("owner", "slug", "title", "subtitle", "description", "licence", "tags"),
            *("visibility", "version", "digest", "files", "size", "downloads", "uses"),
            *("created_at", "updated_at", "url"),
        ]
        read_only_fields = fields

    def get_url(self, dataset) -> str:
        return f"{settings.URL}{dataset.get_absolute_url()}"


class DatasetVersionSerializer(serializers.ModelSerializer):
    """A version: its number, its digest, what changed."""

    files = serializers.IntegerField(source="file_count")

    class Meta:
        model = DatasetVersion
        fields = ["number", "digest", "notes", "files", "size", "created_at"]
        read_only_fields = fields


class DatasetFileSerializer(serializers.ModelSerializer):
    """A file of a version."""

    size = serializers.IntegerField(source="stored.size")
    sha256 = serializers.CharField(source="stored.sha256")

    class Meta:
        model = DatasetFile
        fields = ["path", "size", "sha256"]
        read_only_fields = fields


class WordsSerializer(serializers.Serializer):
    """What may be said of a dataset; lengths are the service's to refuse."""

    title = serializers.CharField(trim_whitespace=True, allow_blank=True)
    subtitle = serializers.CharField(required=False, allow_blank=True)
    description = serializers.CharField(required=False, allow_blank=True)
    licence = serializers.CharField(required=False, allow_blank=True)
    tags = serializers.ListField(child=serializers.CharField(), required=False)
    visibility = serializers.ChoiceField(Dataset.Visibility.choices, required=False)


class NewDatasetSerializer(WordsSerializer):
    """A new dataset, as JSON or, with its files, as a form."""

    slug = serializers.CharField(required=False, allow_blank=True)
    notes = serializers.CharField(required=False, allow_blank=True)


class NewDatasetFormSerializer(NewDatasetSerializer):
    """The same with files, each under the path that its file name says."""

    files = serializers.ListField(child=serializers.FileField(), required=False)


class NewVersionSerializer(serializers.Serializer):
    """What changes: files that are new, paths that go, whether the others stay."""

    remove = serializers.ListField(child=serializers.CharField(), required=False)
    keep = serializers.BooleanField(default=True)
    base = serializers.IntegerField(required=False, min_value=1)
    notes = serializers.CharField(required=False, allow_blank=True, default="")


class NewVersionFormSerializer(NewVersionSerializer):
    """The same with files, each under the path that its file name says."""

    files = serializers.ListField(child=serializers.FileField(), required=False)
