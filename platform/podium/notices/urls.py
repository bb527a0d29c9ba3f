"""The pages of notices, and the one below /settings/ that says which are wanted."""

from django.urls import path

from podium.notices import views

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/read/", views.mark_all_read, name="mark-all-read"),
    path("notices/<int:pk>/", views.follow, name="notice"),
    path("notices/<int:pk>/read/", views.mark_read, name="mark-read"),
    path("notices/stop/<str:token>/", views.stop_mail, name="stop-mail"),
    path("settings/notices/", views.choices, name="notice-choices"),
]
