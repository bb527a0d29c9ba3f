"""What all host pages share: finding a competition or a draft that is one's own."""

from django.http import Http404

from competitions.models import Competition, Draft
from competitions.views import wording


def find(request, slug: str) -> Competition:
    """A competition that this user runs, or staff look at; else 404."""
    if not request.user.is_authenticated:
        raise Http404("Nobody is signed in.")
    competition = (
        Competition.objects.hosted_by(request.user)
        .select_related("host", "hidden_test_set", "dataset_version__dataset")
        .filter(slug=slug)
        .first()
    )
    if competition is None:
        raise Http404("You run no competition of this name.")
    return competition


def find_draft(request, pk: int, *_, **__) -> Draft:
    """A draft that this user may work on; else 404."""
    draft = (
        Draft.objects.of(request.user)
        .select_related("host", "competition", "updated_by", "archive")
        .filter(pk=pk)
        .first()
    )
    if draft is None:
        raise Http404("There is no such draft of yours.")
    return draft


def frame(competition: Competition, tab: str) -> dict:
    """The context of a host page's head and tabs."""
    return {
        "competition": competition,
        "tab": tab,
        "state": wording.state_of(competition),
        "metric": wording.metric_of(competition),
        "draft": Draft.objects.filter(competition=competition).first(),
    }
