"""The pages below /host/."""

from django.urls import path

from competitions.hosting.views import deeds, home, running, wizard

app_name = "host"
urlpatterns = [
    path("", home.home, name="home"),
    path("new/", home.new, name="new"),
    path("new/wizard/", home.begin, name="begin"),
    path("drafts/<int:pk>/", wizard.resume, name="draft"),
    path("drafts/<int:pk>/state/", wizard.state, name="draft-state"),
    path("drafts/<int:pk>/delete/", wizard.delete, name="delete-draft"),
    path("drafts/<int:pk>/<slug:step>/", wizard.step, name="step"),
    path("<slug:slug>/", running.dashboard, name="dashboard"),
    path("<slug:slug>/launch/", deeds.launch, name="launch"),
    path("<slug:slug>/publish/", deeds.publish, name="publish"),
    path("<slug:slug>/ask/<slug:kind>/", deeds.ask, name="ask"),
    path("<slug:slug>/edit/<slug:step>/", deeds.edit, name="edit"),
    path("<slug:slug>/history/", running.history, name="history"),
    path("<slug:slug>/teams/", deeds.teams, name="teams"),
    path("<slug:slug>/teams/<int:team>/", deeds.judge, name="judge"),
    path("<slug:slug>/news/", deeds.news, name="news"),
    path("<slug:slug>/similarity/", deeds.similarity, name="similarity"),
    path("<slug:slug>/<slug:name>.csv", running.sheet, name="sheet"),
    path("<slug:slug>/folder.zip", running.folder, name="folder"),
]
