"""A team's page: members, invitations, mergers, and the ledger of its quota."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from competitions import quota
from competitions.errors import Refused
from competitions.forms import InviteForm, JoinForm, SeekForm, TeamNameForm
from competitions.models import (
    Asked,
    Competition,
    MergeProposal,
    Team,
    TeamInvitation,
)
from competitions.teams import bounds, joining, members, merging
from competitions.views.frame import find, frame
from competitions.views.submit import page_links
from podium.common.answers import see_other
from podium.common.lists import page_of, query_without_cursor

LEDGER = 20
LEDGER_ORDER = ("-created_at", "-pk")
SEEKING_SHOWN = 30


@login_required
@require_safe
def team(request, slug):
    """Who is in one's team, who is asked, and what is left to submit."""
    return _page(request, find(request, slug))


@login_required
@require_POST
def rename(request, slug):
    """Call one's team otherwise."""
    competition = find(request, slug)
    return _by_form(
        request,
        competition,
        TeamNameForm,
        "name_form",
        members.rename,
        "Your team has a new name.",
    )


@login_required
@require_POST
def invite(request, slug):
    """Ask somebody by name to come."""
    competition = find(request, slug)
    return _by_form(
        request,
        competition,
        InviteForm,
        "invite_form",
        joining.invite,
        "Invited. They are told on the site and by mail.",
    )


@login_required
@require_POST
def seek(request, slug):
    """Say whether one's team is open to team up."""
    competition = find(request, slug)
    return _by_form(request, competition, SeekForm, "seek_form", members.seek, "Saved.")


@login_required
@require_POST
def link(request, slug):
    """Make a link to one's team, a new one, or none."""
    competition = find(request, slug)
    wanted = request.POST.get("wanted") == "true"
    told = "There is a new link." if wanted else "The link is void."
    return _do(
        request,
        competition,
        lambda: joining.set_link(
            competition=competition, user=request.user, wanted=wanted
        ),
        told,
    )


@login_required
@require_POST
def leave(request, slug):
    """Go from a team that has submitted nothing."""
    competition = find(request, slug)
    try:
        alone = members.leave(competition=competition, user=request.user)
    except Refused as refused:
        messages.error(request, refused.message)
        return see_other("competitions:team", slug)
    if alone is None:
        messages.success(request, "You take no part in this competition any more.")
        if not Competition.objects.visible_to(request.user).filter(slug=slug).exists():
            return see_other("competitions:list")
        return see_other("competitions:overview", slug)
    messages.success(request, f"You have left. You go on alone as {alone.name}.")
    return see_other("competitions:team", slug)


@login_required
def come(request, slug, team_link):
    """What a team's link leads to: read who it is, and become a member."""
    competition = find(request, slug)
    found = joining.team_of_link(competition, team_link)
    if found is None:
        raise Http404("This link leads to no team: ask for a new one.")
    form, status = JoinForm(request.POST if request.method == "POST" else None), 200
    context = frame(request, competition, "team")
    if context["team"] == found:
        return see_other("competitions:team", slug)
    if request.method == "POST":
        try:
            joined = joining.come_by_link(
                competition=competition,
                link=team_link,
                user=request.user,
                accept_rules=form.is_valid(),
            )
        except Refused as refused:
            form.add_error(None, refused.message)
            status = refused.status
        else:
            messages.success(request, f"You are in the team {joined.name} now.")
            return see_other("competitions:team", slug)
    sum_of_both = _together(competition, found, context["team"])
    context |= {
        "form": form,
        "found": found,
        "together": sum_of_both,
        "fault": bounds.obstacle_to_changes(competition)
        or (sum_of_both and sum_of_both.obstacle),
    }
    return render(request, "competitions/team_come.html", context, status=status)


@login_required
@require_POST
def answer_invitation(request, slug, pk):
    """Accept or decline an invitation, or take one's own back."""
    competition = find(request, slug)
    deed = request.POST.get("deed")
    asked = TeamInvitation.objects.filter(team__competition=competition)
    if deed == "withdraw":
        asked = asked.filter(team__memberships__user=request.user)
    else:
        asked = asked.filter(user=request.user)
    invitation = get_object_or_404(asked.select_related("team"), pk=pk)
    deeds = {
        "accept": lambda: joining.accept(
            invitation=invitation,
            user=request.user,
            accept_rules="accept_rules" in request.POST,
        ),
        "decline": lambda: joining.decline(invitation=invitation, user=request.user),
        "withdraw": lambda: joining.withdraw(invitation=invitation),
    }
    told = {
        "accept": f"You are in the team {invitation.team.name} now.",
        "decline": "Declined.",
        "withdraw": "The invitation is taken back.",
    }
    return _choose(request, competition, deeds, told)


