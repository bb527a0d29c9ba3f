"""Reporting something, and what staff see of it."""

from django.urls import path

from podium.site.reports import views

one = "<slug:owner>/<slug:name>/"

urlpatterns = [
    path(
        "report/profile/<slug:owner>/",
        views.report,
        {"kind": "profile"},
        name="report-profile",
    ),
    path(
        f"report/project/{one}",
        views.report,
        {"kind": "project"},
        name="report-project",
    ),
    path(
        f"report/dataset/{one}",
        views.report,
        {"kind": "dataset"},
        name="report-dataset",
    ),
    path("reports/", views.listing, name="reports"),
    path("reports/<int:pk>/handle/", views.handle, name="handle-report"),
]
