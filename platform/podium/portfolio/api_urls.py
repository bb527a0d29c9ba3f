"""/api/v1/users/ and /api/v1/projects/."""

from django.urls import path

from podium.portfolio import api

person = "users/<slug:username>/"

urlpatterns = [
    path(person, api.Person.as_view(), name="person"),
    path(f"{person}results/", api.PersonResults.as_view(), name="person-results"),
    path(f"{person}projects/", api.PersonProjects.as_view(), name="person-projects"),
    path(f"{person}resume.json", api.PersonResume.as_view(), name="person-resume"),
    path("projects/", api.ProjectList.as_view(), name="projects"),
    path(
        "projects/<slug:username>/<slug:project>/",
        api.ProjectDetail.as_view(),
        name="project",
    ),
]
