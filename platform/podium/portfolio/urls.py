"""Projects: the gallery, the editor, and each one's page below its owner."""

from django.urls import path

from podium.portfolio.views import deeds, editor, links, listing, pictures, project

app_name = "projects"

one = "people/<slug:username>/<slug:project>/"

urlpatterns = [
    path("projects/", listing.listing, name="list"),
    path("projects/new/", editor.new, name="new"),
    path("projects/mine/", listing.mine, name="mine"),
    path("projects/preview/", editor.preview, name="preview"),
    path(one, project.project, name="detail"),
    path(f"{one}edit/", editor.edit, name="edit"),
    path(f"{one}draft/", editor.draft, name="draft"),
    path(f"{one}draft/discard/", editor.discard, name="discard"),
    path(f"{one}delete/", editor.delete, name="delete"),
    path(f"{one}vote/", deeds.vote, name="vote"),
    path(f"{one}pin/", deeds.pin, name="pin"),
    path(f"{one}links/", links.links, name="links"),
    path(f"{one}links/<int:pk>/delete/", links.delete, name="delete-link"),
    path("shared/<str:share_key>/", links.enter, name="shared"),
    path(f"{one}pictures/", pictures.add, name="add-picture"),
    path(f"{one}pictures/<str:name>", pictures.picture, name="picture"),
    path(f"{one}pictures/<str:name>/delete/", pictures.remove, name="remove-picture"),
]
