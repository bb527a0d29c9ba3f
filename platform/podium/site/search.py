"""One search over all that a visitor may find: competitions, data, projects, people."""

from django.db.models import Q, QuerySet
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from competitions.models import Competition
from competitions.views import listing, wording
from podium.accounts.models import User
from podium.common.lists import page_of, query_without_cursor
from podium.common.text import one_line
from podium.datasets import catalogue
from podium.datasets.models import Dataset
from podium.portfolio import gallery
from podium.portfolio.models import Project

SHOWN = 5  # of each kind
PEOPLE = 30  # on a page of people alone
LONGEST = 200
PEOPLE_ORDER = ("username", "pk")


@require_safe
def search(request):
    """The first finds of each kind with their number; `?kind=people` lists people."""
    query = one_line(request.GET.get("q", ""))[:LONGEST].strip()
    if request.GET.get("kind") == "people":
        return _people_page(request, query)
    groups = _groups(request.user, query) if query else []
    found = [group for group in groups if group["count"]]
    context = {
        "q": query,
        "groups": found,
        "total": sum(group["count"] for group in found),
    }
    return render(request, "site/search.html", context)


def _people_page(request, query: str):
    people = people_found(query)
    page = page_of(request, people, PEOPLE_ORDER, PEOPLE)
    context = {
        "q": query,
        "total": people.count(),
        "page": page,
        "lines": [_person(person) for person in page.rows],
        "query": query_without_cursor(request),
    }
    return render(request, "site/people.html", context)


def people_found(query: str) -> QuerySet[User]:
    """People whose profile everybody sees, in whose names all words stand."""
    people = User.objects.filter(is_active=True, hidden_at=None)
    for word in query.split()[:8]:
        people = people.filter(
            Q(username__icontains=word) | Q(display_name__icontains=word)
        )
    return people


def _groups(user, query: str) -> list[dict]:
    """What was found of each kind; two queries a kind, however much there is."""
    competitions = listing.matching(
        Competition.objects.visible_to(user).listed(), query
    )
    datasets = catalogue.found(Dataset.objects.listed_for(user), query=query)
    datasets = datasets.select_related("owner").defer("description")
    projects = gallery.found(Project.objects.listed(), words=query)
    newest = catalogue.order_of(catalogue.DEFAULT_SORT)
    return [
        _group("Competitions", competitions.order_by(*listing.ORDER), _competition),
        _group("Datasets", datasets.order_by(*newest), _dataset),
        _group(
            "Projects",
            gallery.for_cards(projects).order_by(*gallery.ORDERS["newest"]),
            _project,
        ),
        _group("People", people_found(query).order_by(*PEOPLE_ORDER), _person),
    ]


def _group(name: str, rows: QuerySet, line) -> dict:
    page = {
        "Competitions": reverse("competitions:list"),
        "Datasets": reverse("datasets:list"),
        "Projects": reverse("projects:list"),
        "People": reverse("search"),
    }[name]
    return {
        "name": name,
        "key": name.lower(),
        "page": page,
        "count": rows.count(),
        "lines": [line(row) for row in rows[:SHOWN]],
    }


def _competition(competition: Competition) -> dict:
    return {
        "title": competition.title,
        "url": reverse("competitions:overview", args=[competition.slug]),
        "text": competition.subtitle,
        "more": wording.state_of(competition)["words"],
    }


def _dataset(dataset: Dataset) -> dict:
    return {
        "title": dataset.title,
        "url": dataset.get_absolute_url(),
        "text": dataset.subtitle,
        "more": f"by {dataset.owner.get_full_name()}",
    }


def _project(project: Project) -> dict:
    return {
        "title": project.title,
        "url": project.get_absolute_url(),
        "text": project.summary,
        "more": f"by {project.owner.get_full_name()}",
    }


def _person(person: User) -> dict:
    return {
        "title": person.get_full_name(),
        "url": reverse("portfolio", args=[person.username]),
        "text": person.practitioner_words,
        "more": person.username,
        "user": person,
    }
