"""What all pages of one competition share: finding it, its head and its tabs."""

from django.conf import settings
from django.http import Http404

from competitions import services, unserved
from competitions.models import Competition, Membership
from competitions.views import wording

Status = Competition.Status


def find(request, slug: str) -> Competition:
    """The competition, if this user may see it; else 404."""
    competition = (
        Competition.objects.select_related(
            "host", "hidden_test_set__inputs", "dataset_version__dataset"
        )
        .filter(slug=slug)
        .first()
    )
    if competition is None or not competition.is_visible_to(request.user):
        raise Http404("No competition of this name.")
    return competition


def frame(request, competition: Competition, tab: str) -> dict:
    """The context of a competition's head and tabs."""
    membership = _membership(request, competition)
    rules = services.current_rules(competition)
    team = membership.team if membership else None
    is_host = competition.is_run_by(request.user)
    context = {
        "competition": competition,
        "tab": tab,
        "state": wording.state_of(competition),
        "metric": wording.metric_of(competition),
        "quota_words": wording.quota_of(competition),
        "hidden": competition.hidden_test_set,
        "rules": rules,
        "team": team,
        "is_host": is_host,
        "is_participant": membership is not None,
        "unserved": unserved.sentence(competition.device),
        "must_accept": bool(
            membership and rules and membership.rules_version_id != rules.pk
        ),
        "submission_count": (
            competition.submission_count
            if is_host
            else (team.submission_count if team else None)
        ),
        "next_address": request.get_full_path(),
        "sharing": _sharing(request, competition),
    }
    context["call"] = _call(competition, context)
    return context


def _sharing(request, competition: Competition) -> dict | None:
    """What a page says where its address is shared; nothing unless all may see it."""
    if competition.visibility != "public" or competition.published_at is None:
        return None
    return {
        "type": "website",
        "title": competition.title,
        "description": competition.subtitle or "A machine-learning competition.",
        "url": settings.URL + request.path,
    }


def _membership(request, competition) -> Membership | None:
    if not request.user.is_authenticated:
        return None
    return (
        Membership.objects.select_related("team")
        .filter(competition=competition, user=request.user)
        .first()
    )


def takes_submissions(competition: Competition) -> bool:
    """Whether a submission made now would be taken, in time or late."""
    if competition.archived_at:
        return False
    status = competition.status
    closed = status in (Status.CLOSED, Status.FINALISED)
    return status == Status.OPEN or (closed and competition.late)


def _call(competition: Competition, context: dict) -> dict | None:
    """The one green button of the page, if there is something to do."""
    if context["tab"] in ("submit", "rules", "team", "access"):
        return None
    if context["must_accept"]:
        return {"page": "competitions:rules", "words": "Accept the new rules"}
    if not takes_submissions(competition):
        return None
    if context["is_participant"]:
        thing = wording.files_taken(competition)["thing"]
        return {"page": "competitions:submit", "words": f"Submit {thing}"}
    if context["is_host"]:
        return None
    return {"page": "competitions:rules", "words": "Join competition"}
