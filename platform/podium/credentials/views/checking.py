"""/verify/: a credential is sent, and what is wrong with it is told."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from podium.credentials import baking, wording
from podium.credentials.forms import MOST_BYTES, CheckForm
from podium.credentials.judging import Verdict, judge
from podium.credentials.views.finding import tidied


@require_http_methods(["GET", "HEAD", "POST"])
def check(request):
    """Check a file or a text that somebody holds, or lead to the page of a code."""
    typed = request.GET.get("code", "")
    if code := tidied(typed):
        return redirect("credentials:detail", code)
    form = CheckForm(
        *([request.POST, request.FILES] if request.method == "POST" else [])
    )
    verdict = _verdict(form.content()) if form.is_valid() else None
    context = {
        "form": form,
        "verdict": verdict,
        "says": _says(verdict),
        "code": typed,
        "wrong_code": bool(typed),
    }
    status = 400 if form.is_bound and not form.is_valid() else 200
    return render(request, "credentials/check.html", context, status=status)


check.body_limit = MOST_BYTES + 500_000


def _verdict(content: bytes) -> Verdict:
    try:
        return judge(baking.token_in(content))
    except baking.CutShort as error:
        return Verdict("truncated", "Cut short.", str(error))
    except baking.NoCredential as error:
        return Verdict("unreadable", "This is no credential.", str(error))


def _says(verdict: Verdict | None) -> str:
    """What a credential of ours says; never a word of one whose signature is wrong."""
    if verdict is None or verdict.credential is None:
        return ""
    return wording.narrative_of(verdict.credential.facts)
