"""One credential: what it says, what was checked, and its files."""

import json
from base64 import urlsafe_b64decode

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from competitions.models import Competition
from podium.common import words
from podium.common.text import one_line
from podium.credentials import baking, picture, wording
from podium.credentials.checks import checks_of
from podium.credentials.document import status_address
from podium.credentials.forms import RevokeForm
from podium.credentials.judging import state_of
from podium.credentials.views.finding import find


@require_safe
def detail(request, code):
    """What was checked, in plain words, for somebody who never heard of keys."""
    found = find(code)
    if not found.jwt:
        return render(request, "credentials/gone.html", {"credential": found})
    return render(request, "credentials/detail.html", context_of(request, found))


@require_safe
def text(request, code):
    """The signed text."""
    return _file(_held(code), "jwt", "text/plain; charset=utf-8")


@require_safe
def svg(request, code):
    """The badge, with the signed text in it."""
    return _file(_held(code), "svg", "image/svg+xml")


@require_safe
def png(request, code):
    """The badge in pixels, with the signed text in it."""
    return _file(_held(code), "png", "image/png")


def context_of(request, found, form: RevokeForm | None = None) -> dict:
    """What the page of a credential shows."""
    facts, competition = found.facts, found.submission.competition
    name = one_line(found.holder.get_full_name())
    before, after = wording.headline_of(facts, name)
    can_revoke = found.revoked_at is None and (
        request.user.is_authenticated and competition.is_run_by(request.user)
    )
    state = state_of(found)
    return {
        "credential": found,
        "facts": facts,
        "name": name,
        "before": before,
        "after": after,
        "lede": wording.lede_of(facts),
        "state": state,
        "checks": checks_of(found),
        "rows": _rows(found),
        "competition": _visible(request.user, competition),
        "is_mine": found.holder == request.user,
        "record": json.dumps(_payload(found.jwt), indent=2, ensure_ascii=False),
        "revoke_form": (form or RevokeForm()) if can_revoke else None,
        "status_url": status_address(found.status_list_id).rstrip("/") + ".json",
        "sharing": {
            "type": "website",
            "title": f"{before} {name} {after}",
            "description": wording.narrative_of(facts),
            "url": settings.URL + found.get_absolute_url(),
        },
    }


def _rows(found) -> list[dict]:
    """The result in plain words, as a list of terms."""
    facts, hidden = found.facts, found.facts["hiddenTestSet"]
    metric = facts["metric"]["title"]
    result = f"{metric} {wording.score_of(facts)}"
    if facts["baseline"] is not None:
        result += f"; baseline {wording.score_text(facts['baseline'])}"
    return [
        {"term": "Task", "words": found.submission.competition.subtitle},
        {"term": "Result", "words": result},
        {"term": "Place", "words": _place(facts)},
        {"term": "Team", "words": _team(found)},
        {"term": f"Share of {found.holder.username}", "words": _share(found)},
        {"term": "Data unseen?", "words": _unseen(hidden)},
        {"term": "As of", "words": facts["asOf"][:10]},
        {
            "term": "Hidden test set",
            "hash": f"version {hidden['version']}, {hidden['digest']}",
        },
        {"term": "Submitted file", "hash": facts["artifact"]["digest"]},
    ]


def _place(facts: dict) -> str:
    place = f"{wording.place_of(facts)} teams"
    tier = facts["tier"]
    if tier and tier["teams"] > 1:
        place += (
            f"; ranks {tier['firstRank']} to {tier['lastRank']} cannot be told apart"
        )
    return place


def _team(found) -> str:
    """The team by the name that was signed, and who is in it, if boards tell."""
    team = found.submission.team
    if found.submission.competition.anonymous:
        return found.facts["team"]
    members = team.members.order_by("username").values_list("username", flat=True)
    names = ", ".join(members)
    return names if names == found.facts["team"] else f"{found.facts['team']}: {names}"


def _share(found) -> str:
    """How much of the team's work was the holder's."""
    submissions = found.submission.team.submissions.all()
    mine = submissions.filter(submitted_by=found.holder).count()
    whose = (
        "among them this one"
        if found.submission.submitted_by_id == found.holder_id
        else "this one by a team mate"
    )
    total = words.plural(submissions.count(), "submission")
    return f"{words.thousands(mine)} of {total}, {whose}"


def _unseen(hidden: dict) -> str:
    if hidden["inputs"] == "open":
        return "The labels: yes. The inputs are open, as files of predictions are taken"
    return "Yes: no participant is shown the inputs or the labels"


def _visible(user, competition) -> Competition | None:
    """The competition, for a link, if this visitor may open it."""
    return Competition.objects.visible_to(user).filter(pk=competition.pk).first()


def _payload(token: str) -> dict:
    part = token.split(".")[1]
    return json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def _held(code: str):
    found = find(code)
    if not found.jwt:
        raise Http404("Its holder deleted their account.")
    return found


def _file(found, ending: str, content_type: str) -> HttpResponse:
    if ending == "jwt":
        content = found.jwt
    else:
        drawn = picture.svg_of(found)
        content = (
            baking.bake_svg(drawn, found.jwt)
            if ending == "svg"
            else baking.bake_png(picture.png_of(drawn), found.jwt)
        )
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = (
        f'inline; filename="podium-{found.code}.{ending}"'
    )
    # The words never change; how they are drawn may.
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response
