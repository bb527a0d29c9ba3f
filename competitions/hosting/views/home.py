"""A host's competitions, and the ways to a new one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render, resolve_url
from django.views.decorators.http import require_POST, require_safe

from competitions import workers
from competitions.errors import BadRequest, Refused
from competitions.folders import assert_may_host
from competitions.hosting import actors, drafts
from competitions.models import Competition, Draft, HostReport
from competitions.views import wording
from podium.common.answers import see_other
from podium.common.lists import page_of, query_without_cursor
from podium.datasets import keeping
from podium.datasets.views.receiving import files_of, takes_files

PAGE = 20
DRAFTS = 50
MARKER = "competition.yaml"


@login_required
@require_safe
def home(request):
    """What one hosts, what each needs next, and what is being made."""
    own = Competition.objects.filter(host=request.user).select_related(
        "hidden_test_set"
    )
    page = page_of(request, own, ("-opens_at", "-pk"), PAGE)
    checks = {
        report.competition_id: report
        for report in HostReport.objects.filter(
            competition__in=page.rows, kind=HostReport.Kind.LAUNCH
        )
    }
    unmade = Draft.objects.filter(host=request.user).exclude(state=Draft.State.MADE)
    context = {
        "page": {
            "next": page.next and page.next.encode(),
            "previous": page.previous and page.previous.encode(),
        },
        "query": query_without_cursor(request),
        "rows": [
            {
                "competition": each,
                "state": wording.state_of(each),
                "next": _next(each, checks.get(each.pk)),
            }
            for each in page.rows
        ],
        "drafts": list(unmade[:DRAFTS]),
        "may_host": _may_host(request.user),
        "isolation": workers.sandbox_status(),
    }
    return render(request, "hosting/home.html", context)


def _next(competition: Competition, check: HostReport | None) -> str:
    """What a host has to do for a competition, in a few words."""
    status = competition.status
    if status == Competition.Status.DRAFT:
        if check is None or check.status == HostReport.Status.WAITING:
            return "The launch check is running"
        return "Publish it" if check.read_at else "Read the launch check"
    if status == Competition.Status.SCHEDULED:
        return "It opens by itself"
    if status == Competition.Status.OPEN:
        return "Look after the queue" if competition.submission_count else "Running"
    return "Compare submissions" if status == Competition.Status.CLOSED else "Done"


def _may_host(user) -> str:
    """Why a user may not host; empty where they may."""
    try:
        assert_may_host(user)
    except Refused as refused:
        return refused.message
    return ""


@takes_files(most=drafts.MAX_UPLOAD)
def new(request):
    """Send a folder or a zip of one; or begin with the wizard, beside it."""
    refused = request.refused
    if request.method == "POST" and not refused:
        try:
            return _lead_to(request, _begin(request))
        except Refused as error:
            refused = error
    context = {
        "refused": refused and refused.message,
        "may_not": _may_host(request.user),
        "most": drafts.MAX_UPLOAD,
        "form": None,
    }
    status = refused.status if refused else 200
    return render(request, "hosting/new.html", context, status=status)


def _begin(request) -> Draft:
    assert_may_host(request.user)
    files = _below_top(files_of(request))
    if not files:
        raise BadRequest("Choose a folder, or a zip of one.")
    is_zip = len(files) == 1 and next(iter(files)).lower().endswith(".zip")
    if not is_zip and MARKER not in files:
        raise BadRequest(
            f"There is no {MARKER} at the top of what came: choose the folder that "
            "holds it, or a zip of it."
        )
    with keeping.kept(files) as stored:
        if is_zip:
            [archive] = stored.values()
            draft = drafts.begin_from_archive(host=request.user, archive=archive)
        else:
            draft = drafts.begin_from_files(host=request.user, files=stored)
    actors.wake()
    return draft


def _below_top(files: dict) -> dict:
    """The files without the one folder around them, which browsers send along."""
    tops = {path.partition("/")[0] for path in files}
    if len(tops) == 1 and MARKER not in files:
        top = f"{tops.pop()}/"
        if f"{top}{MARKER}" in files:
            return {path.removeprefix(top): file for path, file in files.items()}
    return files


def _lead_to(request, draft: Draft):
    """On to the draft; a script is told where, for it would follow unseen."""
    address = resolve_url("host:step", draft.pk, "review")
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return HttpResponse(status=201, headers={"Location": address})
    return see_other(address)


@login_required
@require_POST
def begin(request):
    """Begin the wizard with an empty draft."""
    try:
        draft = drafts.begin(host=request.user)
    except Refused as refused:
        messages.error(request, refused.message)
        return see_other("host:home")
    return see_other("host:step", draft.pk, "basics")
