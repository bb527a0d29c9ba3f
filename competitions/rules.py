"""Changing the rules: a new version, and everybody is asked to accept it."""

from django.db import transaction
from django.db.models import Max
from django.urls import reverse

from competitions.errors import BadRequest
from competitions.models import AuditEntry, Competition, RulesVersion
from podium.accounts.models import User
from podium.notices import services as notices
from podium.notices.models import Kind


@transaction.atomic
def change_rules(*, competition: Competition, by: User, text: str) -> RulesVersion:
    """Put new rules in force; the same text again changes nothing.

    Rules that nobody has accepted yet are written over. Otherwise participants are
    told, and until they accept they can submit nothing and download nothing.
    """
    text = text.replace("\r\n", "\n")
    if not text.strip():
        raise BadRequest("Write the rules: joining means accepting them.")
    competition = Competition.objects.select_for_update(no_key=True).get(
        pk=competition.pk
    )
    versions = competition.rules_versions
    newest = versions.order_by("-number").first()
    if newest and newest.text == text:
        return newest
    if newest and not newest.memberships.exists():
        newest.text = text
        newest.save(update_fields=["text"])
        return newest
    number = (versions.aggregate(most=Max("number"))["most"] or 0) + 1
    made = versions.create(number=number, text=text)
    AuditEntry.objects.create(
        actor=by,
        competition=competition,
        action="change_rules",
        target=competition.slug,
        detail={"version": number},
    )
    notices.notify(
        users=User.objects.filter(memberships__competition=competition).iterator(),
        kind=Kind.RULES_CHANGED,
        subject=f"rules:{made.pk}",
        context={"competition": competition.title, "number": number},
        url=reverse("competitions:rules", args=[competition.slug]),
    )
    return made
