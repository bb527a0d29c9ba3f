"""What a check found: a sentence, its evidence, and whether it asks for a look."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

OK, NOTE, WARN = "ok", "note", "warn"


@dataclass
class Finding:
    """One thing that was looked at.

    `warn` is something that spoils a competition if it is what it looks like, `note`
    something to know, `ok` nothing. `rows` are evidence: lines of a small table whose
    head is `head`.
    """

    key: str
    level: str
    title: str
    text: str
    head: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)

    def as_json(self) -> dict:
        return asdict(self)


def percent(share: float) -> str:
    """A share as people read it."""
    if 0 < share < 0.001:
        return "under 0.1 %"
    return f"{100 * share:.1f} %" if share < 0.1 else f"{100 * share:.0f} %"
