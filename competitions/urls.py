"""The pages below /competitions/; /submissions/ is in `submission_urls`."""

from django.urls import path

from competitions.views import about, board, data, listing, submit, watch

app_name = "competitions"
urlpatterns = [
    path("", listing.listing, name="list"),
    path("<slug:slug>/", about.overview, name="overview"),
    path("<slug:slug>/data/", data.data, name="data"),
    path("<slug:slug>/data/<path:path>", data.download, name="download"),
    path("<slug:slug>/evaluation/", about.evaluation, name="evaluation"),
    path("<slug:slug>/leaderboard/", board.board, name="leaderboard"),
    path("<slug:slug>/rules/", about.rules, name="rules"),
    path("<slug:slug>/submit/", submit.submit, name="submit"),
    path("<slug:slug>/submissions/", submit.submissions, name="submissions"),
    path("<slug:slug>/watch/", watch.watch, name="watch"),
]
