"""Licences that data often comes under, each in one plain sentence."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Licence:
    """A licence by its SPDX name; one that is not known here has only its name."""

    key: str
    name: str
    sentence: str = ""
    url: str = ""


_CC = "https://creativecommons.org/licenses/{}/4.0/"
_SPDX = "https://spdx.org/licenses/{}.html"

_KNOWN = [
    Licence(
        "CC0-1.0",
        "CC0 1.0",
        "Do with it what you like, without asking and without naming anybody.",
        "https://creativecommons.org/publicdomain/zero/1.0/",
    ),
    Licence(
        "PDDL-1.0",
        "Public Domain Dedication and License 1.0",
        "Do with it what you like, without asking and without naming anybody.",
        "https://opendatacommons.org/licenses/pddl/1-0/",
    ),
    Licence(
        "CC-BY-4.0",
        "CC BY 4.0",
        "Use, change and share it, also for money, if you name whom it is from.",
        _CC.format("by"),
    ),
    Licence(
        "CC-BY-SA-4.0",
        "CC BY-SA 4.0",
        "Use, change and share it if you name whom it is from and share what you make "
        "of it under the same licence.",
        _CC.format("by-sa"),
    ),
    Licence(
        "CC-BY-NC-4.0",
        "CC BY-NC 4.0",
        "Use, change and share it if you name whom it is from, but not for money.",
        _CC.format("by-nc"),
    ),
    Licence(
        "CC-BY-NC-SA-4.0",
        "CC BY-NC-SA 4.0",
        "Use, change and share it if you name whom it is from, not for money, and "
        "under the same licence.",
        _CC.format("by-nc-sa"),
    ),
    Licence(
        "CC-BY-ND-4.0",
        "CC BY-ND 4.0",
        "Share it, also for money, if you name whom it is from; pass on nothing that "
        "you have changed.",
        _CC.format("by-nd"),
    ),
    Licence(
        "ODC-By-1.0",
        "ODC Attribution 1.0",
        "Use, change and share it, also for money, if you name whom it is from.",
        "https://opendatacommons.org/licenses/by/1-0/",
    ),
    Licence(
        "ODbL-1.0",
        "Open Database License 1.0",
        "Use, change and share it if you name whom it is from and keep databases made "
        "of it as open.",
        "https://opendatacommons.org/licenses/odbl/1-0/",
    ),
    Licence(
        "MIT",
        "MIT",
        "Do with it what you like, if its notice of copyright stays with it.",
        _SPDX.format("MIT"),
    ),
    Licence(
        "Apache-2.0",
        "Apache 2.0",
        "Use, change and share it, if its notices stay with it and you say what you "
        "changed.",
        _SPDX.format("Apache-2.0"),
    ),
    Licence(
        "GPL-3.0-or-later",
        "GNU GPL 3.0 or later",
        "Use, change and share it, if what you make of it stays under the same "
        "licence.",
        _SPDX.format("GPL-3.0-or-later"),
    ),
]
KNOWN = {licence.key: licence for licence in _KNOWN}


def licence_of(key: str) -> Licence | None:
    """The licence of a dataset as it is told on its page; None where none is named."""
    if not key:
        return None
    return KNOWN.get(key) or Licence(key, key)
