"""What the columns of a file suggest: an id, a target, inputs, and a model's output.

The files are read by the housekeeper, for their previews; nothing is read here.
"""

from dataclasses import dataclass, field

from competitions.hosting import documents
from competitions.models import Draft
from podium.datasets.models import FilePreview
from podium.datasets.previews import format_of

MOST_CLASSES = 200
TARGETS = ("target", "label", "labels", "class", "y")


@dataclass(frozen=True)
class Column:
    """One column of a table, or one array, as its preview tells of it."""

    name: str
    type: str  # integer, number, category, text, …; of arrays, their dtype
    words: str
    is_number: bool
    classes: tuple[str, ...] = ()
    different: int = 0
    is_array: bool = False
    depth: int = 1  # axes of an array


@dataclass
class Table:
    """A file as its preview shows it."""

    path: str
    state: str  # waiting, ready, failed
    problem: str = ""
    rows: int | None = None
    columns: list[Column] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    def column(self, name: str) -> Column | None:
        return next((each for each in self.columns if each.name == name), None)


def tables_of(draft: Draft) -> dict[str, Table]:
    """The tables and arrays of a draft, by their path."""
    files = {
        file.path: file.stored_id
        for file in draft.files.all()
        if file.path.startswith(("files/", "hidden/")) and format_of(file.path)
    }
    previews = {
        (preview.stored_id, preview.format): preview
        for preview in FilePreview.objects.filter(stored__in=files.values())
    }
    return {
        path: _table(path, previews.get((stored, format_of(path))))
        for path, stored in files.items()
    }


def _table(path: str, preview: FilePreview | None) -> Table:
    if preview is None or preview.status == FilePreview.Status.WAITING:
        return Table(path, "waiting")
    if preview.status == FilePreview.Status.FAILED:
        return Table(path, "failed", problem=preview.problem)
    content = preview.content
    if content["kind"] == "arrays":
        columns = [_array(each) for each in content["arrays"]]
        shapes = [each["shape"] for each in content["arrays"] if each["shape"]]
        rows = shapes[0][0] if shapes else None
        return Table(path, "ready", rows=rows, columns=columns)
    columns = [_column(each) for each in content["columns"]]
    return Table(path, "ready", rows=content["rows"], columns=columns)


def _column(told: dict) -> Column:
    bars = [name for name, _ in told.get("bars", []) if name]
    classes = told.get("values") or bars
    different = told["different"]
    if told["has_more"] or different > MOST_CLASSES or len(classes) < different:
        classes = []
    words = [told["type"]]
    if told.get("low") is not None:
        words.append(f"{told['low']:.6g} to {told['high']:.6g}")
    elif not told["has_more"]:
        words.append(f"{different} different")
    if told["missing"]:
        words.append(f"{told['missing']} missing")
    return Column(
        name=told["name"],
        type=told["type"],
        words=", ".join(words),
        is_number=told["type"] in ("integer", "number"),
        classes=tuple(sorted(classes, key=_by_number)),
        different=different,
    )


def _array(told: dict) -> Column:
    shape, dtype = told["shape"], told["dtype"]
    bars = [name for name, _ in told.get("bars", []) if name]
    return Column(
        name=told["name"],
        type=dtype,
        words=f"{dtype}, {' × '.join(map(str, shape))}",
        is_number=not dtype.startswith(("<U", "|S")),
        classes=tuple(bars) if dtype[:3] in ("uin", "int") else (),
        is_array=True,
        depth=len(shape),
    )


def _by_number(text: str):
    """Whole numbers in their order, before words in theirs."""
    return (0, int(text), "") if text.lstrip("-").isdigit() else (1, 0, text)


def propose(train: Table, test: Table | None = None) -> dict:
    """The keys that a training file suggests: id, target, inputs, output."""
    names = train.names
    if not names:
        return {}
    if train.columns[0].is_array:
        flat = [each.name for each in train.columns if each.depth == 1]
        target = next((name for name in TARGETS if name in flat), (flat or names)[-1])
        chosen = [name for name in names if name != target]
        return contract(train, None, [target], chosen)
    key = next((n for n in names if n.lower() == "id"), None) or _unique(train)
    rest = [name for name in names if name != key]
    target = [name for name in rest if test and test.names and name not in test.names]
    if not target:
        named = [name for name in rest if name.lower() in TARGETS]
        target = named[:1] or rest[-1:]
    return contract(train, key, target, [name for name in rest if name not in target])


def _unique(train: Table) -> str | None:
    """The first column that names each row."""
    for each in train.columns:
        if train.rows and each.different == train.rows and each.type != "number":
            return each.name
    return None


def contract(train: Table, key, target: list[str], chosen: list[str]) -> dict:
    """The document's keys for these columns."""
    found = {
        "id": key,
        "target": target[0] if len(target) == 1 else target,
        "inputs": inputs_of(train, chosen),
        "output": output_of(train, target),
    }
    return {name: value for name, value in found.items() if value}


def inputs_of(train: Table, chosen: list[str]) -> dict:
    """Numbers together as one input, words together as another; arrays each alone."""
    columns = [train.column(name) for name in chosen]
    columns = [each for each in columns if each]
    if any(each.is_array for each in columns):
        return {
            each.name: {
                "array": each.name,
                "dtype": "float32" if each.is_number else "string",
            }
            for each in columns
        }
    found = {}
    for name, is_number, dtype in (
        ("numbers", True, "float32"),
        ("words", False, "string"),
    ):
        some = [each.name for each in columns if each.is_number == is_number]
        if some:
            found[name] = {"columns": some, "dtype": dtype}
    return found


def output_of(train: Table, target: list[str]) -> dict | None:
    """Classes where the target repeats a few values, else numbers."""
    columns = [train.column(name) for name in target]
    if not target or None in columns:
        return None
    if len(columns) > 1:
        flags = all(set(each.classes) <= {"0", "1"} for each in columns)
        if flags and all(each.classes for each in columns):
            return {"kind": "probabilities", "multilabel": True}
        return {"kind": "values", "width": len(columns)}
    column = columns[0]
    if column.classes and (not column.is_number or len(column.classes) <= 20):
        return {"kind": "probabilities", "classes": list(column.classes)}
    return {"kind": "values"} if column.is_number else {"kind": "probabilities"}


def columns_chosen(document: dict) -> list[str]:
    """The columns or arrays that a document's inputs name."""
    inputs = documents.get(document, "inputs")
    found = []
    for part in inputs.values() if isinstance(inputs, dict) else ():
        if isinstance(part, dict):
            found += part.get("columns") or [part.get("array")]
    return [each for each in found if isinstance(each, str)]
