"""Home, the theme, and what a visitor sees when something is wrong."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponseServerError
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from competitions import leaderboard
from competitions.models import Competition, Split
from competitions.views import wording
from competitions.views.board import Printed
from competitions.views.cards import cards_of
from podium.common.answers import see_other
from podium.site.latest import latest_results

CARDS = 6
LINES = 5
YEAR_S = 31_536_000


@require_safe
def home(request):
    """What this is, what is open, and how it works."""
    visible = Competition.objects.visible_to(request.user).listed()
    newest = list(visible.open().order_by("-opens_at", "-pk")[:CARDS])
    busiest = visible.open().order_by("-submission_count", "-opens_at", "-pk").first()
    context = {
        "cards": cards_of(newest),
        "count": visible.open().count(),
        "board": _board(busiest) if busiest else None,
        "latest": latest_results(),
        "sharing": {
            "type": "website",
            "title": "Podium: your model, run on data nobody has seen",
            "description": "Machine-learning competitions with honest scores.",
            "url": f"{settings.URL}/",
        },
    }
    return render(request, "site/home.html", context)


def _board(competition: Competition) -> dict | None:
    """The first lines of a competition's board; None before the first score."""
    entries = leaderboard.entries(competition, Split.PUBLIC)
    ranked = list(entries.filter(is_baseline=False)[:LINES])
    baselines = list(entries.filter(is_baseline=True)[:1])
    if not ranked and not baselines:
        return None
    printed = Printed(competition, ranked, baselines, ranked[0] if ranked else None)
    return {
        "competition": competition,
        "state": wording.state_of(competition),
        "metric": wording.metric_of(competition),
        "lines": printed.lines(ranked),
        "baselines": printed.lines(baselines),
        "axis": printed.axis,
        "baseline_at": printed.baseline_at,
    }


@require_POST
def theme(request):
    """Switch between light and dark, for whom no script does it."""
    now = request.COOKIES.get("theme")
    wanted = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}):
        wanted = "/"
    response = see_other(wanted)
    chosen = "light" if now == "dark" else "dark"
    response.set_cookie("theme", chosen, max_age=YEAR_S, samesite="Lax")
    return response


@require_safe
def favicon(request):
    """For programs that ask for an icon without having read a page."""
    return redirect(static("podium/icon-32.png"))


def bad_request(request, exception=None):
    """400; 413 where a form was larger than any of ours."""
    if isinstance(exception, RequestDataTooBig):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


def forbidden(request, exception=None):
    return render(request, "403.html", status=403)


def not_found(request, exception=None):
    return render(request, "404.html", {"path": request.path}, status=404)


def too_many_requests(request, exception=None):
    return render(request, "429.html", status=429)


def server_error(request):
    """500: a page that needs neither the database nor the request's user."""
    context = {"reference": getattr(request, "id", "")}
    return HttpResponseServerError(render_to_string("500.html", context))
