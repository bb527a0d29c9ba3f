"""Links to a private project: listed and made by its owner, opened by others."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from podium.common.answers import see_other
from podium.common.errors import Refused
from podium.portfolio import share_links
from podium.portfolio.forms import ShareLinkForm
from podium.portfolio.views.finding import KEYS, find_own

KEPT = 20  # keys in one session: the latest ones


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def links(request, username, project):
    """The links of one's project, how often each was opened; one more is made here."""
    project = find_own(request, username, project)
    form = ShareLinkForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                share_links.make(project=project, **form.cleaned_data)
            except Refused as refused:
                form.add_error(None, refused.message)
                status = refused.status
            else:
                messages.success(request, "The link is made: copy it from the list.")
                return see_other("projects:links", project.owner.username, project.slug)
    context = {
        "project": project,
        "form": form,
        "links": [
            {"link": link, "address": _address(link)}
            for link in project.share_links.all()
        ],
    }
    return render(request, "portfolio/links.html", context, status=status)


@login_required
@require_POST
def delete(request, username, project, pk):
    """Take a link back: from now on it opens nothing, to those who used it either."""
    project = find_own(request, username, project)
    get_object_or_404(project.share_links, pk=pk).delete()
    messages.success(request, "The link is deleted: it opens nothing any more.")
    return see_other("projects:links", project.owner.username, project.slug)


@never_cache
@require_safe
def enter(request, share_key):
    """Open a project by a link, and remember the key so that its pictures open too.

    The session holds the key, not the permission: whether it opens is asked each time.
    """
    link = share_links.open_by(share_key, request.user)
    if link is None:
        raise Http404("This link has ended, or was taken back by who made it.")
    others = [key for key in request.session.get(KEYS, []) if key != link.key]
    request.session[KEYS] = [*others, link.key][-KEPT:]
    return redirect(link.project)


def _address(link) -> str:
    return settings.URL + reverse("projects:shared", args=[link.key])
