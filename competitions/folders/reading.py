"""From the text of `competition.yaml` to a Document, a Contract and all faults."""

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches

from pydantic import ValidationError

from competitions.folders.document import (
    Baseline,
    Document,
    Feedback,
    Limits,
    Prize,
    Quota,
    Sample,
    Split,
    Teams,
)
from competitions.folders.faults import Fault
from competitions.folders.yaml import Written, join, read_yaml
from scoring import metrics
from scoring.contract import Contract
from scoring.errors import ContractError

NAME = "competition.yaml"
PARTS = {
    "split": Split,
    "sample": Sample,
    "limits": Limits,
    "quota": Quota,
    "teams": Teams,
    "feedback": Feedback,
    "prizes": Prize,
    "baselines": Baseline,
}


# What stands in for a required key that is wrong, so that the others can be checked.
FILLERS = {
    "podium": 1,
    "slug": "unknown",
    "title": "unknown",
    "opens_at": "2000-01-01T00:00:00Z",
    "split": "column",
}


@dataclass
class Reading:
    """What could be read; without a fault, all of it is there.

    `unknown` are the document's keys that are wrong or missing; what the document
    holds for them means nothing.
    """

    written: Written
    faults: list[Fault]
    document: Document | None = None
    contract: Contract | None = None
    unknown: set[str] = field(default_factory=set)

    def known(self, key: str):
        """The value of a key, or None where it is wrong."""
        return None if key in self.unknown else getattr(self.document, key)

    def fault(self, place: str, message: str) -> None:
        self.faults.append(Fault(NAME, self.written.where(place), message))


def read_document(content: bytes) -> Reading:
    """Read a `competition.yaml` and hold each key against what it may be."""
    written = read_yaml(content, NAME)
    reading = Reading(written, list(written.faults))
    if not isinstance(written.data, dict):
        if not reading.faults:
            reading.fault("", "must be a mapping of keys, beginning with podium: 1")
        return reading
    data = as_written(written)
    _read_keys(reading, data)
    _read_contract(reading, data)
    _check_dates(reading)
    _check_metrics(reading)
    _check_predictions(reading)
    _check_baselines(reading)
    return reading


def _read_keys(reading: Reading, data: dict) -> None:
    """Validate the document; where keys are wrong, validate again without them."""
    try:
        reading.document = Document.model_validate(data)
        return
    except ValidationError as error:
        for each in error.errors(include_url=False):
            _tell(reading, each)
            reading.unknown.add(each["loc"][0])
    right = {key: value for key, value in data.items() if key not in reading.unknown}
    reading.document = Document.model_validate(FILLERS | right)


def as_written(written: Written) -> dict:
    """The data, with classes as their text and the public share as an exact decimal."""
    data = dict(written.data)
    output, split = data.get("output"), data.get("split")
    if isinstance(output, dict) and isinstance(output.get("classes"), list):
        texts = [
            written.texts.get(join("output.classes", number), each)
            for number, each in enumerate(output["classes"])
        ]
        data["output"] = {**output, "classes": texts}
    share = split.get("public") if isinstance(split, dict) else None
    if isinstance(share, int | float) and not isinstance(share, bool):
        try:
            exact = Decimal(written.texts["split.public"])
        except InvalidOperation:  # 0x1 and the like
            exact = Decimal(share)
        data["split"] = {**split, "public": exact}
    return data


def _read_contract(reading: Reading, data: dict) -> None:
    keys = ("inputs", "output", "target", "id")
    missing = [key for key in keys[:3] if key not in data]
    for key in missing:
        reading.fault(key, "is missing: the contract needs inputs, output and target")
    if missing:
        return
    try:
        reading.contract = Contract.from_dict(
            {key: data[key] for key in keys if data.get(key) is not None}
        )
    except ContractError as error:
        for told in str(error).split("; "):
            place, _, message = told.partition(": ")
            known = place.split(".")[0] in keys and message
            reading.fault(place, message) if known else reading.fault("inputs", told)
        return
    _check_leaks(reading)


def _check_leaks(reading: Reading) -> None:
    """No input of a model may be the label itself."""
    for part in reading.contract.inputs:
        for name in part.columns or (part.array,):
            if name in reading.contract.target:
                reading.fault(
                    f"inputs.{part.name}",
                    f"feeds {name}, which is the target: leave it out",
                )


