"""The dashboard of a competition, its sheets, its folder, its history."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from competitions import audit, folders
from competitions.errors import Refused
from competitions.hosting import changing, drawing, figures, sheets
from competitions.hosting.views.finding import find, frame
from competitions.models import AuditEntry
from podium.common.lists import page_of, query_without_cursor

PAGE = 30


@login_required
@require_safe
def dashboard(request, slug):
    """How a competition goes: queue, days, failures, teams, scores, storage."""
    competition = find(request, slug)
    audit.reading(request.user, competition, "read_dashboard")
    days = figures.per_day(competition)
    week = timezone.localdate() - timedelta(days=6)
    recent = [day for day in days if day["day"] >= week]
    context = {
        **frame(competition, "today"),
        "counts": figures.counts(competition),
        "queue": list(figures.queue(competition)),
        "days": drawing.days(days),
        "failed_share": _share(recent),
        "failures": figures.failures(competition),
        "teams": figures.teams(competition),
        "progress": drawing.progress(competition, figures.progress(competition)),
        "storage": figures.storage(competition),
        "news": list(competition.news.select_related("author")[:3]),
        "sheets": list(sheets.SHEETS),
    }
    return render(request, "hosting/dashboard.html", context)


def _share(days: list[dict]) -> str:
    total = sum(day["all"] for day in days)
    failed = sum(day["failed"] for day in days)
    return f"{100 * failed / total:.0f} %" if total else "–"


@login_required
@require_safe
def sheet(request, slug, name):
    """Teams, submissions or scores as CSV."""
    competition = find(request, slug)
    if name not in sheets.SHEETS:
        raise Http404("There is no such sheet.")
    audit.reading(request.user, competition, "read_sheet", name)
    response = StreamingHttpResponse(
        sheets.lines(competition, name), content_type="text/csv; charset=utf-8"
    )
    file = f"{competition.slug}-{name}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


@login_required
@require_safe
def folder(request, slug):
    """The competition's folder as a zip: labels and all, so it is written down."""
    competition = find(request, slug)
    try:
        files = folders.export_files(competition)
    except Refused as refused:
        raise Http404(refused.message) from None
    AuditEntry.objects.create(
        actor=request.user,
        competition=competition,
        action="export_competition",
        target=competition.slug,
        detail={"files": len(files)},
    )
    archive = folders.zip_of(files, competition.slug)
    response = StreamingHttpResponse(archive, content_type="application/zip")
    response.headers["Content-Length"] = len(archive)
    file = f"{competition.slug}.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


@login_required
@require_safe
def history(request, slug):
    """What hosts and staff did, the newest first."""
    competition = find(request, slug)
    page = page_of(request, changing.history(competition), ("-created_at", "-pk"), PAGE)
    context = {
        **frame(competition, "history"),
        "page": {
            "next": page.next and page.next.encode(),
            "previous": page.previous and page.previous.encode(),
        },
        "query": query_without_cursor(request),
        "entries": [{"entry": entry, **_told(entry)} for entry in page.rows],
    }
    return render(request, "hosting/history.html", context)


def _told(entry: AuditEntry) -> dict:
    """A deed in words, with what was there before and after."""
    detail = entry.detail or {}
    fields = detail.get("fields") or {}
    return {
        "words": entry.action.replace("_", " ").capitalize(),
        "fields": [
            {"place": place, "before": _short(pair[0]), "after": _short(pair[1])}
            for place, pair in sorted(fields.items())
        ],
        "reason": detail.get("reason", ""),
    }


def _short(value: object) -> str:
    if value in (None, ""):
        return "nothing"
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= 160 else f"{text[:160]}…"
