"""Pictures of a project: sent, served, taken away."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, JsonResponse
from django.views.decorators.http import require_POST, require_safe

from podium.common.answers import see_other
from podium.common.downloads import send_file
from podium.common.errors import BadRequest, Refused, TooMany
from podium.common.throttles import UploadThrottle
from podium.portfolio.models import ProjectPicture
from podium.portfolio.pictures import add_picture, markdown_of
from podium.portfolio.views.finding import find_own, find_project

AGE_S = 300  # of a cached picture; short, for a project may turn private


@require_safe
def picture(request, username, project, name):
    """A picture of a project, for whoever sees the project."""
    shown = find_project(request, username, project)
    row = _find(shown, name)
    response = send_file(request, row.stored, row.name)
    if response.status_code in (200, 206):
        response.headers["Content-Type"] = "image/webp"
        response.headers["Content-Disposition"] = "inline"
    response.headers["Cache-Control"] = f"private, max-age={AGE_S}"
    return response


@login_required
@require_POST
def add(request, username, project):
    """Take a picture for the text; the editor's script gets its Markdown."""
    shown = find_own(request, username, project)
    is_script = not request.accepts("text/html")
    try:
        row = add_picture(project=shown, file=_sent(request))
    except Refused as refused:
        if is_script:
            return JsonResponse({"words": refused.message}, status=refused.status)
        messages.error(request, refused.message)
    else:
        if is_script:
            answer = {"markdown": markdown_of(shown, row), "words": "Picture added."}
            return JsonResponse(answer, status=201)
        messages.success(request, "The picture is below: put its line into the text.")
    return see_other("projects:edit", shown.owner.username, shown.slug)


@login_required
@require_POST
def remove(request, username, project, name):
    """Take a picture away; where the text shows it, its words are left."""
    shown = find_own(request, username, project)
    _find(shown, name).delete()
    messages.success(request, "The picture is deleted.")
    return see_other("projects:edit", shown.owner.username, shown.slug)


def _find(project, name) -> ProjectPicture:
    row = project.pictures.select_related("stored").filter(name=name).first()
    if row is None:
        raise Http404("The project has no such picture.")
    return row


def _sent(request):
    throttle = UploadThrottle()
    if not throttle.allow_request(request, None):
        raise TooMany("Those were many uploads in a short time: try again in a minute.")
    file = request.FILES.get("picture")
    if file is None:
        raise BadRequest("No file came: choose a picture first.")
    return file
