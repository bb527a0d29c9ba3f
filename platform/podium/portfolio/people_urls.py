"""/people/{username}/."""

from django.urls import path

from podium.portfolio.views import person

urlpatterns = [path("<slug:username>/", person.portfolio, name="portfolio")]
