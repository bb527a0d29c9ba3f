"""What all views of competitions share."""

from django.db.models import Exists, OuterRef, Value
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from competitions import audit
from competitions.models import Competition, Membership
from podium.common.api import ApiView


class CompetitionView(ApiView):
    """A view that may be about one competition."""

    @cached_property
    def competition(self) -> Competition:
        """The competition of the address; 404 for whoever may not see it."""
        return get_object_or_404(
            visible_competitions(self.request.user), slug=self.kwargs["slug"]
        )

    def is_run_by_caller(self) -> bool:
        return self.competition.is_run_by(self.request.user)

    def note_reading(self, action: str, target: object = "", **detail) -> None:
        """Note that staff read here what only the host may see."""
        audit.reading(self.request.user, self.competition, action, target, **detail)


def visible_competitions(user):
    """The competitions that a user may see, and whether they take part."""
    joined = Value(False)
    if user.is_authenticated:
        joined = Exists(
            Membership.objects.filter(competition=OuterRef("pk"), user=user)
        )
    return Competition.objects.visible_to(user).annotate(joined=joined)
