"""The files that participants work with."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from competitions.models import Competition
from competitions.views import wording
from competitions.views.frame import find, frame
from podium.common.downloads import send_file
from podium.datasets.models import Dataset, DatasetFile

STARTER = "starter.py"


@require_safe
def data(request, slug):
    """What there is to download, and a script to start from."""
    competition = find(request, slug)
    context = frame(request, competition, "data")
    files = []
    if competition.dataset_version_id:
        files = list(competition.dataset_version.files.select_related("stored"))
    uses = {competition.train_path: "inputs and labels to learn from"}
    uses[competition.test_path] = "the hidden inputs, without labels"
    context |= {
        "files": [
            {"file": file, "use": uses.get(f"files/{file.path}") or uses.get(file.path)}
            for file in files
        ],
        "version": competition.dataset_version,
        "may_download": may_download(request.user, competition, context),
        "contract": wording.contract_of(competition, competition.hidden_test_set),
    }
    return render(request, "competitions/data.html", context)


@require_safe
def download(request, slug, path):
    """One file, whole or a range of it, for whoever may read the data."""
    competition = find(request, slug)
    if path == STARTER and competition.starter:
        return _starter(competition)
    context = frame(request, competition, "data")
    if not may_download(request.user, competition, context):
        if not request.user.is_authenticated:
            return redirect(f"{reverse('account_login')}?next={request.path}")
        page = reverse("competitions:data", args=[slug])
        rules = reverse("competitions:rules", args=[slug])
        return redirect(f"{rules}?next={page}")
    file = (
        DatasetFile.objects.select_related("stored")
        .filter(version=competition.dataset_version_id, path=path)
        .first()
    )
    if file is None:
        raise Http404("This dataset version has no such file.")
    return send_file(request, file.stored, path.rsplit("/", 1)[-1])


def _starter(competition: Competition) -> HttpResponse:
    """The script that the page shows anyway, as a file; nothing runs it here."""
    response = HttpResponse(competition.starter, "text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{STARTER}"'
    return response


def may_download(user, competition: Competition, context: dict) -> bool:
    """Participants under the current rules, the host, staff; all if it is public."""
    if context["is_host"]:
        return True
    if context["is_participant"] and not context["must_accept"]:
        return True
    version = competition.dataset_version
    return bool(version) and version.dataset.visibility == Dataset.Visibility.PUBLIC
