"""What is done to credentials by one button: asking for one, revoking one."""

import structlog
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from competitions.models import Competition
from podium.common.answers import see_other
from podium.common.errors import Refused, WrongState
from podium.credentials import services
from podium.credentials.forms import RevokeForm
from podium.credentials.keys import KeyIsMissing
from podium.credentials.views.detail import context_of
from podium.credentials.views.finding import find

log = structlog.get_logger(__name__)


@login_required
@require_POST
def issue(request, slug):
    """Sign what the board says of one's team, and lead to the credential."""
    visible = Competition.objects.visible_to(request.user)
    competition = get_object_or_404(
        visible.select_related("hidden_test_set"), slug=slug
    )
    if not competition.memberships.filter(user=request.user).exists():
        raise Http404("You are in no team of this competition.")
    try:
        credential, is_new = services.issue(competition=competition, user=request.user)
    except WrongState as refused:
        messages.error(request, refused.message)
        return see_other("portfolio", request.user.username)
    except KeyIsMissing:
        log.exception("a credential could not be signed")
        messages.error(request, "Nothing can be signed here now: tell the operator.")
        return see_other("portfolio", request.user.username)
    if is_new:
        messages.success(
            request, "Signed. Whoever has this page’s address can check it."
        )
    return see_other(credential)


@login_required
@require_POST
def revoke(request, code):
    """Take a credential back, for the competition's host and staff."""
    found = find(code)
    if not found.submission.competition.is_run_by(request.user) or not found.jwt:
        raise Http404("No credential of this code in a competition of yours.")
    form = RevokeForm(request.POST)
    if not form.is_valid():
        context = context_of(request, found, form)
        return render(request, "credentials/detail.html", context, status=400)
    try:
        services.revoke(credential=found, user=request.user, **form.cleaned_data)
        messages.success(request, "Revoked. Its holder is told.")
    except Refused as refused:
        messages.error(request, refused.message)
    return see_other(found)
