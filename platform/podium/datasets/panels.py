"""Who uses a dataset, as the apps above tell it.

An app registers a panel in its `AppConfig.ready`; datasets ask the panels and know
nothing of what stands behind them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

MOST = 50  # uses of one panel that a page shows


@dataclass(frozen=True)
class Use:
    """Something that uses a dataset: its title, its page, a few words about it."""

    title: str
    url: str
    words: str = ""


@dataclass(frozen=True)
class Panel:
    """What one app knows of the uses of a dataset.

    `uses(dataset, user)` gives those that the user may see, the newest first, lazily:
    no more than `MOST` are taken. `count(dataset)` gives how many there are that all
    may see: it stands on the page and orders the catalogue.
    """

    key: str
    title: str
    uses: Callable[..., Iterable[Use]]
    count: Callable[..., int]


@dataclass
class Registry:
    """The panels, by key; registering a key again takes its place."""

    panels: dict[str, Panel] = field(default_factory=dict)

    def register(self, panel: Panel) -> None:
        self.panels[panel.key] = panel

    def __iter__(self):
        return iter(self.panels.values())


registry = Registry()
register = registry.register
