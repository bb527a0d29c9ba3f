"""The files that participants download."""

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import NotAuthenticated
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny

from competitions import services
from competitions.api.base import CompetitionView
from competitions.serializers import FileSerializer
from podium.common.downloads import send_file
from podium.datasets.models import Dataset, DatasetFile


class FilesView(CompetitionView):
    """A view of the files, for whoever may download them."""

    permission_classes = [AllowAny]  # a public dataset is for everybody

    def get_queryset(self):
        if not hasattr(self, "request") or self.request is None:
            return DatasetFile.objects.none()
        version = self.competition.dataset_version
        is_public = (
            version is not None
            and version.dataset.visibility == Dataset.Visibility.PUBLIC
        )
        if not (is_public or self.is_run_by_caller()):
            self._assert_participant()
        return DatasetFile.objects.filter(version=version).select_related("stored")

    def _assert_participant(self):
        user = self.request.user
        if not user.is_authenticated:
            raise NotAuthenticated
        services.membership_of(self.competition, user)


class FileList(FilesView, ListAPIView):
    """The files of the competition's dataset, by path."""

    serializer_class = FileSerializer
    ordering = ("path",)


class FileDownload(FilesView):
    """One file, whole or a range of it; its ETag is its SHA-256."""

    @extend_schema(
        operation_id="competitions_files_download",
        parameters=[
            OpenApiParameter(
                "Range", str, OpenApiParameter.HEADER, description="`bytes=0-1023`"
            )
        ],
        responses={
            (200, "application/octet-stream"): OpenApiTypes.BINARY,
            (206, "application/octet-stream"): OpenApiTypes.BINARY,
            304: OpenApiResponse(
                description="Unchanged: If-None-Match names its ETag."
            ),
            416: OpenApiResponse(description="The range lies outside of the file."),
        },
    )
    def get(self, request, slug, path):
        """Download a file."""
        # PostgreSQL refuses this character, and no path has it.
        path = path.replace("\x00", "\ufffd")
        found = get_object_or_404(self.get_queryset(), path=path)
        return send_file(request, found.stored, path.rsplit("/")[-1])