@login_required
@require_POST
def merge(request, slug):
    """Ask another team to become one with one's own."""
    competition = find(request, slug)
    wanted = request.POST.get("team", "")
    if not wanted.isdecimal() or len(wanted) > 18:
        raise Http404("No team of this number.")
    other = get_object_or_404(competition.teams, is_baseline=False, pk=wanted)
    return _do(
        request,
        competition,
        lambda: merging.propose(
            competition=competition, user=request.user, other=other
        ),
        f"Proposed. The members of {other.name} are told.",
    )


@login_required
@require_POST
def answer_merge(request, slug, pk):
    """Accept or decline a proposal, or take one's own back."""
    competition = find(request, slug)
    deed = request.POST.get("deed")
    side = "from_team" if deed == "withdraw" else "to_team"
    proposal = get_object_or_404(
        MergeProposal.objects.select_related("from_team__competition", "to_team"),
        **{
            "pk": pk,
            "from_team__competition": competition,
            f"{side}__memberships__user": request.user,
        },
    )
    deeds = {
        "accept": lambda: merging.accept(proposal=proposal, user=request.user),
        "decline": lambda: merging.decline(proposal=proposal, user=request.user),
        "withdraw": lambda: merging.withdraw(proposal=proposal),
    }
    told = {
        "accept": f"You are one team now: {proposal.from_team.name}.",
        "decline": "Declined.",
        "withdraw": "The proposal is taken back.",
    }
    return _choose(request, competition, deeds, told)


def _choose(request, competition, deeds: dict, told: dict):
    deed = request.POST.get("deed")
    if deed not in deeds:
        messages.error(request, "Choose what to do: accept, decline or take back.")
        return see_other("competitions:team", competition.slug)
    return _do(request, competition, deeds[deed], told[deed])


def _do(request, competition, deed, told: str):
    """Do it, say so or why not, and lead back to the team's page."""
    try:
        deed()
        messages.success(request, told)
    except Refused as refused:
        messages.error(request, refused.message)
    return see_other("competitions:team", competition.slug)


def _by_form(request, competition, form_class, name, deed, told):
    """Do what a form asks for; what is wrong is said at its field, and kept."""
    form, status = form_class(request.POST), 400
    if form.is_valid():
        try:
            deed(competition=competition, user=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(next(iter(form.fields)), refused.message)
            status = refused.status
        else:
            messages.success(request, told)
            return see_other("competitions:team", competition.slug)
    return _page(request, competition, status, **{name: form})


def _page(request, competition, status: int = 200, **forms):
    context = frame(request, competition, "team")
    mine = context["team"]
    context["received"] = _invitations(competition, request.user, mine)
    context["obstacle"] = bounds.obstacle_to_changes(competition)
    context["join_form"] = JoinForm()
    if mine:
        context |= _own(competition, mine, context["obstacle"])
        context |= _ledger(request, competition, mine)
        context.setdefault("name_form", TeamNameForm(initial={"name": mine.name}))
        context.setdefault("invite_form", InviteForm())
        context.setdefault(
            "seek_form",
            SeekForm(initial={"is_seeking": mine.is_seeking, "pitch": mine.pitch}),
        )
    return render(request, "competitions/team.html", context | forms, status=status)


def _own(competition: Competition, mine: Team, obstacle: str | None) -> dict:
    """One's team, and what it has asked or is asked."""
    memberships = mine.memberships.select_related("user").order_by("joined_at", "pk")
    waiting = MergeProposal.objects.filter(state=Asked.WAITING).select_related(
        "from_team", "to_team", "proposed_by"
    )
    size = len(memberships)
    return {
        "members": memberships,
        "merged_from": mine.merged_from.order_by("name"),
        "has_room": size < competition.team_max_size,
        "can_leave": not mine.submission_count and (size == 1 or not obstacle),
        "sent": mine.invitations.filter(state=Asked.WAITING).select_related("user"),
        "proposed": waiting.filter(from_team=mine),
        "proposals": [
            {"row": row, "together": bounds.together(competition, row.from_team, mine)}
            for row in waiting.filter(to_team=mine)[: bounds.WAITING_AT_MOST]
        ],
        "others": members.seeking(competition, mine)[:SEEKING_SHOWN],
    }


def _invitations(competition, user, mine: Team | None) -> list[dict]:
    """Invitations to oneself, and what accepting each would make."""
    waiting = TeamInvitation.objects.filter(
        user=user, team__competition=competition, state=Asked.WAITING
    ).select_related("team", "invited_by")
    return [
        {"row": row, "together": _together(competition, row.team, mine)}
        for row in waiting[: bounds.WAITING_AT_MOST]
    ]


def _together(competition, theirs: Team, mine: Team | None):
    return bounds.together(competition, theirs, mine) if mine else None


def _ledger(request, competition: Competition, mine: Team) -> dict:
    page = page_of(request, quota.entries(mine), LEDGER_ORDER, LEDGER)
    return {
        "left": quota.left(mine, competition),
        "entries": [
            {"row": row, "cause": quota.cause_words(row.cause)} for row in page.rows
        ],
        "page": page_links(page),
        "query": query_without_cursor(request),
    }
