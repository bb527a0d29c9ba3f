"""/api/v1/competitions/ and /api/v1/submissions/."""

from django.urls import path

from competitions.api import competitions, files, leaderboard, submissions

one = "competitions/<slug:slug>/"

urlpatterns = [
    path("competitions/", competitions.CompetitionList.as_view(), name="competitions"),
    path(one, competitions.CompetitionDetail.as_view(), name="competition"),
    path(f"{one}join/", competitions.Join.as_view(), name="join"),
    path(f"{one}files/", files.FileList.as_view(), name="files"),
    path(f"{one}files/<path:path>", files.FileDownload.as_view(), name="file"),
    path(f"{one}check/", submissions.Check.as_view(), name="check"),
    path(
        f"{one}submissions/",
        submissions.SubmissionList.as_view(),
        name="submissions",
    ),
    path(f"{one}leaderboard/", leaderboard.Board.as_view(), name="leaderboard"),
    path(
        f"{one}leaderboard.csv", leaderboard.BoardCsv.as_view(), name="leaderboard_csv"
    ),
    path(
        "submissions/<int:pk>/",
        submissions.SubmissionDetail.as_view(),
        name="submission",
    ),
    path("submissions/<int:pk>/cancel/", submissions.Cancel.as_view(), name="cancel"),
    path("submissions/<int:pk>/select/", submissions.Select.as_view(), name="select"),
]
