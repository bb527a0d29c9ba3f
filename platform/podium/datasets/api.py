"""Datasets by REST: found, made, versioned, downloaded."""

from django.utils.functional import cached_property
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.response import Response

from podium.common.api import ApiView
from podium.common.throttles import UploadThrottle
from podium.datasets import catalogue, croissant, keeping, reading, services, uploads
from podium.datasets.models import Dataset, DatasetFile, DatasetVersion
from podium.datasets.serializers import (
    DatasetFileSerializer,
    DatasetSerializer,
    DatasetVersionSerializer,
    NewDatasetFormSerializer,
    NewDatasetSerializer,
    NewVersionFormSerializer,
    NewVersionSerializer,
    WordsSerializer,
)

_VERSION = OpenApiParameter("version", int, description="Its number; else the newest.")
_BYTES = {
    (200, "application/octet-stream"): OpenApiTypes.BINARY,
    (206, "application/octet-stream"): OpenApiTypes.BINARY,
    304: OpenApiResponse(description="Unchanged: If-None-Match names its ETag."),
    416: OpenApiResponse(description="The range lies outside of the file."),
}


class DatasetsView(ApiView):
    """A view that everybody may read, and that takes uploads of those signed in."""

    def get_permissions(self):
        reads = self.request is None or self.request.method in ("GET", "HEAD")
        return [AllowAny() if reads else IsAuthenticated()]

    def get_throttles(self):
        is_upload = self.request is not None and self.request.method == "POST"
        return [UploadThrottle()] if is_upload else []

    def assert_body_fits(self):
        if not self._is_form():
            super().assert_body_fits()

    def _is_form(self) -> bool:
        return self.request.content_type.startswith("multipart/form-data")

    @cached_property
    def dataset(self) -> Dataset:
        kwargs = self.kwargs
        return reading.find(self.request.user, kwargs["owner"], kwargs["dataset"])

    def version(self) -> DatasetVersion:
        number = self.request.query_params.get("version", "")
        return reading.version_of(self.dataset, number)

    def sent(self, serializer, many: tuple[str, ...]) -> tuple[dict, dict]:
        """What was sent: checked values, and uploads by their path."""
        if not self._is_form():
            form = serializer(data=self.request.data)
            form.is_valid(raise_exception=True)
            return form.validated_data, {}
        request = self.request._request
        uploads.receive(request)
        data = request.POST.dict()
        data |= {name: request.POST.getlist(name) for name in many & data.keys()}
        form = serializer(data=data)
        form.is_valid(raise_exception=True)
        files = [file for _, sent in request.FILES.lists() for file in sent]
        return form.validated_data, uploads.by_path(files)


class DatasetList(DatasetsView, ListAPIView):
    """The datasets that one may find."""

    serializer_class = DatasetSerializer

    @property
    def ordering(self):
        return catalogue.order_of(self.request.query_params.get("sort", ""))

    def get_queryset(self):
        if self.request is None:
            return Dataset.objects.none()
        asked = self.request.query_params
        return catalogue.found(
            Dataset.objects.listed_for(self.request.user),
            query=asked.get("q", ""),
            tag=asked.get("tag", ""),
            licence=asked.get("licence", ""),
        ).select_related("owner", "latest")

    @extend_schema(
        parameters=[
            OpenApiParameter("q", str, description="Words, all of which must stand."),
            OpenApiParameter("tag", str),
            OpenApiParameter("licence", str),
            OpenApiParameter("sort", str, enum=list(catalogue.SORTS)),
        ]
    )
    def get(self, request):
        """List datasets, the newest first or as `sort` says."""
        return super().get(request)

    @extend_schema(
        request={
            "multipart/form-data": NewDatasetFormSerializer,
            "application/json": NewDatasetSerializer,
        },
        responses={201: DatasetSerializer},
    )
    def post(self, request):
        """Make a dataset; with files it has a first version."""
        values, files = self.sent(NewDatasetSerializer, {"tags"})
        if files:
            services.assert_files(files)
        with keeping.kept(files) as stored:
            dataset = services.create_dataset(
                owner=request.user, files=stored, **values
            )
        body = DatasetSerializer(dataset).data
        path = f"/api/v1/datasets/{body['owner']}/{body['slug']}/"
        return Response(
            body, status=status.HTTP_201_CREATED, headers={"Location": path}
        )


