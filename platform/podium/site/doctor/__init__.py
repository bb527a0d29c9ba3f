"""What this installation has and lacks, a sentence for each: `manage.py doctor`.

It changes nothing but what it makes and removes again, and it works while Podium runs
and while it does not.
"""

from collections.abc import Iterator

from podium.site.doctor import (
    broker,
    database,
    devices,
    home,
    machine,
    mail,
    staff,
    storage,
    trial,
    walls,
)
from podium.site.doctor.finding import LACKS, Finding, lacks

CHECKS = (
    ("Machine", machine.examine),
    ("Files", home.examine),
    ("Database", database.examine),
    ("Broker", broker.examine),
    ("Storage", storage.examine),
    ("Mail", mail.examine),
    ("Sandbox", walls.examine),
    ("Devices", devices.examine),
    ("Workers", staff.examine),
)
TRIAL = ("Test run", trial.examine)

__all__ = ["LACKS", "Finding", "examine"]


def examine(*, with_trial: bool = True) -> Iterator[Finding]:
    """Look at one thing after the other; what cannot be looked at is said, too."""
    for about, check in (*CHECKS, TRIAL) if with_trial else CHECKS:
        try:
            yield from check(about)
        except Exception as error:  # the border: one thing's fault hides no other
            told = f"{type(error).__name__}: {error}".splitlines()[0]
            yield lacks(about, f"This could not be examined: {told}")
