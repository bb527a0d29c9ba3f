"""Whom a competition lets in: the host's page, and the door behind the link."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from competitions import archiving, audit, cloning, entry
from competitions.errors import Refused
from competitions.forms import AccessForm, AddressesForm, CloneForm, EnterForm
from competitions.models import Admission, Competition
from competitions.views.frame import find, frame
from competitions.views.submit import page_links
from podium.common.answers import see_other
from podium.common.lists import page_of, query_without_cursor

PAGE = 30
ORDER = ("-created_at", "-pk")


@login_required
@require_safe
def access(request, slug):
    """Who finds the competition, who may enter, and who asks to."""
    competition = _hosted(request, slug)
    audit.reading(request.user, competition, "read_access")
    return _page(request, competition)


@login_required
@require_POST
def visibility(request, slug):
    """Say who finds it, and whether the link alone lets people in."""
    return _by_form(
        request,
        _hosted(request, slug),
        AccessForm,
        "access_form",
        entry.set_access,
        "Saved.",
    )


@login_required
@require_POST
def addresses(request, slug):
    """Say which confirmed addresses and domains are let in."""
    return _by_form(
        request,
        _hosted(request, slug),
        AddressesForm,
        "addresses_form",
        entry.set_addresses,
        "Saved: these people find the competition now, and no others by their address.",
    )


@login_required
@require_POST
def link(request, slug):
    """Make an invitation link, a new one, or none."""
    competition = _hosted(request, slug)
    wanted = request.POST.get("wanted") == "true"
    entry.set_link(competition=competition, by=request.user, wanted=wanted)
    messages.success(request, "There is a new link." if wanted else "The link is void.")
    return see_other("competitions:access", slug)


@login_required
@require_POST
def decide(request, slug, pk):
    """Let somebody in who asked, or not."""
    competition = _hosted(request, slug)
    admission = get_object_or_404(
        Admission.objects.select_related("user"), competition=competition, pk=pk
    )
    deed = request.POST.get("deed")
    if deed not in ("accept", "decline"):
        messages.error(request, "Choose what to do: accept or decline.")
        return see_other("competitions:access", slug)
    try:
        entry.decide(admission=admission, by=request.user, approved=deed == "accept")
        done = "is let in" if deed == "accept" else "is not let in"
        messages.success(request, f"{admission.user.username} {done}.")
    except Refused as refused:
        messages.error(request, refused.message)
    return see_other("competitions:access", slug)


@login_required
@require_POST
def clone(request, slug):
    """Make a copy of the competition as a draft."""
    competition = _hosted(request, slug)
    form, status = CloneForm(request.POST), 400
    if form.is_valid():
        try:
            made = cloning.clone(
                competition=competition,
                by=request.user,
                slug=form.cleaned_data["slug"],
                title=form.cleaned_data["title"],
            )
        except Refused as refused:
            form.add_error("slug", refused.message)
            status = refused.status
        else:
            messages.success(request, f"This is the copy of {competition.title}.")
            return see_other("competitions:overview", made.slug)
    return _page(request, competition, status, clone_form=form)


@login_required
@require_POST
def archive(request, slug):
    """Put the competition away, or take it back."""
    competition = _hosted(request, slug)
    wanted = request.POST.get("wanted") == "true"
    try:
        archiving.set_archived(
            competition=competition, by=request.user, archived=wanted
        )
        told = "Archived: it is on no list." if wanted else "It is on the lists again."
        messages.success(request, told)
    except Refused as refused:
        messages.error(request, refused.message)
    return see_other("competitions:access", slug)


@login_required
@never_cache
def door(request, slug, entry_link):
    """What an invitation link leads to: a few words, and the way in."""
    competition = entry.competition_of_link(slug, entry_link)
    if competition is None:
        raise Http404("This link leads nowhere: ask the host for a new one.")
    visible = Competition.objects.visible_to(request.user)
    if visible.filter(pk=competition.pk).exists():
        return see_other("competitions:overview", slug)
    admission = competition.admissions.filter(user=request.user).first()
    form = EnterForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        admission = entry.enter(
            competition=competition, user=request.user, **form.cleaned_data
        )
        if admission.state == Admission.State.APPROVED:
            return see_other("competitions:rules", slug)
        return see_other("competitions:door", slug, entry_link)
    context = {"competition": competition, "admission": admission, "form": form}
    status = 400 if form.errors else 200
    return render(request, "competitions/door.html", context, status=status)


def _hosted(request, slug) -> Competition:
    """The competition, for its host and for staff; nobody else finds the page."""
    competition = find(request, slug)
    if not competition.is_run_by(request.user):
        raise Http404("No page of this name.")
    return competition


def _by_form(request, competition, form_class, name, deed, told):
    form, status = form_class(request.POST), 400
    if form.is_valid():
        try:
            deed(competition=competition, by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(next(iter(form.fields)), refused.message)
            status = refused.status
        else:
            messages.success(request, told)
            return see_other("competitions:access", competition.slug)
    competition.refresh_from_db(fields=["visibility", "entry_approval"])
    return _page(request, competition, status, **{name: form})


def _page(request, competition: Competition, status: int = 200, **forms):
    listed = competition.allowed_addresses.values_list("pattern", flat=True)
    asked = competition.admissions.select_related("user").filter(state="asked")
    decided = competition.admissions.select_related("user").exclude(state="asked")
    page = page_of(request, decided, ORDER, PAGE)
    context = {
        **frame(request, competition, "access"),
        "access_form": AccessForm(
            initial={
                "visibility": competition.visibility,
                "approval": competition.entry_approval,
            }
        ),
        "addresses_form": AddressesForm(initial={"text": "\n".join(listed)}),
        "clone_form": CloneForm(initial={"title": competition.title}),
        "asked": asked.order_by("created_at", "pk")[:100],
        "decided": page.rows,
        "page": page_links(page),
        "query": query_without_cursor(request),
        "can_archive": competition.status
        in (
            Competition.Status.DRAFT,
            Competition.Status.CLOSED,
            Competition.Status.FINALISED,
        ),
        **forms,
    }
    return render(request, "competitions/access.html", context, status=status)