class DatasetDetail(DatasetsView):
    """One dataset."""

    @extend_schema(responses=DatasetSerializer)
    def get(self, request, owner, dataset):
        """Read what a dataset is and which version is the newest."""
        return Response(DatasetSerializer(self.dataset).data)

    @extend_schema(request=WordsSerializer, responses=DatasetSerializer)
    def patch(self, request, owner, dataset):
        """Change what is said of a dataset, and who may see it."""
        services.assert_owner(self.dataset, request.user)
        form = WordsSerializer(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        services.edit_dataset(
            dataset=self.dataset, user=request.user, **form.validated_data
        )
        return Response(DatasetSerializer(self.dataset).data)

    @extend_schema(responses={204: None})
    def delete(self, request, owner, dataset):
        """Delete a dataset with all its versions, unless a competition uses it."""
        services.delete_dataset(dataset=self.dataset, user=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class VersionList(DatasetsView, ListAPIView):
    """The versions of a dataset."""

    serializer_class = DatasetVersionSerializer
    ordering = ("-number",)

    def get_queryset(self):
        if self.request is None:
            return DatasetVersion.objects.none()
        return self.dataset.versions.all()

    @extend_schema(
        request={
            "multipart/form-data": NewVersionFormSerializer,
            "application/json": NewVersionSerializer,
        },
        responses={
            201: DatasetVersionSerializer,
            200: OpenApiResponse(
                DatasetVersionSerializer, "These are the newest version's files."
            ),
        },
    )
    def post(self, request, owner, dataset):
        """Add a version: files sent take the place of those at the same paths."""
        services.assert_owner(self.dataset, request.user)
        values, files = self.sent(NewVersionSerializer, {"remove"})
        values["removed"] = values.pop("remove", [])
        if files:
            services.assert_files(files)
        with keeping.kept(files) as stored:
            version, is_new = services.next_version(
                dataset=self.dataset, created_by=request.user, files=stored, **values
            )
        return Response(
            DatasetVersionSerializer(version).data,
            status=status.HTTP_201_CREATED if is_new else status.HTTP_200_OK,
        )


class FileList(DatasetsView, ListAPIView):
    """The files of a version."""

    serializer_class = DatasetFileSerializer
    ordering = ("path",)

    def get_queryset(self):
        if self.request is None:
            return DatasetFile.objects.none()
        return self.version().files.select_related("stored")

    @extend_schema(parameters=[_VERSION])
    def get(self, request, owner, dataset):
        """List the files of a version, by path."""
        return super().get(request)


class FileDownload(DatasetsView):
    """One file, whole or a range of it; its ETag is its SHA-256."""

    @extend_schema(
        operation_id="datasets_files_download",
        parameters=[
            _VERSION,
            OpenApiParameter(
                "Range", str, OpenApiParameter.HEADER, description="`bytes=0-1023`"
            ),
        ],
        responses=_BYTES,
    )
    def get(self, request, owner, dataset, path):
        """Download a file."""
        return reading.download_file(request, self.version(), path)


class Archive(DatasetsView):
    """All files of a version in one zip."""

    @extend_schema(
        operation_id="datasets_archive_download",
        parameters=[_VERSION],
        responses={(200, "application/zip"): OpenApiTypes.BINARY},
    )
    def get(self, request, owner, dataset):
        """Download all files of a version."""
        return reading.download_all(request, self.version())


class Croissant(DatasetsView):
    """What machines read of a version: MLCommons Croissant 1.0."""

    @extend_schema(
        operation_id="datasets_croissant",
        parameters=[_VERSION],
        responses={200: OpenApiTypes.OBJECT},
    )
    def get(self, request, owner, dataset):
        """Read a version as JSON-LD: its files, and the columns of its tables."""
        return Response(croissant.croissant_of(self.version()))
