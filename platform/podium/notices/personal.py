"""What this app keeps of a person, for them to take along or to have deleted."""

from podium.accounts.models import User
from podium.accounts.personal import Keeper
from podium.notices.models import Notice, NoticeChoice, Watch
from podium.notices.services import choices_of


def _export(user: User) -> dict:
    told = Notice.objects.filter(user=user).order_by("pk")
    return {
        "notices.json": list(
            told.values("kind", "title", "text", "url", "created_at", "read_at", "mail")
        ),
        "notice_choices.json": [
            {"kind": c.kind, "on_site": c.on_site, "by_mail": c.by_mail}
            for c in choices_of(user)
        ],
    }


def _forget(user: User) -> None:
    for model in (Notice, NoticeChoice, Watch):
        model.objects.filter(user=user).delete()


keeper = Keeper(export=_export, forget=_forget)
