"""A draft becomes a competition that others see, and its baselines are queued."""

from django.db import transaction
from django.utils import timezone

from competitions import services
from competitions.errors import WrongState
from competitions.folders.document import Baseline
from competitions.folders.reading import NAME, read_document
from competitions.models import Competition, Submission, Team
from podium.common.models import StoredFile
from scoring import artifact


@transaction.atomic
def publish(competition: Competition) -> Competition:
    """Publish a draft and queue its baselines, which cost nothing."""
    published = Competition.objects.filter(pk=competition.pk, published_at=None).update(
        published_at=timezone.now()
    )
    if not published:
        raise WrongState("This competition is published already.")
    competition.refresh_from_db()
    for baseline, stored in _baselines(competition):
        _submit(competition, baseline, stored)
    return competition


def _baselines(competition: Competition) -> list[tuple[Baseline, StoredFile]]:
    """The baselines of the folder as it came; none for what came otherwise."""
    files = {
        source.path: source.stored
        for source in competition.source_files.select_related("stored")
    }
    if NAME not in files:
        return []
    with files[NAME].open() as file:
        document = read_document(file.read()).document
    return [(baseline, files[baseline.file]) for baseline in document.baselines]


def _submit(
    competition: Competition, baseline: Baseline, stored: StoredFile
) -> Submission:
    team = Team.objects.create(
        competition=competition, name=baseline.name, is_baseline=True
    )
    return services.create_submission(
        competition=competition,
        team=team,
        submitted_by=competition.host,
        artifact=stored,
        file_name=baseline.file.rpartition("/")[2],
        format=artifact.identify(stored.local_path()),
    )
