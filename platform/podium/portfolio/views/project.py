"""A project's page."""

from math import ceil

from django.shortcuts import render
from django.views.decorators.http import require_safe

from podium.datasets.models import Dataset
from podium.portfolio.models import ProjectVote
from podium.portfolio.pictures import address_of
from podium.portfolio.results import proofs_of
from podium.portfolio.views.finding import find_project
from podium.portfolio.views.sharing import sharing_of_project

WORDS_A_MINUTE = 220


@require_safe
def project(request, username, project):
    """The text, and beside it what is verified and what it was built on."""
    shown = find_project(request, username, project)
    return render(request, "portfolio/project.html", context_of(request, shown))


def context_of(request, project) -> dict:
    """What the page shows to this visitor."""
    datasets = (
        Dataset.objects.visible_to(request.user)
        .filter(projects=project)
        .select_related("owner")
        .order_by("title", "pk")
    )
    proofs = proofs_of(project, request.user)
    return {
        "project": project,
        "is_mine": project.owner_id == request.user.pk,
        "proofs": proofs,
        "competitions": {proof.competition.pk: proof.competition for proof in proofs},
        "datasets": list(datasets),
        "minutes": ceil(len(project.body.split()) / WORDS_A_MINUTE),
        "cover_address": address_of(project, project.cover) if project.cover else "",
        "sharing": sharing_of_project(project),
        "next_address": request.get_full_path(),
        **voting_of(request, project),
    }


def voting_of(request, project) -> dict:
    """Whether this visitor may vote, and whether they did."""
    user = request.user
    may_vote = (
        project.visibility != "private"
        and user.is_authenticated
        and project.owner_id != user.pk
    )
    return {
        "may_vote": may_vote,
        "has_voted": may_vote
        and ProjectVote.objects.filter(project=project, user=user).exists(),
    }
