"""Loads the demo; what is there already is left as it is.

Each user, competition, dataset, submission and project is made whole or not at all, so
that a start which was cut off is completed by the next one, and a second start has
nothing to do.
"""

from pathlib import Path

from competitions.folders import import_folder
from competitions.models import Competition
from podium.accounts.models import User
from podium.demo.catalogue import load_datasets
from podium.demo.gallery import load_projects
from podium.demo.people import HOST, PEOPLE, load_people

USERS = tuple(PEOPLE)
FOLDERS = Path(__file__).resolve().parent / "competitions"
COMPETITIONS = tuple(
    sorted(found.parent.name for found in FOLDERS.glob("*/competition.yaml"))
)


def load() -> None:
    """Make users, competitions, datasets and projects that are not there yet."""
    load_people()
    host = User.objects.get(username=HOST)
    for slug in COMPETITIONS:
        if not Competition.objects.filter(slug=slug).exists():
            import_folder(FOLDERS / slug, host=host, publish=True)
    load_datasets(host)
    load_projects(host)
