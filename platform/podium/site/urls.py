"""Pages that belong to no app: home, search, standing texts, theme, health."""

from django.urls import path

from podium.site import crawlers, health, search, standing, views

urlpatterns = [
    path("", views.home, name="home"),
    path("search/", search.search, name="search"),
    path("about/", standing.standing, {"key": "about"}, name="about"),
    path("terms/", standing.standing, {"key": "terms"}, name="terms"),
    path("privacy/", standing.standing, {"key": "privacy"}, name="privacy"),
    path("theme/", views.theme, name="theme"),
    path("robots.txt", crawlers.robots, name="robots"),
    path("sitemap.xml", crawlers.site_map, name="sitemap"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
