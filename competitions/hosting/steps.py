"""The steps of the wizard in their order, and which of them a fault belongs to."""

from dataclasses import dataclass

from competitions.folders.reading import NAME
from competitions.hosting import documents
from competitions.hosting.forms.base import StepForm
from competitions.hosting.forms.data import DataForm, HiddenForm
from competitions.hosting.forms.measure import ContractForm, MetricForm
from competitions.hosting.forms.words import (
    BasicsForm,
    LimitsForm,
    PagesForm,
    TeamsForm,
)
from competitions.models import Draft


@dataclass(frozen=True)
class Step:
    """One page of the wizard."""

    key: str
    title: str
    about: str
    form: type[StepForm] | None
    keys: tuple[str, ...]  # of the document: what is done here
    files: tuple[str, ...] = ()  # what the paths of its files begin with
    needed: tuple[str, ...] = ()  # keys and files without which it is not done


STEPS = (
    Step(
        "basics",
        "Basics",
        "name, tags, who sees it",
        BasicsForm,
        ("title", "slug", "subtitle", "tags", "licence", "visibility"),
        needed=("title", "slug"),
    ),
    Step(
        "data",
        "Data",
        "what is learnt from",
        DataForm,
        ("train", "id", "target", "sample"),
        ("files/",),
        ("train", "target", "inputs"),
    ),
    Step(
        "hidden",
        "Hidden test set and split",
        "inputs, labels, who sees what",
        HiddenForm,
        ("split", "test"),
        ("hidden/",),
        ("split", "hidden/test", "hidden/labels"),
    ),
    Step(
        "metric",
        "Metric",
        "what counts",
        MetricForm,
        ("metric", "metrics"),
        needed=("metric",),
    ),
    Step(
        "contract",
        "Contract",
        "what models are fed and answer",
        ContractForm,
        ("inputs", "output", "accepts", "baselines"),
        ("baselines/",),
        ("inputs", "output", "accepts"),
    ),
    Step(
        "limits",
        "Limits and quota",
        "time, memory, how often",
        LimitsForm,
        ("limits", "device", "quota", "feedback"),
    ),
    Step(
        "teams",
        "Teams and dates",
        "who together, and when",
        TeamsForm,
        (
            *("opens_at", "closes_at", "entry_deadline", "team_deadline"),
            *("time_zone", "teams", "finals", "late", "medals", "prizes"),
        ),
        needed=("opens_at",),
    ),
    Step(
        "pages",
        "Pages",
        "what participants read",
        PagesForm,
        (),
        ("overview.md", "data.md", "evaluation.md", "rules.md", "starter", "cover"),
        ("overview.md", "data.md", "evaluation.md", "rules.md"),
    ),
    Step("review", "Review", "all of it, checked and made", None, ()),
)
BY_KEY = {step.key: step for step in STEPS}
CHANGEABLE = ("basics", "limits", "teams", "pages")  # of a competition that is there


def after(step: Step) -> Step:
    """The next step; after the last, itself."""
    place = STEPS.index(step)
    return STEPS[min(place + 1, len(STEPS) - 1)]


def before(step: Step) -> Step | None:
    place = STEPS.index(step)
    return STEPS[place - 1] if place else None


def step_of(fault: dict) -> Step:
    """Where a fault can be mended."""
    if fault["file"] == NAME:
        key = documents.key_of(fault["where"]).partition(".")[0].partition("[")[0]
        found = [step for step in STEPS if key in step.keys]
    else:
        found = [step for step in STEPS if fault["file"].startswith(step.files or "?")]
    return found[0] if found else BY_KEY["review"]


def lacking(draft: Draft, paths: set[str]) -> dict[str, list[str]]:
    """What each step still lacks, by its key."""
    document = draft.document
    has_metric = document.get("metric") or document.get("metrics")

    def is_there(name: str) -> bool:
        if name == "metric":
            return bool(has_metric)
        if "/" in name or name.endswith(".md"):
            return any(path.startswith(name) for path in paths)
        return bool(document.get(name))

    return {
        step.key: [name for name in step.needed if not is_there(name)] for step in STEPS
    }
