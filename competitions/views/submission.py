"""The page of one submission, which brings itself up to date."""

from hashlib import sha256

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from competitions import audit, services
from competitions.errors import Refused
from competitions.forms import SelectForm
from competitions.models import Competition, Submission
from competitions.views.progress import progress_of
from competitions.views.report import report_of
from podium.common.answers import see_other
from podium.common.downloads import send_file


@login_required
@require_safe
def submission(request, pk):
    """Where a submission stands, and what came of it."""
    found = _find(request, pk)
    if found.competition.is_run_by(request.user):
        audit.reading(request.user, found.competition, "read_submission", found.pk)
    return render(request, "competitions/submission.html", _context(request, found))


@require_safe
def live(request, pk):
    """The part of the page that changes; nothing while it is as the page has it."""
    if not request.user.is_authenticated:
        page = reverse("submission", args=[pk])
        return HttpResponseClientRedirect(f"{reverse('account_login')}?next={page}")
    context = _context(request, _find(request, pk))
    if request.GET.get("seen") == context["seen"]:
        return HttpResponse(status=204)
    return HttpResponse(
        render_to_string("competitions/_live_swap.html", context, request)
    )


@login_required
@require_POST
def cancel(request, pk):
    """Take a waiting submission back."""
    found = _find(request, pk)
    _assert_member(request, found)
    try:
        services.cancel(submission=found)
        messages.success(request, "Cancelled. Your team has its submission back.")
    except Refused as refused:
        messages.error(request, refused.message)
    return see_other("submission", pk)


@login_required
@require_POST
def select(request, pk):
    """Choose a submission for the end, or take the choice back."""
    found = _find(request, pk)
    _assert_member(request, found)
    form = SelectForm(request.POST)
    form.is_valid()
    selected = form.cleaned_data["selected"]
    try:
        services.select(submission=found, selected=selected)
    except Refused as refused:
        messages.error(request, refused.message)
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}):
        return see_other(wanted)
    return see_other("submission", pk)


@login_required
@require_safe
def artifact(request, pk):
    """The uploaded file, for its team and the host."""
    found = _find(request, pk)
    audit.reading(request.user, found.competition, "read_artifact", found.pk)
    return send_file(request, found.artifact, found.file_name)


def _find(request, pk) -> Submission:
    found = (
        Submission.objects.visible_to(request.user)
        .select_related(
            "competition__hidden_test_set", "team", "submitted_by", "artifact"
        )
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404("No submission of this number.")
    return found


def _assert_member(request, found: Submission) -> None:
    """Deeds are the team's: the host and staff only look."""
    if not found.team.memberships.filter(user=request.user).exists():
        raise Http404("No submission of this number in a team of yours.")


def _context(request, found: Submission) -> dict:
    competition = found.competition
    is_host = competition.is_run_by(request.user)
    is_member = found.team.memberships.filter(user=request.user).exists()
    context = {
        "submission": found,
        "competition": competition,
        "is_host": is_host,
        "is_member": is_member,
        "progress": progress_of(found),
        "report": report_of(found, for_host=is_host),
        "can_cancel": is_member and found.can_be_cancelled,
        "can_choose": is_member
        and found.status == Submission.Status.SCORED
        and not found.is_late
        and competition.status == Competition.Status.OPEN
        and bool(competition.hidden_test_set.private_rows),
    }
    # What the page shows now, so that polling it changes nothing until that changes.
    shown = render_to_string("competitions/_live.html", context)
    context["seen"] = sha256(shown.encode()).hexdigest()[:16]
    return context
