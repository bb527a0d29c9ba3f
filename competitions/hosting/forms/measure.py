"""The metric, and the contract: what is answered, and how it is measured."""

import csv

from django import forms

from competitions.hosting import documents
from competitions.hosting.forms.base import StepForm
from scoring import metrics
from scoring.contract import DTYPES, Contract
from scoring.errors import ContractError

MOST_INPUTS = 12
KINDS = [
    ("probabilities", "A probability for each class"),
    ("scores", "A number for each class; the largest wins"),
    ("labels", "The class itself"),
    ("values", "Numbers"),
]


def contract_of(document: dict) -> Contract | None:
    """The contract as far as the document has one; None where it has faults."""
    keys = ("inputs", "output", "target", "id")
    try:
        return Contract.from_dict(
            {key: document[key] for key in keys if document.get(key) is not None}
        )
    except ContractError:
        return None


class MetricForm(StepForm):
    """The metric that ranks, its parameters, and others that are shown beside it."""

    metric = forms.ChoiceField(
        label="The metric that ranks",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the metric that ranks."},
    )
    others = forms.MultipleChoiceField(
        label="Shown beside it",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    told = {"metric": "metric", "others": "metrics"}

    def __init__(self, data=None, *, holder):
        contract = contract_of(holder.document)
        self.fits = metrics.fitting(contract) if contract else []
        self.has_contract = contract is not None
        chosen = _specs(holder.document)
        known = [each.key for each in self.fits]
        # What was chosen before stays in sight, also where it fits no more.
        self.fits += [
            metrics.get(spec["key"])
            for spec in chosen
            if spec.get("key") in metrics.METRICS and spec["key"] not in known
        ]
        super().__init__(data, holder=holder)
        choices = [(each.key, each.title) for each in self.fits]
        self.fields["metric"].choices = self.fields["others"].choices = choices
        for each in self.fits:
            for name, parameter in each.parameters.items():
                self.fields[f"{each.key}__{name}"] = _parameter(name, parameter)

    def filled(self, holder):
        chosen = _specs(holder.document)
        found = {"others": [spec.get("key") for spec in chosen[1:]]}
        if chosen:
            found["metric"] = chosen[0].get("key")
        for spec in chosen:
            for name, value in spec.items():
                found[f"{spec.get('key')}__{name}"] = value
        return found

    def values(self):
        first = self.cleaned_data["metric"]
        others = [key for key in self.cleaned_data["others"] if key != first]
        specs = [self._spec(key) for key in (first, *others)]
        if len(specs) == 1:
            return {"metric": specs[0], "metrics": None}
        return {"metric": None, "metrics": specs}

    def _spec(self, key: str):
        """A metric as the document names it: its key, where all else is usual."""
        metric = metrics.get(key)
        given = {}
        for name, parameter in metric.parameters.items():
            value = self.cleaned_data.get(f"{key}__{name}")
            if value not in (None, "") and value != parameter.default:
                given[name] = value
        before = next(
            (s for s in _specs(self.holder.document) if s.get("key") == key), {}
        )
        kept = {use: before[use] for use in metrics.COLUMNS if use in before}
        return {"key": key, **given, **kept} if given or kept else key

    def clean(self):
        data = super().clean()
        for key in [data.get("metric"), *(data.get("others") or [])]:
            if not key:
                continue
            metric = metrics.get(key)
            for name, parameter in metric.parameters.items():
                field, value = f"{key}__{name}", data.get(f"{key}__{name}")
                if value not in (None, "") and (told := parameter.problem(value)):
                    self.add_error(field, f"It {told}.")
        return data

    @property
    def rows(self):
        """Each metric with its radio and its parameters, for the template."""
        radios = {each.data["value"]: each for each in self["metric"]}
        boxes = {each.data["value"]: each for each in self["others"]}
        return [
            {
                "metric": each,
                "radio": radios[each.key],
                "box": boxes[each.key],
                "parameters": [self[f"{each.key}__{name}"] for name in each.parameters],
            }
            for each in self.fits
        ]


def _parameter(name: str, parameter) -> forms.Field:
    options = {
        "label": name,
        "required": False,
        "initial": parameter.default,
        "help_text": parameter.words,
    }
    if parameter.choices:
        return forms.ChoiceField(
            choices=[(each, each) for each in parameter.choices], **options
        )
    if parameter.whole:
        return forms.IntegerField(**options)
    return forms.FloatField(**options)


def _specs(document: dict) -> list[dict]:
    """All metrics of a document, each as a mapping."""
    listed = document.get("metrics") or [document.get("metric")]
    if not isinstance(listed, list):
        return []
    found = [{"key": each} if isinstance(each, str) else each for each in listed]
    return [each for each in found if isinstance(each, dict)]


class ContractForm(StepForm):
    """What a model is fed, by name, and what it must answer."""

    accepts = forms.MultipleChoiceField(
        label="What may be submitted",
        choices=[("model", "Models"), ("predictions", "Files of predictions")],
        widget=forms.CheckboxSelectMultiple,
        initial=["model"],
        error_messages={"required": "Choose one at least."},
    )
    kind = forms.ChoiceField(
        label="A model answers", choices=KINDS, widget=forms.RadioSelect
    )
    classes = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="One on each line, in the order of a model's outputs.",
    )
    multilabel = forms.BooleanField(
        label="Several labels at once: a number from 0 to 1 for each target column",
        required=False,
    )
    shape = forms.CharField(
        label="Numbers in one row",
        required=False,
        help_text="One if left empty; 3, or 28 × 28, where there are more.",
    )
    name = forms.CharField(
        label="Name of the output",
        max_length=100,
        required=False,
        help_text="Only where models have several outputs.",
    )

    told = {"accepts": "accepts", "kind": "output", "target": "target"}

    def __init__(self, data=None, *, holder):
        document = holder.document
        inputs = document.get("inputs")
        self.parts = list(inputs.items()) if isinstance(inputs, dict) else []
        self.uses_arrays = any("array" in part for _, part in self.parts)
        super().__init__(data, holder=holder)
        for number in range(min(MOST_INPUTS, len(self.parts) + 2)):
            self.fields |= _input_fields(number, self.uses_arrays)

    def filled(self, holder):
        document = holder.document
        output = document.get("output")
        output = output if isinstance(output, dict) else {}
        shape = output.get("shape") or [output.get("width")]
        found = {
            "accepts": document.get("accepts") or ["model"],
            "kind": output.get("kind", "probabilities"),
            "classes": "\n".join(map(str, output.get("classes") or [])),
            "multilabel": bool(output.get("multilabel")),
            "shape": " × ".join(str(size) for size in shape if size),
            "name": output.get("name") or "",
        }
        for number, (name, part) in enumerate(self.parts):
            columns = part.get("columns")
            found |= {
                f"name_{number}": name,
                f"dtype_{number}": part.get("dtype"),
                f"from_{number}": _line(columns) if columns else part.get("array"),
            }
        return found

    def clean_shape(self):
        text = self.cleaned_data["shape"].replace("x", " ").replace("×", " ")
        sizes = text.replace(",", " ").split()
        if not all(size.isdigit() and int(size) for size in sizes):
            raise forms.ValidationError("Write whole numbers, such as 3 or 28 × 28.")
        return [int(size) for size in sizes]

    def values(self):
        data = self.cleaned_data
        output: dict = {"kind": data["kind"]}
        classes = [line.strip() for line in data["classes"].splitlines()]
        if any(classes) and data["kind"] != "values":
            output["classes"] = [each for each in classes if each]
        if data["multilabel"]:
            output["multilabel"] = True
        if data["kind"] == "values" and data["shape"] not in ([], [1]):
            output["shape"] = data["shape"]
        if data["name"]:
            output["name"] = data["name"]
        before = self.holder.document.get("output")
        width = before.get("width") if isinstance(before, dict) else None
        if width and output.get("shape") == [width]:  # as it was written
            output["width"] = output.pop("shape")[0]
        return {
            "inputs": self._inputs() or None,
            "output": output,
            "accepts": data["accepts"],
        }

    def _inputs(self) -> dict:
        data, found = self.cleaned_data, {}
        for number in range(MOST_INPUTS):
            name, source = data.get(f"name_{number}"), data.get(f"from_{number}")
            if not name and not source:
                continue
            part = {"dtype": data[f"dtype_{number}"]}
            if self.uses_arrays:
                part = {"array": source, **part}
            else:
                part = {"columns": _cells(source or ""), **part}
            found[name or ""] = part
        return found

    def clean(self):
        data = self.cleaned_data
        names = [data.get(f"name_{number}") for number in range(MOST_INPUTS)]
        for number, name in enumerate(names):
            if name and name in names[:number]:
                self.add_error(f"name_{number}", "This name stands above already.")
        found = super().clean()
        self._place_faults()
        return found

    def _place_faults(self):
        """Faults of one input stand at its own fields."""
        if self.errors:
            return
        document = documents.put(self.holder.document, self.values())
        for fault in documents.read(document).faults:
            key = documents.key_of(fault.where)
            if key.partition(".")[0] != "inputs":
                continue
            name = key.split(".")[1] if "." in key else None
            number = next((n for n in range(MOST_INPUTS) if self._is_named(n, name)), 0)
            part = "dtype" if key.endswith(".dtype") else "from"
            self.add_error(f"{part}_{number}", f"{fault.message}.")

    def _is_named(self, number: int, name) -> bool:
        return self.cleaned_data.get(f"name_{number}") == name

    @property
    def rows(self):
        """The fields of each input, for the template."""
        return [
            {
                "number": number + 1,
                "name": self[f"name_{number}"],
                "dtype": self[f"dtype_{number}"],
                "source": self[f"from_{number}"],
            }
            for number in range(MOST_INPUTS)
            if f"name_{number}" in self.fields
        ]


def _input_fields(number: int, uses_arrays: bool) -> dict:
    source = "Array" if uses_arrays else "Columns, with commas between them"
    return {
        f"name_{number}": forms.CharField(label="Name", max_length=100, required=False),
        f"dtype_{number}": forms.ChoiceField(
            label="Type",
            choices=[(each, each) for each in DTYPES],
            initial="float32",
            required=False,
        ),
        f"from_{number}": forms.CharField(
            label=source, max_length=20_000, required=False
        ),
    }


def _line(names: list[str]) -> str:
    """Names as one line that reads back, also where they hold commas."""
    return ", ".join(_quoted(name) for name in names)


def _quoted(name: str) -> str:
    if "," in name or '"' in name:
        return '"' + name.replace('"', '""') + '"'
    return name


def _cells(text: str) -> list[str]:
    row = next(csv.reader([text.replace("\n", " ")], skipinitialspace=True), [])
    return [cell.strip() for cell in row if cell.strip()]