def _check_dates(reading: Reading) -> None:
    opens, closes = reading.known("opens_at"), reading.known("closes_at")
    if opens and closes and closes <= opens:
        reading.fault("closes_at", "must be after opens_at")
    for name in ("entry_deadline", "team_deadline"):
        moment = reading.known(name)
        if moment and opens and moment <= opens:
            reading.fault(name, "must be after opens_at")
        if moment and closes and moment > closes:
            reading.fault(name, "must not be after closes_at")


def _check_metrics(reading: Reading) -> None:
    """Each metric is known and fits the contract, and it is clear which one ranks."""
    single, listed = reading.known("metric"), reading.known("metrics")
    if not (single or listed) and not reading.unknown & {"metric", "metrics"}:
        reading.fault("metric", "is missing: name one, such as metric: accuracy")
    if single and listed and single != listed[0]:
        reading.fault(
            "metric",
            "differs from the first of metrics, which ranks: leave metric out",
        )
    specs = reading.document.metric_specs
    for number, spec in enumerate(specs):
        place = join("metrics", number) if listed else "metric"
        if spec["key"] in [each["key"] for each in specs[:number]]:
            reading.fault(place, f"{spec['key']} is listed twice: keep one")
        try:
            _check_metric(spec, reading.contract)
        except ContractError as error:
            reading.fault(place, str(error).removeprefix("metric: "))


def _check_metric(spec: dict, contract: Contract | None) -> None:
    if contract:
        metrics.check(spec, contract)
    else:
        metrics.parameters(spec)


def _check_predictions(reading: Reading) -> None:
    accepts = reading.known("accepts") or []
    has_test = reading.document.test or "test" in reading.unknown
    if "predictions" in accepts and not has_test:
        reading.fault(
            "test",
            "is missing: predictions are accepted only where files/ holds the hidden "
            "inputs in the open, such as test: files/test.csv.gz",
        )


def _check_baselines(reading: Reading) -> None:
    names, files = set(), set()
    for number, baseline in enumerate(reading.document.baselines):
        if baseline.name.lower() in names:
            reading.fault(f"baselines[{number}].name", "stands there twice")
        if baseline.file in files:
            reading.fault(f"baselines[{number}].file", "stands there twice")
        names.add(baseline.name.lower())
        files.add(baseline.file)


def _tell(reading: Reading, error: dict) -> None:
    """One of pydantic's errors as a sentence that says what would be right."""
    place = ""
    for step in error["loc"]:
        if not str(step).startswith("<"):
            place = join(place, step)
    reading.fault(place, _sentence(error, place))


def _sentence(error: dict, place: str) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if place == "split":
        return "must be column, or a mapping such as {public: 0.4, seed: 7}"
    if place.startswith("metric") and kind.startswith("model_"):
        return "must be a name such as accuracy, or {key: f_beta, beta: 2}"
    if kind == "value_error":
        return str(context["error"])
    if kind == "extra_forbidden":
        return "is no known key" + _hint(place)
    if kind == "literal_error":
        return f"must be {context['expected']}".replace("'", "")
    if kind in SENTENCES:
        return SENTENCES[kind].format(**context)
    return error["msg"]


SENTENCES = {
    "missing": "is missing",
    "string_type": "must be text: put it in quotes",
    "bool_type": "must be true or false",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "list_type": "must be a list, such as [a, b]",
    "dict_type": "must be a mapping, such as {{key: value}}",
    "model_type": "must be a mapping, such as {{key: value}}",
    "model_attributes_type": "must be a mapping, such as {{key: value}}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "less_than": "must be less than {lt}",
    "string_too_long": "must have at most {max_length} characters",
    "too_short": "must name at least {min_length}",
    "too_long": "must have at most {max_length} items",
}


def _hint(place: str) -> str:
    """The known keys next to an unknown one, the likely one first."""
    parent, _, key = place.rpartition(".")
    model = PARTS.get(parent.split("[")[0], Document) if parent else Document
    near = get_close_matches(key, model.model_fields, n=1)
    if near:
        return f": did you mean {near[0]}?"
    return f": the keys are {', '.join(model.model_fields)}"
