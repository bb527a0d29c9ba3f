"""What a competition is, in the words of its pages."""

from datetime import timedelta
from functools import lru_cache

from django.utils import timezone

from competitions.leaderboard import shown_score
from competitions.models import Competition, HiddenTestSet
from podium.common import words
from scoring import metrics
from scoring.contract import Contract
from scoring.tensors import tensor_shapes

SOON = timedelta(hours=48)
Status = Competition.Status


def state_of(competition: Competition) -> dict:
    """Where a competition stands: the mark's shape, and the words beside it."""
    now = timezone.now()
    status = competition.status_at(now)
    if status == Status.DRAFT:
        return {"mark": "upcoming", "words": "Draft", "short": "Draft"}
    if status == Status.SCHEDULED:
        left = words.days_text(competition.opens_at - now)
        return {"mark": "upcoming", "words": f"Opens in {left}", "short": "Upcoming"}
    if status == Status.FINALISED:
        return {"mark": "closed", "words": "Closed, final results", "short": "Final"}
    if status == Status.CLOSED:
        return {"mark": "closed", "words": "Closed", "short": "Closed"}
    if competition.closes_at is None:
        return {"mark": "open", "words": "Open, no end", "short": "Open"}
    left = competition.closes_at - now
    mark = "closing" if left < SOON else "open"
    short = "Closing soon" if left < SOON else "Open"
    return {"mark": mark, "words": f"{words.days_text(left)} left", "short": short}


def metric_of(competition: Competition) -> dict:
    """The metric that ranks."""
    return metric_words(competition.metrics[0])


def metric_words(spec: dict) -> dict:
    """A metric's title with its parameters, and which way is better."""
    metric = metrics.get(spec["key"])
    given = ", ".join(
        f"{name} {value}" for name, value in spec.items() if name != "key"
    )
    better = "higher" if metric.direction == "maximize" else "lower"
    return {
        "title": f"{metric.title} ({given})" if given else metric.title,
        "better": f"{better} is better",
        "range": metric.range,
        "source": metric.source,
    }


def score_of(competition: Competition, value: float | None) -> str:
    """A public score as participants read it."""
    digits = competition.feedback_digits
    return words.score_text(shown_score(competition, value), digits)


def task_of(competition: Competition) -> dict:
    """What kind of task it is: an icon and a few words."""
    contract = Contract.from_dict(competition.contract)
    output, kind = contract.output, "Tables" if contract.uses_tables else "Arrays"
    icon = "table" if contract.uses_tables else "arrays"
    if output.kind == "values":
        return {"icon": "plot", "words": f"{kind}, numbers to predict"}
    if output.multilabel:
        return {"icon": icon, "words": f"{kind}, {len(output.classes)} labels"}
    return {"icon": icon, "words": f"{kind}, {len(output.classes)} classes"}


def contract_of(competition: Competition, hidden: HiddenTestSet | None) -> dict:
    """The contract as people read it: inputs, output, and a sentence about values."""
    contract = Contract.from_dict(competition.contract)
    shapes = {}
    if hidden is not None and not contract.uses_tables:
        shapes = _row_shapes(str(hidden.inputs.local_path()))
    columns = {part.name: part.columns for part in contract.inputs}
    return {
        "inputs": [
            {**row, "columns": columns[row["name"]]}
            for row in contract.describe(shapes)
        ],
        "output": contract.describe_output(),
        "classes": contract.output.classes,
        "sentence": _values_sentence(contract),
        "id": contract.id_column,
        "target": contract.target,
    }


@lru_cache(maxsize=256)
def _row_shapes(path: str) -> dict[str, tuple]:
    """What an array holds in a row; the file never changes under its name."""
    return {name: shape[1:] for name, shape in tensor_shapes(path).items()}


def _values_sentence(contract: Contract) -> str:
    output = contract.output
    count = len(output.classes)
    if output.multilabel:
        return f"Each row holds {count} numbers from 0 to 1, one for each label."
    if output.kind == "probabilities":
        two = " With one number a row, it is the probability of the last class."
        return (
            f"Each row holds {count} probabilities that sum to 1 (within 0.001), in "
            f"the order of the classes.{two if count == 2 else ''}"
        )
    if output.kind == "scores":
        return f"Each row holds {count} numbers, one for each class; the largest wins."
    if output.kind == "labels":
        return "Each row holds the class itself."
    return "Each row holds real numbers."


def files_taken(competition: Competition) -> dict:
    """What the upload takes: words for people, endings for the file dialogue."""
    model = "model" in competition.accepts
    predictions = "predictions" in competition.accepts
    formats, endings = [], []
    if model:
        formats.append(
            ".keras, .h5, .tflite, .onnx, or a SavedModel as .zip or .tar.gz"
        )
        endings += [".keras", ".h5", ".hdf5", ".tflite", ".onnx", ".zip", ".gz"]
    if predictions:
        formats.append("predictions as .csv, .csv.gz, .parquet or .npz")
        endings += [".csv", ".gz", ".parquet", ".npz"]
    thing = "a model" if model else "predictions"
    if model and predictions:
        thing = "a model or predictions"
    return {
        "thing": thing,
        "words": "; or ".join(formats),
        "endings": ",".join(dict.fromkeys(endings)),
    }


def quota_of(competition: Competition) -> str:
    """The quota in a few words: 5 a day, 100 in all."""
    parts = []
    if competition.quota_per_day is not None:
        parts.append(f"{words.thousands(competition.quota_per_day)} a day")
    if competition.quota_total is not None:
        parts.append(f"{words.thousands(competition.quota_total)} in all")
    return ", ".join(parts) or "no limit"
