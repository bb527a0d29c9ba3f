"""The pages below /competitions/; /submissions/ is in `submission_urls`."""

from django.urls import path

from competitions.views import (
    about,
    access,
    board,
    check,
    data,
    listing,
    submit,
    team,
    watch,
)

app_name = "competitions"
urlpatterns = [
    path("", listing.listing, name="list"),
    path("<slug:slug>/", about.overview, name="overview"),
    path("<slug:slug>/data/", data.data, name="data"),
    path("<slug:slug>/data/<path:path>", data.download, name="download"),
    path("<slug:slug>/evaluation/", about.evaluation, name="evaluation"),
    path("<slug:slug>/leaderboard/", board.board, name="leaderboard"),
    path(
        "<slug:slug>/leaderboard/anonymous/",
        board.anonymous,
        name="leaderboard-anonymous",
    ),
    path("<slug:slug>/leaderboard/embed/", board.embed, name="leaderboard-embed"),
    path("<slug:slug>/leaderboard.svg", board.picture, name="leaderboard-picture"),
    path("<slug:slug>/rules/", about.rules, name="rules"),
    path("<slug:slug>/submit/", submit.submit, name="submit"),
    path("<slug:slug>/check/", check.start, name="check-start"),
    path("<slug:slug>/checks/<int:pk>/", check.check, name="check"),
    path("<slug:slug>/checks/<int:pk>/live/", check.live, name="check-live"),
    path("<slug:slug>/checks/<int:pk>/submit/", check.submit, name="check-submit"),
    path("<slug:slug>/submissions/", submit.submissions, name="submissions"),
    path("<slug:slug>/access/", access.access, name="access"),
    path("<slug:slug>/access/who/", access.visibility, name="access-visibility"),
    path("<slug:slug>/access/link/", access.link, name="access-link"),
    path("<slug:slug>/access/list/", access.addresses, name="access-addresses"),
    path("<slug:slug>/access/<int:pk>/", access.decide, name="admission"),
    path("<slug:slug>/archive/", access.archive, name="archive"),
    path("<slug:slug>/clone/", access.clone, name="clone"),
    path("<slug:slug>/enter/<str:entry_link>/", access.door, name="door"),
    path("<slug:slug>/team/", team.team, name="team"),
    path("<slug:slug>/team/rename/", team.rename, name="team-rename"),
    path("<slug:slug>/team/invite/", team.invite, name="team-invite"),
    path("<slug:slug>/team/seek/", team.seek, name="team-seek"),
    path("<slug:slug>/team/link/", team.link, name="team-link"),
    path("<slug:slug>/team/leave/", team.leave, name="team-leave"),
    path("<slug:slug>/team/merge/", team.merge, name="team-merge"),
    path("<slug:slug>/team/join/<str:team_link>/", team.come, name="team-come"),
    path(
        "<slug:slug>/team/invitations/<int:pk>/",
        team.answer_invitation,
        name="team-invitation",
    ),
    path("<slug:slug>/team/mergers/<int:pk>/", team.answer_merge, name="team-merger"),
    path("<slug:slug>/watch/", watch.watch, name="watch"),
]
