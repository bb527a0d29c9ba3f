"""What a model of one competition is fed and must answer: names, shapes, types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

from scoring.errors import ContractError

DTYPES = ("float32", "float64", "int32", "int64", "uint8", "bool", "string")
KINDS = ("probabilities", "scores", "labels", "values")
CLASS_KINDS = ("probabilities", "scores", "labels")


@dataclass(frozen=True)
class Input:
    """One named tensor a model is fed: some columns of a table, or one array."""

    name: str
    dtype: str
    columns: tuple[str, ...] | None
    array: str | None


@dataclass(frozen=True)
class Output:
    """What a model answers; `shape` is that of one row of normal predictions."""

    kind: str
    classes: tuple[str, ...]
    multilabel: bool
    name: str | None
    shape: tuple[int, ...]

    @property
    def family(self) -> str:
        """The kind, with multilabel probabilities as a kind of their own."""
        return "multilabel" if self.multilabel else self.kind


@dataclass(frozen=True)
class Contract:
    """The inputs, the output, and the columns that hold ids and labels."""

    inputs: tuple[Input, ...]
    output: Output
    id: str | None
    target: tuple[str, ...]

    @classmethod
    def from_dict(cls, data: Mapping) -> Contract:
        """Read the keys of `competition.yaml`; all faults come in one ContractError."""
        return _Reader().contract(data)

    def to_dict(self) -> dict:
        """The same keys again, fit for JSON."""
        output: dict = {"kind": self.output.kind}
        if self.output.classes:
            output["classes"] = list(self.output.classes)
        if self.output.multilabel:
            output["multilabel"] = True
        if self.output.name is not None:
            output["name"] = self.output.name
        if self.output.kind == "values":
            output["shape"] = list(self.output.shape)
        return {
            "inputs": {part.name: _input_dict(part) for part in self.inputs},
            "output": output,
            "id": self.id,
            "target": list(self.target),
        }

    @property
    def uses_tables(self) -> bool:
        """Whether inputs and labels are tables joined by id, not arrays in order."""
        return self.inputs[0].columns is not None

    @property
    def id_column(self) -> str:
        """The column of a predictions file that says which row is meant."""
        return self.id or "id"

    def describe(self, row_shapes: Mapping[str, tuple] | None = None) -> list[dict]:
        """Each input's name, dtype and shape as people write it, such as (n, 4).

        What an array holds in a row is known from the data only; `row_shapes` tells it.
        """
        known = row_shapes or {}
        return [
            {
                "name": part.name,
                "dtype": part.dtype,
                "shape": _shape_text(part, known.get(part.name)),
            }
            for part in self.inputs
        ]

    def describe_output(self) -> dict:
        """The output's name, dtype and shape as people write it."""
        return {
            "name": self.output.name or "output",
            "dtype": "class" if self.output.kind == "labels" else "number",
            "shape": written_shape(self.output.shape),
        }


def written_shape(row_shape) -> str:
    """A row's shape with the number of rows before it: (), (4,), (None, 3)."""
    sizes = ["n", *("?" if size is None else str(size) for size in row_shape)]
    return f"({sizes[0]},)" if len(sizes) == 1 else f"({', '.join(sizes)})"


def _shape_text(part: Input, row_shape: tuple | None) -> str:
    if row_shape is not None:
        return written_shape(row_shape)
    return "(n, …)" if part.columns is None else written_shape((len(part.columns),))


def _input_dict(part: Input) -> dict:
    if part.columns is not None:
        return {"columns": list(part.columns), "dtype": part.dtype}
    return {"array": part.array, "dtype": part.dtype}


