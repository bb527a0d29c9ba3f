"""Views that take files: who may not send is refused before a byte is read."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.views.decorators.csrf import csrf_exempt

from podium.common.answers import see_other
from podium.common.errors import Refused
from podium.common.throttles import UploadThrottle
from podium.datasets import uploads
from podium.datasets.limits import MAX_BYTES


def takes_files(may_send=None, most=MAX_BYTES):
    """Let a view take many files; `request.refused` says what was wrong with them.

    `most` is how many bytes they may have together. `may_send` is asked first, with
    what the view is called with; it raises Http404.
    Django looks for the page's word against forgery in the body, and takes it in to do
    so, its own way. So its look comes here, after ours: nothing is done before it.
    """

    def decorate(view):
        @csrf_exempt
        @login_required
        @wraps(view)
        def wrapped(request, *arguments, **parameters):
            request.refused = None
            if request.method == "POST":
                if may_send:
                    may_send(request, *arguments, **parameters)
                forged = _receive(request, most)
                if forged:
                    return forged
            return view(request, *arguments, **parameters)

        return wrapped

    return decorate


def _receive(request, most):
    """Take in the body; the answer, where it was not sent by a page of ours."""
    try:
        _assert_rate(request)
        uploads.receive(request, most)
    except Refused as refused:
        request.refused = refused
        return None
    return CsrfViewMiddleware(_nothing).process_view(request, None, (), {})


def _nothing(request):
    """What the middleware would call next; it is asked for its look alone."""


def files_of(request) -> dict:
    """The files that came, by their path."""
    return uploads.by_path(request.FILES.getlist("files"))


def lead_to(request, dataset):
    """Lead on to a dataset; a script is told where, for it would follow unseen.

    What it had followed to would say to nobody what there is to say once.
    """
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        address = dataset.get_absolute_url()
        return HttpResponse(status=201, headers={"Location": address})
    return see_other(dataset)


def _assert_rate(request) -> None:
    if not UploadThrottle().allow_request(request, None):
        refused = Refused(
            "Those were many uploads in a short time: wait a minute and send it again."
        )
        refused.status = 429
        raise refused
