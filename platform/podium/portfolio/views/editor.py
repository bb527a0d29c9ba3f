"""Writing a project: made, edited with a draft that saves itself, deleted."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from podium.common.answers import see_other
from podium.common.errors import Refused, WrongState
from podium.portfolio import services
from podium.portfolio.forms import NewProjectForm, ProjectForm, initial_of
from podium.portfolio.models import Project
from podium.portfolio.pictures import add_picture, address_of, markdown_of
from podium.portfolio.views.finding import find_own

FIELDS = (
    *("title", "summary", "body", "repository", "tags", "visibility", "results"),
    "datasets",
)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """Make a private project by its title, and go on to its text."""
    form = NewProjectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            project = services.create_project(owner=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.message)
        else:
            return see_other("projects:edit", project.owner.username, project.slug)
    status = 400 if form.errors else 200
    return render(request, "portfolio/new.html", {"form": form}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, username, project):
    """The editor. Saving puts what was typed in the place of what stood."""
    if not request.user.is_authenticated:
        return _signed_out(request)
    project = find_own(request, username, project)
    if request.method != "POST":
        form = ProjectForm(initial=initial_of(project), project=project)
        return _editor(request, project, form)
    form = ProjectForm(request.POST, request.FILES, project=project)
    if request.POST.get("deed") == "preview":
        return _editor(request, project, form, preview=request.POST.get("body", ""))
    if not form.is_valid():
        return _editor(request, project, form, status=400)
    try:
        saved = _save(project, form.cleaned_data)
    except Refused as refused:
        form.add_error(None, refused.message)
        if isinstance(refused, WrongState):
            form = _with_revision(form, project)
        return _editor(request, project, form, status=refused.status)
    messages.success(request, "Saved.")
    return see_other(saved)


@transaction.atomic
def _save(project: Project, given: dict) -> Project:
    values = {name: given[name] for name in FIELDS}
    if given["cover"]:
        values["cover"] = add_picture(project=project, file=given["cover"])
    elif given["remove_cover"]:
        values["cover"] = None
    return services.update_project(
        project=project, revision=given["revision"], **values
    )


def _with_revision(form: ProjectForm, project: Project) -> ProjectForm:
    """The same form on top of what stands now, so that saving again keeps it."""
    project.refresh_from_db(fields=["revision"])
    form.data = form.data.copy()
    form.data["revision"] = project.revision
    return form


def _editor(request, project, form, *, preview=None, status=200):
    pictures = project.pictures.order_by("-created_at", "-pk")
    context = {
        "project": project,
        "form": form,
        "draft": getattr(project, "draft", None),
        "preview": preview,
        "pictures": [
            {
                "picture": picture,
                "address": address_of(project, picture),
                "markdown": markdown_of(project, picture),
            }
            for picture in pictures
        ],
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
    }
    return render(request, "portfolio/edit.html", context, status=status)


def _signed_out(request):
    """Lead to the sign-in page; what a form brought is shown, for it is not saved."""
    if request.method != "POST":
        return redirect_to_login(request.get_full_path())
    return render(request, "portfolio/signed_out.html", status=403)


@require_POST
def draft(request, username, project):
    """Keep what is being typed; the editor's script sends it every few seconds."""
    if not request.user.is_authenticated:
        return _answer(401, "You are signed out.")
    project = find_own(request, username, project)
    try:
        revision = int(request.POST.get("revision", ""))
    except ValueError:
        return _answer(400, "The revision is missing: load the page again.")
    typed = {name: request.POST.get(name, "") for name in ("title", "summary", "body")}
    try:
        kept = services.save_draft(project=project, revision=revision, **typed)
    except Refused as refused:
        return _answer(refused.status, refused.message)
    return JsonResponse(
        {
            "revision": kept.project.revision,
            "words": f"Draft saved at {timezone.localtime():%H:%M:%S}.",
        }
    )


@login_required
@require_POST
def discard(request, username, project):
    """Throw away what was typed since the last save."""
    project = find_own(request, username, project)
    services.discard_draft(project=project)
    messages.success(request, "Discarded: this is what you saved last.")
    return see_other("projects:edit", project.owner.username, project.slug)


@login_required
@require_POST
def preview(request):
    """A text as its page will show it, for the editor's script."""
    text = request.POST.get("body", "")
    if len(text) > services.LONGEST_BODY:
        text = text[: services.LONGEST_BODY]
    return render(request, "portfolio/_preview.html", {"preview": text})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request, username, project):
    """Ask, then take a project away."""
    project = find_own(request, username, project)
    if request.method == "POST":
        services.delete_project(project=project)
        messages.success(request, f"“{project.title}” is deleted.")
        return see_other("projects:mine")
    return render(request, "portfolio/delete.html", {"project": project})


def _answer(status: int, words: str) -> JsonResponse:
    return JsonResponse({"words": words}, status=status)