class _Reader:
    """Reads a contract and collects what is wrong with it."""

    def __init__(self):
        self.faults: list[str] = []

    def contract(self, data) -> Contract:
        if not isinstance(data, Mapping):
            raise ContractError(
                "a contract is a mapping with inputs, output and target"
            )
        self.unknown(data, {"inputs", "output", "id", "target"}, "contract")
        inputs = self.inputs(data.get("inputs"))
        target = self.target(data.get("target"))
        key = data.get("id")
        if key is not None and not _is_name(key):
            self.faults.append("id: must be the name of a column")
            key = None
        output = self.output(data.get("output"))
        uses_tables = any(part.columns is not None for part in inputs)
        if output and target and inputs:
            output = self.fitted(output, target, uses_tables)
        if uses_tables and key is None:
            self.faults.append("id: tables need a key column, such as id: id")
        if uses_tables and any(part.columns is None for part in inputs):
            self.faults.append("inputs: use columns for all inputs, or array for all")
        if key is not None and key in target:
            self.faults.append(f"target: {key} is the id column, which is no label")
        if self.faults:
            raise ContractError("; ".join(self.faults))
        return Contract(inputs, output, key, target)

    def unknown(self, data: Mapping, known: set, where: str):
        for key in data:
            if key not in known:
                names = ", ".join(sorted(known))
                self.faults.append(f"{where}: unknown key {key!r} (known: {names})")

    def inputs(self, data) -> tuple[Input, ...]:
        if not isinstance(data, Mapping) or not data:
            self.faults.append(
                "inputs: must name at least one input, such as "
                "x: {columns: [a, b], dtype: float32}"
            )
            return ()
        parts = (self.input(name, spec) for name, spec in data.items())
        return tuple(part for part in parts if part is not None)

    def input(self, name, spec) -> Input | None:
        where = f"inputs.{name}"
        if not _is_name(name) or not isinstance(spec, Mapping):
            self.faults.append(
                f"{where}: must be a name with columns or array, and dtype"
            )
            return None
        self.unknown(spec, {"columns", "array", "dtype"}, where)
        dtype = spec.get("dtype")
        if dtype not in DTYPES:
            self.faults.append(f"{where}.dtype: must be one of {', '.join(DTYPES)}")
        columns, array = spec.get("columns"), spec.get("array")
        if (columns is None) == (array is None):
            self.faults.append(f"{where}: needs either columns or array")
        elif array is not None and not _is_name(array):
            self.faults.append(f"{where}.array: must be the name of one array")
        elif columns is not None and not _is_names(columns):
            self.faults.append(f"{where}.columns: must be a list of different names")
        else:
            return Input(name, dtype, tuple(columns) if columns else None, array)
        return None

    def target(self, data) -> tuple[str, ...]:
        if _is_name(data):
            return (data,)
        if _is_names(data):
            return tuple(data)
        self.faults.append("target: must name the label column (or a list of columns)")
        return ()

    def output(self, data) -> Output | None:
        if not isinstance(data, Mapping):
            self.faults.append("output: must be a mapping with a kind")
            return None
        known = {"kind", "classes", "multilabel", "name", "shape", "width"}
        self.unknown(data, known, "output")
        kind = data.get("kind")
        if kind not in KINDS:
            self.faults.append(f"output.kind: must be one of {', '.join(KINDS)}")
            return None
        multilabel = data.get("multilabel", False)
        if not isinstance(multilabel, bool):
            self.faults.append("output.multilabel: must be true or false")
            multilabel = False
        if multilabel and kind != "probabilities":
            self.faults.append("output.multilabel: goes with kind: probabilities only")
        name = data.get("name")
        if name is not None and not _is_name(name):
            self.faults.append("output.name: must be a name")
        classes = self.classes(data.get("classes"), kind, multilabel)
        return Output(kind, classes, multilabel, name, self.shape(data, kind, classes))

    def classes(self, data, kind, multilabel) -> tuple[str, ...]:
        if kind == "values":
            if data is not None:
                self.faults.append("output.classes: values have no classes")
            return ()
        if data is None and multilabel:
            return ()
        fits = isinstance(data, list | tuple) and all(
            isinstance(each, str | int) and not isinstance(each, bool) for each in data
        )
        texts = tuple(str(each) for each in data) if fits else ()
        fewest = 1 if multilabel else 2
        if len(texts) < fewest or len(set(texts)) < len(texts) or "" in texts:
            self.faults.append(
                "output.classes: must list at least two different classes as text or "
                "whole numbers (quote others)"
            )
        return texts

    def shape(self, data, kind, classes) -> tuple[int, ...]:
        if kind != "values":
            if "shape" in data or "width" in data:
                self.faults.append("output: shape and width go with kind: values only")
            return () if kind == "labels" else (len(classes),)
        if "shape" in data and "width" in data:
            self.faults.append("output: give either shape or width")
        shape = data.get("shape", [data.get("width", 1)])
        fits = isinstance(shape, list | tuple) and shape
        if not fits or not all(type(size) is int and size > 0 for size in shape):
            self.faults.append("output.shape: must be whole numbers above 0")
            return (1,)
        return tuple(shape)

    def fitted(self, output: Output, target: tuple, uses_tables: bool) -> Output:
        """Hold the output against the label columns; name multilabel's classes."""
        if output.multilabel and not output.classes:
            if not uses_tables:
                self.faults.append("output.classes: multilabel arrays need them listed")
            return Output(output.kind, target, True, output.name, (len(target),))
        wanted = 1
        if uses_tables and (output.multilabel or output.kind == "values"):
            wanted = prod(output.shape)
        if len(target) != wanted:
            self.faults.append(
                f"target: names {len(target)} column(s), but the output needs {wanted}"
            )
        return output


def _is_name(value) -> bool:
    return isinstance(value, str) and value != ""


def _is_names(value) -> bool:
    fits = isinstance(value, list | tuple) and len(value) > 0
    return fits and all(map(_is_name, value)) and len(set(value)) == len(value)
