"""Submitting, and the lists of submissions."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from competitions import audit, lifecycle, queue, quota, sample, services
from competitions.errors import QuotaSpent, Refused
from competitions.forms import SubmissionForm
from competitions.models import Competition, Submission
from competitions.views import wording
from competitions.views.frame import find, frame, takes_submissions
from competitions.views.rows import ORDER, host_rows, team_rows
from podium.common.answers import see_other
from podium.common.lists import page_of, query_without_cursor
from podium.common.throttles import UploadThrottle

PAGE = 20
Status = Submission.Status


@login_required
def submit(request, slug):
    """Take a team's artifact; the scoring happens later, in a worker."""
    competition = find(request, slug)
    if request.method != "POST":
        return _submit_page(request, competition, SubmissionForm())
    return taken(request, competition, services.submit, _page_of)


def _page_of(submission: Submission) -> str:
    return reverse("submission", args=[submission.pk])


def taken(request, competition: Competition, deed, address_of):
    """Lead on to what a deed makes of the form's file, or say why it was refused."""
    form = SubmissionForm(request.POST, request.FILES)
    if form.is_valid():
        made, refused = _take(request, competition, form, deed)
        if made:
            return see_other(address_of(made))
        form.add_error(None, refused.message)
    else:
        refused = Refused("")
        refused.status = 400
    response = _submit_page(request, competition, form)
    response.status_code = refused.status
    if refused.retry_at:
        response.headers["Retry-After"] = http_date(refused.retry_at.timestamp())
    return response


def most_bytes(request, slug):
    """A file somewhat over the limit gets its sentence; one far over is not read."""
    limits = Competition.objects.filter(slug=slug).values_list("limit_file_mb")
    return 10_000_000 + 2_000_000 * (limits.first() or [0])[0]


submit.body_limit = most_bytes


def _take(request, competition: Competition, form: SubmissionForm, deed):
    """What the deed made of the file, or why it was refused at the door."""
    throttle = UploadThrottle()
    if not throttle.allow_request(request, None):
        wait = timedelta(seconds=throttle.wait() or 60)
        return None, QuotaSpent(
            "Those were many uploads in a short time: wait a minute and send it again.",
            retry_at=timezone.now() + wait,
        )
    try:
        made = deed(competition=competition, user=request.user, **form.cleaned_data)
        return made, None
    except Refused as refused:
        return None, refused


def _submit_page(request, competition: Competition, form: SubmissionForm):
    context = frame(request, competition, "submit")
    team = context["team"]
    is_own = competition.host_id == request.user.pk
    context |= {
        "form": form,
        "is_own": is_own,
        "is_open": takes_submissions(competition),
        "is_late": competition.status != Competition.Status.OPEN,
        "can_submit": bool(team)
        and not context["must_accept"]
        and not is_own
        and takes_submissions(competition),
        "is_check": request.path.endswith("/check/"),
        "can_check": sample.is_there(competition),
        "contract": wording.contract_of(competition, competition.hidden_test_set),
        "files": wording.files_taken(competition),
        "waiting": lifecycle.waiting().count(),
        "running": Submission.objects.filter(lease_until__isnull=False).count(),
        "workers": queue.workers(),
    }
    if team:
        context["left"] = quota.left(team, competition)
        context |= _team_list(request, competition, team)
    return render(request, "competitions/submit.html", context)


@login_required
@require_safe
def submissions(request, slug):
    """A team's submissions; all of them for the host."""
    competition = find(request, slug)
    context = frame(request, competition, "submissions")
    if context["is_host"]:
        audit.reading(request.user, competition, "read_submissions")
        page = page_of(
            request,
            _listed(Submission.objects.filter(competition=competition)),
            ORDER,
            PAGE,
        )
        context |= {
            "rows": host_rows(competition, page.rows),
            "page": page_links(page),
            "query": query_without_cursor(request),
        }
    elif context["team"]:
        context |= _team_list(request, competition, context["team"])
    return render(request, "competitions/submissions.html", context)


def _team_list(request, competition: Competition, team) -> dict:
    """The context of a team's list: its page, and what may be chosen for the end."""
    page = page_of(
        request,
        _listed(Submission.objects.filter(team=team)),
        ORDER,
        PAGE,
    )
    hidden = competition.hidden_test_set
    has_finals = bool(hidden and hidden.private_rows)
    return {
        "rows": team_rows(competition, page.rows),
        "page": page_links(page),
        "query": query_without_cursor(request),
        "has_finals": has_finals,
        "can_choose": has_finals and competition.status == Competition.Status.OPEN,
        "chosen": Submission.objects.filter(team=team, selected=True).count(),
    }


def _listed(rows):
    """Submissions without the long texts that no list shows."""
    return rows.select_related("team").defer("detail", "printed", "check_report")


def page_links(page) -> dict:
    """A page's cursors as text."""
    return {
        "next": page.next and page.next.encode(),
        "previous": page.previous and page.previous.encode(),
    }
