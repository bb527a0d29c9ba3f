"""The pages below /datasets/."""

from django.urls import path

from podium.datasets.views import changes, detail, downloads, listing

app_name = "datasets"
one = "<slug:owner>/<slug:dataset>/"

urlpatterns = [
    path("", listing.listing, name="list"),
    path("new/", changes.new, name="new"),
    path(one, detail.detail, name="detail"),
    path(f"{one}edit/", changes.edit, name="edit"),
    path(f"{one}version/", changes.version, name="version"),
    path(f"{one}delete/", changes.delete, name="delete"),
    path(f"{one}links/", downloads.links, name="links"),
    path(f"{one}download/", downloads.download_all, name="download"),
    path(f"{one}files/<path:path>", downloads.download_file, name="file"),
]
