"""What a host does: launch, change, judge, announce, compare."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from competitions import audit
from competitions.errors import Refused
from competitions.hosting import actors, conduct, reports, steps
from competitions.hosting.drafts import Changed
from competitions.hosting.forms.deeds import NewsForm, ReasonForm
from competitions.hosting.holders import CompetitionHolder, taken_words
from competitions.hosting.views.finding import find, frame
from competitions.models import Competition, HostReport, LeaderboardEntry
from podium.common.answers import see_other
from podium.common.lists import page_of, query_without_cursor
from podium.common.words import zone_text

PAGE = 50
Kind, Status = HostReport.Kind, HostReport.Status


@login_required
def launch(request, slug):
    """The launch check's report; sending the page says that it was read."""
    competition = find(request, slug)
    report = reports.report_of(competition, Kind.LAUNCH)
    if request.method == "POST" and report:
        reports.mark_read(report, request.user)
        return see_other("host:publish", slug)
    findings = report.content.get("findings", []) if report else []
    context = {
        **frame(competition, "launch"),
        "report": report,
        "is_waiting": report is not None and report.status == Status.WAITING,
        "findings": findings,
        "warnings": sum(finding["level"] == "warn" for finding in findings),
    }
    return render(request, "hosting/launch.html", context)


@login_required
@require_POST
def ask(request, slug, kind):
    """Ask for a report, or for a new one."""
    competition = find(request, slug)
    if kind not in Kind.values:
        raise Http404("There is no such report.")
    if kind == Kind.SIMILARITY and not _is_over(competition):
        messages.error(request, "Submissions are compared after the close.")
        return see_other("host:similarity", slug)
    reports.ask(competition, kind)
    actors.wake()
    return see_other(f"host:{kind}", slug)


def _is_over(competition: Competition) -> bool:
    over = (Competition.Status.CLOSED, Competition.Status.FINALISED)
    return competition.status in over


@login_required
def publish(request, slug):
    """Publish a draft, after a question that says what it does."""
    competition = find(request, slug)
    refused = None
    if request.method == "POST":
        try:
            conduct.publish(competition=competition, user=request.user)
        except Refused as error:
            refused = error
        else:
            messages.success(request, f"{competition.title} is published.")
            return see_other("host:dashboard", slug)
    context = {
        **frame(competition, "launch"),
        "refused": refused,
        "problem": conduct.launch_problem(competition),
    }
    status = refused.status if refused else 200
    return render(request, "hosting/publish.html", context, status=status)


@login_required
def edit(request, slug, step):
    """Change words, dates, limits or pages; what somebody else changed stands."""
    competition = find(request, slug)
    if step not in steps.CHANGEABLE:
        raise Http404("This part does not change any more.")
    here, holder = steps.BY_KEY[step], CompetitionHolder(competition)
    form, status, refused = here.form(holder=holder), 200, None
    if request.method == "POST":
        form, status = here.form(request.POST, holder=holder), 400
        if form.is_valid():
            try:
                merged = holder.save(
                    request.user,
                    form.cleaned_data["revision"],
                    {**form.values(), **form.texts()},
                    force=form.shows_all,
                    step=step,
                )
            except Changed as changed:
                form.show_clashes(changed.merged)
                form.data = form.data.copy()
                form.data["seen"], form.data["revision"] = "on", holder.revision
                refused, status = changed, 409
            except Refused as error:
                refused, status = error, error.status
            else:
                words = taken_words(merged)
                messages.success(request, f"Saved. {words}".strip())
                return see_other("host:edit", slug, step)
    context = {
        **frame(competition, "settings"),
        "form": form,
        "step": here,
        "refused": refused and refused.message,
        "zone": zone_text(timezone.now()),
        "parts": [steps.BY_KEY[key] for key in steps.CHANGEABLE],
    }
    return render(request, "hosting/edit.html", context, status=status)


@login_required
@require_safe
def teams(request, slug):
    """All teams with their best score, and the way to judge one."""
    competition = find(request, slug)
    audit.reading(request.user, competition, "read_teams")
    page = page_of(
        request,
        competition.teams.filter(is_baseline=False, merged_into=None).prefetch_related(
            "members"
        ),
        ("-created_at", "-pk"),
        PAGE,
    )
    entries = {
        entry.team_id: entry
        for entry in LeaderboardEntry.objects.filter(
            team__in=page.rows, split="public"
        ).with_rank()
    }
    context = {
        **frame(competition, "teams"),
        "rows": [{"team": team, "entry": entries.get(team.pk)} for team in page.rows],
        "page": {
            "next": page.next and page.next.encode(),
            "previous": page.previous and page.previous.encode(),
        },
        "query": query_without_cursor(request),
    }
    return render(request, "hosting/teams.html", context)


@login_required
def judge(request, slug, team):
    """Disqualify a team with a reason, or reinstate it; the page says what follows."""
    competition = find(request, slug)
    team = get_object_or_404(competition.teams.filter(is_baseline=False), pk=team)
    team.competition = competition
    form, refused = ReasonForm(request.POST or None), None
    if request.method == "POST":
        try:
            if team.disqualified_at:
                conduct.reinstate(team=team, user=request.user)
            elif form.is_valid():
                reason = form.cleaned_data["reason"]
                conduct.disqualify(team=team, user=request.user, reason=reason)
            if not form.errors or team.disqualified_at:
                return see_other("host:teams", slug)
        except Refused as error:
            refused = error
    context = {
        **frame(competition, "teams"),
        "team": team,
        "form": form,
        "refused": refused,
    }
    status = refused.status if refused else (400 if form.errors else 200)
    return render(request, "hosting/judge.html", context, status=status)


@login_required
def news(request, slug):
    """Announcements that were made, and a new one."""
    competition = find(request, slug)
    form, refused = NewsForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            conduct.announce(
                competition=competition, user=request.user, **form.cleaned_data
            )
        except Refused as error:
            form.add_error(None, error.message)
            refused = error
        else:
            messages.success(request, "Everybody who takes part is told.")
            return see_other("host:news", slug)
    context = {
        **frame(competition, "news"),
        "form": form,
        "news": list(competition.news.select_related("author")[:50]),
    }
    status = refused.status if refused else (400 if form.errors else 200)
    return render(request, "hosting/news.html", context, status=status)


@login_required
@require_safe
def similarity(request, slug):
    """Pairs of teams whose submissions are nearly the same: evidence alone."""
    competition = find(request, slug)
    audit.reading(request.user, competition, "read_similarity")
    report = reports.report_of(competition, Kind.SIMILARITY)
    context = {
        **frame(competition, "similarity"),
        "report": report,
        "is_waiting": report is not None and report.status == Status.WAITING,
        "is_over": _is_over(competition),
        "pairs": report.content.get("pairs", []) if report else [],
    }
    return render(request, "hosting/similarity.html", context)
