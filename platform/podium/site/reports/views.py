"""Telling staff about something, and the list that staff work through."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from podium.common.answers import see_other
from podium.common.errors import Refused
from podium.common.lists import page_of, query_without_cursor
from podium.site.reports import services
from podium.site.reports.models import Report
from podium.site.reports.things import find_thing, things_of

PAGE = 30
STATES = (("open", "Open"), ("hidden", "Hidden"), ("dismissed", "Dismissed"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report(request, kind, owner, name=""):
    """The form by which somebody says what is wrong with a thing."""
    thing = find_thing(request.user, kind, owner, name)
    text, refused = request.POST.get("text", ""), None
    if request.method == "POST":
        try:
            services.report(thing=thing, reporter=request.user, text=text)
        except Refused as error:
            refused = error
        else:
            messages.success(request, "Thank you: staff will read it.")
            return see_other(thing.address)
    context = {
        "thing": thing,
        "text": text,
        "refused": refused.message if refused else "",
        "longest": services.LONGEST,
        "is_mine": thing.owner == request.user,
    }
    status = refused.status if refused else 200
    return render(request, "reports/report.html", context, status=status)


@login_required
@require_safe
def listing(request):
    """What was reported, for staff; there is no such page for others."""
    _assert_staff(request)
    state = request.GET.get("state", "open")
    state = state if state in Report.State.values else "open"
    reports = Report.objects.filter(state=state).select_related(
        "reporter", "handled_by"
    )
    page = page_of(request, reports, ("-created_at", "-pk"), PAGE)
    return _list(request, page, state)


@login_required
@require_POST
def handle(request, pk):
    """Hide the thing with a reason, dismiss the report, or show the thing again."""
    _assert_staff(request)
    known = get_object_or_404(Report, pk=pk)
    reason, deed = request.POST.get("reason", ""), request.POST.get("deed", "")
    try:
        match deed:
            case "hide":
                services.hide(report=known, staff=request.user, reason=reason)
                messages.success(request, "Hidden: only its owner and staff see it.")
            case "show":
                services.show_again(report=known, staff=request.user)
                messages.success(request, "Everybody sees it again.")
            case _:
                services.dismiss(report=known, staff=request.user)
                messages.success(request, "Dismissed: nothing was changed.")
    except Refused as refused:
        messages.error(request, refused.message)
    return see_other("reports")


def _list(request, page, state):
    things = things_of(page.rows)
    context = {
        "rows": [
            {"report": report, "thing": things.get((report.kind, report.target_id))}
            for report in page.rows
        ],
        "page": page,
        "query": query_without_cursor(request),
        "state": state,
        "states": STATES,
        "longest": services.LONGEST_REASON,
    }
    return render(request, "reports/list.html", context)


def _assert_staff(request):
    if not request.user.is_staff:
        raise Http404("There is nothing here for you.")
