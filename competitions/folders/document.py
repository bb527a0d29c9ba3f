"""The keys of `competition.yaml`: what each may hold."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from math import isfinite
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
)

from competitions.folders.paths import path_problem, slug_problem

LARGEST = 2_147_483_647  # of a whole number in the database
TIME = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]+\d\d:\d\d(:\d\d(\.\d+)?)?(\s*)(Z|z|[-+]\d\d:?\d\d)?"
)


def _readable(text: str) -> str:
    if any(ord(letter) < 32 and letter not in "\n\t" for letter in text):
        raise ValueError("holds control characters: use plain text")
    if any(0xD800 <= ord(letter) <= 0xDFFF for letter in text):
        raise ValueError("holds half a character: use plain text")
    return text


def _line(text: str) -> str:
    if not text.strip():
        raise ValueError("is empty: write some words")
    if "\n" in text or "\t" in text:
        raise ValueError("must be a single line")
    return _readable(text)


def _slug(text: str) -> str:
    if problem := slug_problem(text):
        raise ValueError(problem)
    return text


def _time(value: object) -> datetime:
    """A moment with its offset; nothing else says when something happens."""
    example = "write it as 2026-01-31T18:00:00Z"
    found = TIME.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise ValueError(f"is no time: {example}")
    if not found.group(4):
        raise ValueError(f"has no offset, so the moment is not known: {example}")
    try:
        compact = value.upper().replace(found.group(3) + found.group(4), found.group(4))
        return datetime.fromisoformat(compact).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"is no time that exists: {example}") from None


def _time_zone(text: str) -> str:
    if text not in available_timezones():
        raise ValueError("is no time zone: use a name such as UTC or Europe/Lisbon")
    return text


def _fraction(value: object) -> Decimal:
    """The public share; the importer hands over the text as it was written."""
    if not isinstance(value, Decimal) or not 0 < value <= 1:
        raise ValueError("must be a number above 0 and at most 1, such as 0.4")
    return value


def _path_below(folder: str):
    def check(path: str) -> str:
        if not path.startswith(f"{folder}/"):
            raise ValueError(f"must be a path that begins with {folder}/")
        if problem := path_problem(path.removeprefix(f"{folder}/")):
            raise ValueError(problem)
        return path

    return AfterValidator(check)


def _metric(value: object) -> object:
    """A metric's name alone is a metric without parameters."""
    if isinstance(value, str):
        return {"key": value}
    numbers = value.values() if isinstance(value, dict) else ()
    if any(isinstance(each, float) and not isfinite(each) for each in numbers):
        raise ValueError("a parameter must be a finite number")
    return value


def _different(values: list) -> list:
    doubled = {str(each) for each in values if values.count(each) > 1}
    if doubled:
        raise ValueError(f"names {', '.join(sorted(doubled))} more than once")
    return values


Line = Annotated[str, AfterValidator(_line)]
Moment = Annotated[datetime, BeforeValidator(_time)]
Count = Annotated[int, Field(ge=1, le=LARGEST)]
FilePath = Annotated[str, _path_below("files")]


class Part(BaseModel):
    """A mapping in which every key is known and nothing is guessed."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Split(Part):
    public: Annotated[Decimal, BeforeValidator(_fraction)]
    seed: Annotated[int, Field(ge=-(2**63), lt=2**63)]


class MetricSpec(BaseModel):
    """A metric's key; its parameters are for the engine to check."""

    model_config = ConfigDict(extra="allow", strict=True)
    key: str


class Sample(Part):
    inputs: FilePath
    labels: FilePath


class Limits(Part):
    seconds: Count = 120
    memory_mb: Count = 4096
    file_mb: Count = 256


class Quota(Part):
    per_day: Count | None = None
    total: Count | None = None


class Teams(Part):
    max_size: Count = 1


class Feedback(Part):
    digits: Annotated[int, Field(ge=1, le=17)] | None = None
    ladder: bool = False


class Prize(Part):
    kind: Annotated[Line, Field(max_length=40)]
    text: Annotated[str, Field(max_length=1000), AfterValidator(_readable)]


class Baseline(Part):
    name: Annotated[Line, Field(max_length=80)]
    file: Annotated[str, _path_below("baselines")]


class Document(Part):
    """A whole `competition.yaml`."""

    podium: Literal[1]
    slug: Annotated[str, AfterValidator(_slug)]
    title: Annotated[Line, Field(max_length=120)]
    subtitle: Annotated[str, Field(max_length=240), AfterValidator(_readable)] = ""
    tags: Annotated[
        list[Annotated[Line, Field(max_length=40)]],
        Field(max_length=20),
        AfterValidator(_different),
    ] = []
    licence: Annotated[str, Field(max_length=80), AfterValidator(_readable)] = ""
    visibility: Literal["public", "invited", "private"] = "public"

    opens_at: Moment
    closes_at: Moment | None = None
    entry_deadline: Moment | None = None
    team_deadline: Moment | None = None
    time_zone: Annotated[str, AfterValidator(_time_zone)] = "UTC"

    accepts: Annotated[
        list[Literal["model", "predictions"]],
        Field(min_length=1),
        AfterValidator(_different),
    ] = ["model"]
    metric: Annotated[MetricSpec, BeforeValidator(_metric)] | None = None
    metrics: (
        Annotated[
            list[Annotated[MetricSpec, BeforeValidator(_metric)]], Field(min_length=1)
        ]
        | None
    ) = None
    split: Annotated[
        Annotated[Literal["column"], Tag("<column>")] | Annotated[Split, Tag("<seed>")],
        Discriminator(
            lambda value: "<seed>" if isinstance(value, dict) else "<column>"
        ),
    ]
    id: Any = None  # these four are read by the engine, as the contract
    target: Any = None
    inputs: Any = None
    output: Any = None
    train: FilePath | None = None
    test: FilePath | None = None
    sample: Sample | None = None

    limits: Limits = Limits()
    device: Literal["cpu", "gpu", "any"] = "any"
    quota: Quota = Quota()
    teams: Teams = Teams()
    finals: Count = 2
    late: bool = False
    medals: bool = False
    feedback: Feedback = Feedback()
    prizes: Annotated[list[Prize], Field(max_length=50)] = []
    baselines: Annotated[list[Baseline], Field(max_length=50)] = []

    @property
    def metric_specs(self) -> list[dict]:
        """All metrics as the engine takes them; the first one ranks."""
        specs = self.metrics or ([self.metric] if self.metric else [])
        return [spec.model_dump() for spec in specs]
