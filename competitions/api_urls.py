"""/api/v1/competitions/ and /api/v1/submissions/."""

from django.urls import path

from competitions.api import competitions, files, leaderboard, submissions, teams

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
    path(f"{one}team/", teams.OwnTeam.as_view(), name="team"),
    path(f"{one}team/leave/", teams.LeaveTeam.as_view(), name="team-leave"),
    path(f"{one}team/invitations/", teams.Invite.as_view(), name="team-invite"),
    path(
        f"{one}team/invitations/<int:pk>/",
        teams.AnswerInvitation.as_view(),
        name="team-invitation",
    ),
    path(f"{one}team/mergers/", teams.Propose.as_view(), name="team-merge"),
    path(
        f"{one}team/mergers/<int:pk>/",
        teams.AnswerProposal.as_view(),
        name="team-merger",
    ),
    path(f"{one}quota/", teams.QuotaLeft.as_view(), name="quota"),
    path(f"{one}quota/entries/", teams.Ledger.as_view(), name="ledger"),
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
