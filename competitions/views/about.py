"""What a competition is about: overview, evaluation, rules and joining."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from competitions import news, services
from competitions.errors import Refused
from competitions.forms import JoinForm
from competitions.models import LeaderboardEntry
from competitions.views import season, wording
from competitions.views.dates import dates_of
from competitions.views.explained import explained
from competitions.views.frame import find, frame
from podium.common.answers import see_other
from podium.notices import services as notices


@require_safe
def overview(request, slug):
    """What it is, when, and what to hand in."""
    competition = find(request, slug)
    context = {
        **frame(request, competition, "overview"),
        "season": season.season_of(competition),
        "dates": dates_of(competition),
        "contract": wording.contract_of(competition, competition.hidden_test_set),
        "baselines": _baselines(competition),
        "join_form": JoinForm(),
        "host_news": list(competition.news.all()[:5]),
        **_waiting(request, competition),
    }
    return render(request, "competitions/overview.html", context)


@require_safe
def evaluation(request, slug):
    """How a submission becomes a score."""
    competition = find(request, slug)
    context = {
        **frame(request, competition, "evaluation"),
        "contract": wording.contract_of(competition, competition.hidden_test_set),
        "metrics": [explained(spec) for spec in competition.metrics],
    }
    return render(request, "competitions/evaluation.html", context)


def rules(request, slug):
    """The rules; accepting them is joining."""
    competition = find(request, slug)
    form = JoinForm(request.POST or None)
    if request.method == "POST" and not request.user.is_authenticated:
        return redirect(f"{reverse('account_login')}?next={request.path}")
    status = 200
    if request.method == "POST" and not form.is_valid():
        status = 400
    elif request.method == "POST":
        try:
            team, is_new = services.join(competition=competition, user=request.user)
        except Refused as refused:
            form.add_error(None, refused.message)
            status = refused.status
        else:
            told = "You take part as" if is_new else "You have accepted the rules as"
            messages.success(request, f"{told} {team.name}.")
            return see_other(_next(request, competition))
    context = {
        **frame(request, competition, "rules"),
        "form": form,
        "next": request.POST.get("next") or request.GET.get("next", ""),
    }
    return render(request, "competitions/rules.html", context, status=status)


def _next(request, competition) -> str:
    """Where somebody came from before they were asked for the rules."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}):
        return wanted
    return reverse("competitions:overview", args=[competition.slug])


def _waiting(request, competition) -> dict:
    """Whether one can ask to be told of the opening, and has asked already."""
    if not news.is_waited_for(competition):
        return {"can_wait": False}
    is_waiting = notices.is_watching(request.user, news.watched(competition))
    return {"can_wait": True, "is_waiting": is_waiting}


def _baselines(competition) -> list[dict]:
    entries = (
        LeaderboardEntry.objects.filter(
            competition=competition, split="public", is_baseline=True
        )
        .select_related("team")
        .order_by("sort_key")[:20]
    )
    return [
        {"name": entry.team.name, "score": wording.score_of(competition, entry.score)}
        for entry in entries
    ]
