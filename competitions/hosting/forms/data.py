"""The training data with its columns, and the hidden test set with its split."""

from django import forms

from competitions.hosting import proposals
from competitions.hosting.forms.base import StepForm


class DataForm(StepForm):
    """Which file is learnt from, and what its columns are for.

    The columns are there once the housekeeper has read the file; until then a form has
    its files alone.
    """

    train = forms.ChoiceField(label="The file to learn from", required=False)
    id = forms.ChoiceField(
        label="Id", required=False, help_text="The column that names each row."
    )
    target = forms.MultipleChoiceField(
        label="Target",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="What is to be predicted. It is never fed to a model.",
    )
    inputs = forms.MultipleChoiceField(
        label="Inputs",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="What a model is fed. The contract step says how.",
    )

    places = {"train": "train", "id": "id"}
    told = {"target": "target", "inputs": "inputs"}

    def __init__(self, data=None, *, holder):
        self.tables = holder.tables()
        paths = [path for path in self.tables if path.startswith("files/")]
        named = holder.document.get("train")
        if named not in paths:
            named = next((p for p in paths if "train" in p), paths[0] if paths else "")
        self.table = self.tables.get(named)
        self.is_ready = bool(self.table and self.table.state == "ready")
        super().__init__(data, holder=holder)
        self.fields["train"].choices = [("", "No file")] + [(p, p) for p in paths]
        self.initial.setdefault("train", named)
        if self.is_ready:
            self._offer_columns()
        else:
            for name in ("id", "target", "inputs"):
                del self.fields[name]

    def _offer_columns(self):
        names = [(each.name, each.name) for each in self.table.columns]
        self.fields["id"].choices = [("", "None")] + names
        self.fields["target"].choices = self.fields["inputs"].choices = names

    def filled(self, holder):
        """What is chosen; where nothing is yet, what the columns suggest."""
        document, table = holder.document, self.table
        if not self.is_ready:
            return {}
        if document.get("target") is None or document.get("inputs") is None:
            hidden = [t for p, t in self.tables.items() if p.startswith("hidden/test")]
            document = proposals.propose(table, hidden[0] if hidden else None)
        target = document.get("target") or []
        return {
            "id": document.get("id") or "",
            "target": [target] if isinstance(target, str) else target,
            "inputs": proposals.columns_chosen(document),
        }

    def values(self):
        found = super().values()
        if not self.is_ready or found["train"] != self.table.path:
            found.pop("id", None)
            return found
        target, chosen = self.cleaned_data["target"], self.cleaned_data["inputs"]
        document = self.holder.document
        found["target"] = (target[0] if len(target) == 1 else target) or None
        if set(chosen) != set(proposals.columns_chosen(document)):
            found["inputs"] = proposals.inputs_of(self.table, chosen) or None
        if found["target"] != document.get("target") or not document.get("output"):
            found["output"] = proposals.output_of(self.table, target)
        return found

    def is_later(self, fault):
        return fault.message.startswith("is missing: the contract needs") or (
            "output" in fault.where
        )

    @property
    def columns(self):
        """Each column with its boxes, for the template."""
        if not self.is_ready:
            return []
        targets = {each.data["value"]: each for each in self["target"]}
        inputs = {each.data["value"]: each for each in self["inputs"]}
        return [
            {
                "column": each,
                "target": targets[each.name],
                "input": inputs[each.name],
            }
            for each in self.table.columns
        ]


class HiddenForm(StepForm):
    """How the hidden rows are split, and whether their inputs are in the open."""

    kind = forms.ChoiceField(
        label="Which rows are public",
        choices=[
            ("seed", "Drawn by a number, alike within each class"),
            (
                "column",
                "As a column “split” of the labels says: public, private, ignored",
            ),
        ],
        widget=forms.RadioSelect,
        initial="seed",
    )
    share = forms.DecimalField(
        label="Public share",
        required=False,
        initial="0.5",
        help_text="From 0 to 1. Their scores show while it is open; the rest decides "
        "in the end.",
    )
    seed = forms.IntegerField(
        label="Number that the draw begins with",
        required=False,
        initial=7,
        help_text="Any whole number. The same one gives the same draw.",
    )
    open_test = forms.BooleanField(
        label="Put the hidden inputs in the open, without their labels",
        required=False,
        help_text="Needed where files of predictions are accepted. Participants then "
        "see these rows.",
    )

    told = {"share": "split.public", "seed": "split.seed", "kind": "split"}

    def filled(self, holder):
        split = holder.document.get("split")
        found = {"open_test": bool(holder.document.get("test"))}
        if split == "column":
            return {**found, "kind": "column"}
        if isinstance(split, dict):
            found |= {"kind": "seed", "share": split.get("public")}
            found["seed"] = split.get("seed")
        return found

    def values(self):
        data = self.cleaned_data
        if data["kind"] == "column":
            return {"split": "column"}
        share = data["share"]
        return {
            "split": {
                "public": None if share is None else f"{share.normalize():f}",
                "seed": data["seed"],
            }
        }

    def clean(self):
        data = self.cleaned_data
        if data.get("kind") == "seed":
            for name in ("share", "seed"):
                if name not in self.errors and data.get(name) is None:
                    self.add_error(name, "Give a number.")
            share = data.get("share")
            if share is not None and not 0 < share <= 1:
                told = "Must be above 0 and at most 1, such as 0.4."
                self.add_error("share", told)
        return super().clean()
