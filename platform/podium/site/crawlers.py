"""What programs that crawl the web are told: robots.txt and the map of the site."""

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from competitions.models import Competition
from podium.accounts.models import User
from podium.datasets.models import Dataset
from podium.portfolio.models import Project

# Nothing to find there, or an endless number of pages that say the same.
CLOSED = ("/accounts/", "/admin/", "/api/", "/search/", "/settings/", "/submissions/")


@require_safe
def robots(request):
    """What may be crawled. What is private needs no line: it answers 404."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED)]
    lines += ["", f"Sitemap: {settings.URL}{reverse('sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


class Pages(Sitemap):
    """Pages that are always there."""

    def items(self):
        lists = ("competitions:list", "datasets:list", "projects:list")
        return ["home", *lists, "about", "terms", "privacy"]

    def location(self, item):
        return reverse(item)


class Competitions(Sitemap):
    def items(self):
        found = Competition.objects.filter(
            visibility="public", published_at__isnull=False
        )
        return found.only("slug").order_by("pk")

    def location(self, item):
        return reverse("competitions:overview", args=[item.slug])


class Datasets(Sitemap):
    def items(self):
        found = Dataset.objects.listed().select_related("owner")
        return found.only("slug", "owner__username", "updated_at").order_by("pk")

    def lastmod(self, item):
        return item.updated_at


class Projects(Sitemap):
    def items(self):
        found = Project.objects.listed().select_related("owner")
        return found.only("slug", "owner__username", "updated_at").order_by("pk")

    def lastmod(self, item):
        return item.updated_at


class People(Sitemap):
    """Those who show a project; a bare account has nothing to find."""

    def items(self):
        makers = Project.objects.listed().values("owner")
        return User.objects.filter(pk__in=makers, hidden_at=None).order_by("pk")

    def location(self, item):
        return reverse("portfolio", args=[item.username])


SITEMAPS = {
    "pages": Pages,
    "competitions": Competitions,
    "datasets": Datasets,
    "projects": Projects,
    "people": People,
}


@require_safe
def site_map(request):
    """All that everybody may find."""
    return sitemap(request, SITEMAPS)
