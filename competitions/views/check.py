"""Trying a file before submitting it: its page, which brings itself up to date."""

from hashlib import sha256
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from competitions import checks, quota
from competitions.errors import Refused
from competitions.forms import CheckedForm
from competitions.models import Check
from competitions.views import wording
from competitions.views.check_report import check_page
from competitions.views.frame import find, frame
from competitions.views.submit import most_bytes, taken
from podium.common.answers import see_other


@login_required
@require_POST
def start(request, slug):
    """Take a file and look at it on public rows; nothing is charged."""
    return taken(request, find(request, slug), checks.ask, check_address)


start.body_limit = most_bytes


def check_address(check: Check) -> str:
    """The page of a check."""
    return reverse("competitions:check", args=[check.competition.slug, check.pk])


@login_required
@require_safe
def check(request, slug, pk):
    """What was found, and the one click that submits the very same file."""
    found = _find(request, slug, pk)
    return render(request, "competitions/check.html", _context(request, found))


@require_safe
def live(request, slug, pk):
    """The part of the page that changes; nothing while it is as the page has it."""
    find(request, slug)  # of a draft, nobody hears that it is there
    if not request.user.is_authenticated:
        page = reverse("competitions:check", args=[slug, pk])
        return HttpResponseClientRedirect(f"{reverse('account_login')}?next={page}")
    context = _context(request, _find(request, slug, pk))
    if request.GET.get("seen") == context["seen"]:
        return HttpResponse(status=204)
    return HttpResponse(
        render_to_string("competitions/_check_swap.html", context, request)
    )


@login_required
@require_POST
def submit(request, slug, pk):
    """Submit the file that was checked, without sending it once more."""
    found = _find(request, slug, pk)
    form = CheckedForm(request.POST)
    if not form.is_valid():
        messages.error(request, "What changed: 500 characters are the most.")
        return see_other(check_address(found))
    try:
        submission = checks.submit(check=found, user=request.user, **form.cleaned_data)
    except Refused as refused:
        messages.error(request, refused.message)
        return see_other(check_address(found))
    return see_other("submission", submission.pk)


def _find(request, slug, pk) -> Check:
    competition = find(request, slug)
    found = (
        Check.objects.visible_to(request.user)
        .select_related("team", "artifact", "submission")
        .filter(competition=competition, pk=pk)
        .first()
    )
    if found is None:
        raise Http404("No check of this number, or it was removed after some days.")
    found.competition = competition
    return found


def _context(request, found: Check) -> dict:
    context = frame(request, found.competition, "submit")
    context |= {
        "check": found,
        "report": found.report
        and check_page(found.report, found.competition, found.format),
        "contract": wording.contract_of(
            found.competition, found.competition.hidden_test_set
        ),
        "check_state": _state(found),
        "left": quota.left(found.team, found.competition),
    }
    # What the page shows now, so that polling it changes nothing until that changes.
    shown = render_to_string("competitions/_check_state.html", context)
    context["seen"] = sha256(shown.encode()).hexdigest()[:16]
    context["form"] = CheckedForm(
        initial={"description": found.description, "form_key": uuid4()}
    )
    return context


def _state(found: Check) -> dict:
    """The mark and the words of a check's state."""
    if found.status == Check.Status.FAILED:
        return {"mark": "bad", "words": "Not checked"}
    if found.status == Check.Status.RUNNING:
        return {"mark": "running", "words": "Checking"}
    if found.status == Check.Status.WAITING:
        return {"mark": "queued", "words": "Waiting for a worker"}
    if found.report["problems"]:
        return {"mark": "failed", "words": "Does not fit"}
    return {"mark": "ok", "words": "Ready to submit"}
