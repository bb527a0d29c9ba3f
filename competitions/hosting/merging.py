"""Two people change one thing: what only one of them touched is kept from both."""

from dataclasses import dataclass, field


@dataclass
class Merged:
    """Values after a merge; `taken` are another's that stand, `clashes` need a look.

    Both name who changed them: {place: (name, value)}.
    """

    values: dict
    taken: dict[str, tuple[str, object]] = field(default_factory=dict)
    clashes: dict[str, tuple[str, object]] = field(default_factory=dict)


def changes(before: dict, after: dict) -> dict[str, list]:
    """What differs, as {place: [before, after]}."""
    return {
        place: [before.get(place), value]
        for place, value in after.items()
        if before.get(place) != value
    }


def merge(typed: dict, current: dict, since: list[dict]) -> Merged:
    """Bring what somebody typed together with what was saved since they began.

    `since` are the saves that came between, oldest first, each {by, fields: {place:
    [before, after]}}. Where the form still shows what was there before them, theirs
    stands; where it shows something else again, it is a clash.
    """
    merged = Merged(dict(typed))
    base: dict[str, object] = {}
    last: dict[str, str] = {}
    for save in since:
        for place, (before, _) in save["fields"].items():
            base.setdefault(place, before)
            last[place] = save["by"]
    for place in base.keys() & typed.keys():
        now = current.get(place)
        if typed[place] == now:
            continue
        told = (last[place], now)
        if typed[place] == base[place]:
            merged.values[place] = now
            merged.taken[place] = told
        else:
            merged.clashes[place] = told
    return merged
