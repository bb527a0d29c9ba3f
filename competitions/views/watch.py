"""Asking to be told when a competition opens."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.views.decorators.http import require_POST

from competitions import news
from competitions.views.frame import find
from podium.common.answers import see_other
from podium.notices import services as notices


@login_required
@require_POST
def watch(request, slug):
    """Wait for the opening, or wait no longer."""
    competition = find(request, slug)
    wanted = request.POST.get("wanted") == "true"
    if wanted and not news.is_waited_for(competition):
        messages.error(request, "It has opened already: there is nothing to wait for.")
    else:
        notices.watch(
            user=request.user, subject=news.watched(competition), wanted=wanted
        )
        told = "You are told when it opens." if wanted else "You are not told of it."
        messages.success(request, told)
    return see_other("competitions:overview", competition.slug)
