"""/api/v1/datasets/."""

from django.urls import path

from podium.datasets import api

one = "datasets/<slug:owner>/<slug:dataset>/"

urlpatterns = [
    path("datasets/", api.DatasetList.as_view(), name="datasets"),
    path(one, api.DatasetDetail.as_view(), name="dataset"),
    path(f"{one}versions/", api.VersionList.as_view(), name="dataset_versions"),
    path(f"{one}files/", api.FileList.as_view(), name="dataset_files"),
    path(f"{one}files/<path:path>", api.FileDownload.as_view(), name="dataset_file"),
    path(f"{one}croissant.json", api.Croissant.as_view(), name="dataset_croissant"),
    path(f"{one}archive/", api.Archive.as_view(), name="dataset_archive"),
]
