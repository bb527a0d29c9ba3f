"""The pages below /submissions/."""

from django.urls import path

from competitions.views import submission

urlpatterns = [
    path("<int:pk>/", submission.submission, name="submission"),
    path("<int:pk>/live/", submission.live, name="submission-live"),
    path("<int:pk>/cancel/", submission.cancel, name="submission-cancel"),
    path("<int:pk>/select/", submission.select, name="submission-select"),
    path("<int:pk>/artifact/", submission.artifact, name="submission-artifact"),
]
