"""What is done to a project by one button: a vote, a pin."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_POST

from podium.common.answers import see_other
from podium.common.errors import Refused
from podium.portfolio import services
from podium.portfolio.views.finding import find_own, find_project
from podium.portfolio.views.project import context_of, voting_of


@login_required
@require_POST
def vote(request, username, project):
    """Give one's vote, or take it back."""
    shown = find_project(request, username, project)
    try:
        services.vote(project=shown, user=request.user)
    except Refused as refused:
        context = context_of(request, shown) | {"refused": refused.message}
        return render(request, "portfolio/project.html", context, status=refused.status)
    if request.htmx:
        shown.refresh_from_db(fields=["vote_count"])
        context = {"project": shown, **voting_of(request, shown)}
        return render(request, "portfolio/_vote.html", context)
    return see_other(shown)


@login_required
@require_POST
def pin(request, username, project):
    """Pin a project to one's portfolio, unpin it, or move it one place."""
    shown = find_own(request, username, project)
    deed = request.POST.get("deed", "")
    try:
        match deed:
            case "unpin":
                services.unpin(project=shown)
            case "up" | "down":
                services.move_pin(project=shown, step=-1 if deed == "up" else 1)
            case _:
                services.pin(project=shown)
    except Refused as refused:
        messages.error(request, refused.message)
    return see_other("projects:mine")
