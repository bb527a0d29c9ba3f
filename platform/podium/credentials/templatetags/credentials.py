"""What pages of apps below show of credentials, without importing them."""

from django import template

from competitions.models import Submission
from podium.common.errors import Refused
from podium.credentials import services
from podium.credentials.models import Credential

register = template.Library()


@register.inclusion_tag("credentials/_of_submission.html", takes_context=True)
def credential_of(context, submission):
    """The credential of a submission, or the button that asks for one."""
    request = context.get("request")
    user = getattr(request, "user", None)
    shown = {"competition": submission.competition, "is_shown": False}
    is_scored = submission.status == Submission.Status.SCORED
    if user is None or not context.get("is_member") or not is_scored:
        return shown
    newest = (
        Credential.objects.valid().filter(holder=user, submission=submission).first()
    )
    try:
        entry, kind = services.result_of(submission.competition, user)
    except Refused as refused:
        return shown | {
            "is_shown": True,
            "credential": newest,
            "why_not": refused.message,
        }
    return shown | {
        "is_shown": entry.submission_id == submission.pk or newest is not None,
        "credential": newest,
        "can_ask": entry.submission_id == submission.pk and services.is_due(newest),
        "is_final": kind == Credential.Kind.FINAL,
    }
