"""Scores that scikit-learn computed, reproduced by the whole engine.

`python -m benchmarks.reference_scores DATA`, with the folder of the seven data sets,
prints a JSON line for each `scores.json` that their files of predictions must give,
through the sandbox; then for four of them one line for each of five formats of one
trained model: its scores, and how far they are from the `.keras` file's.
"""

import gzip
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.reference_sets import PARAMETERS, SETS, TABLES
from scoring import sandbox, tables
from scoring.artifact import identify
from scoring.contract import Contract
from scoring.labels import Labels
from scoring.sandbox import Job, Limits
from scoring.sandbox.confinement import ENVIRONMENT, ROOT
from scoring.score import score
from scoring.tensors import write_tensors

FORMATS = ("keras", "zip", "h5", "tflite", "onnx")


def main(data):
    with tempfile.TemporaryDirectory(prefix="podium-bench-") as folder:
        folder = Path(folder)
        for name in SETS:
            print(json.dumps(of_predictions(data / name, folder)), flush=True)
        subprocess.run(
            [sys.executable, "-m", "benchmarks.reference_models", data, folder],
            env={**ENVIRONMENT, "HOME": str(folder), "PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )
        for name in ("mnist", *TABLES):
            for line in of_models(data / name, folder):
                print(json.dumps(line), flush=True)
        sandbox.close()


def of_predictions(data, folder):
    """Send a set's file of predictions through the sandbox, and score it."""
    labels = labels_of(data)
    artifact = next(data.glob("baseline.*"))
    if data.name == "solar_flares":  # its columns are named apart from the targets
        artifact = folder / "flares.csv"
        text = gzip.decompress((data / "baseline.csv.gz").read_bytes())
        artifact.write_bytes(text.replace(b"_any", b""))
    write_tensors(folder / "ids", {"ids": np.array(labels.ids, dtype=object)})
    keys = SETS[data.name][2]
    found = scored(artifact, labels, folder, ids=folder / "ids")
    wanted = json.loads((data / "scores.json").read_text())
    apart = [abs(found[ours] / wanted[theirs] - 1) for ours, theirs in keys.items()]
    told = {"set": data.name, "file": artifact.name, "metrics": len(keys)}
    return {**told, "rows": len(labels.y), "largest_relative_difference": max(apart)}


def of_models(data, folder):
    """Score one trained model in each of its formats."""
    labels = labels_of(data)
    known = np.load(folder / data.name / "rows.npz")
    rows = folder / data.name / "rows"
    write_tensors(rows, {"x": known["x"]})
    first = None
    for ending in FORMATS:
        path = folder / data.name / f"model.{ending}"
        found = scored(path, labels, folder, inputs=rows)
        first = first or found
        apart = max(abs(found[key] / first[key] - 1) for key in found)
        told = {"set": data.name, "format": identify(path), "scores": found}
        yield {**told, "largest_relative_difference": apart}


def scored(artifact, labels, folder, **given):
    """Run a file in the sandbox as a worker does; its scores over all rows."""
    keys = SETS[labels_name(labels)][2]
    given = {"inputs": folder / "none", **given}
    job = Job(
        artifact,
        identify(artifact),
        labels.contract,
        rows=len(labels.y),
        limits=Limits(120, 4096, 256),
        scratch=folder / "scratch",
        **given,
    )
    specs = [{"key": key, **PARAMETERS.get(key, {})} for key in keys]
    return score(sandbox.predict(job).predictions, labels, specs)["all"]


def labels_name(labels):
    return next(
        name
        for name, (_, target, _) in SETS.items()
        if labels.contract.target in ((target,), tuple(target))
    )


def labels_of(data):
    """A set's labels, with all rows public."""
    truth = tables.read_table(next(data.glob("test_labels.*")))
    output, target, _ = SETS[data.name]
    if output.get("classes", ...) is None:
        names = sorted(set(truth.column(target).values.tolist()))
        output = {**output, "classes": names}
    is_table = bool(truth.columns)
    contract = Contract.from_dict(
        {
            "inputs": {"x": source(data.name, is_table)},
            "output": output,
            "id": "id" if is_table else None,
            "target": target,
        }
    )
    ids = tables.row_ids(truth, contract)
    if output.get("multilabel"):  # how many flares there were; asked is whether any
        columns = [truth.column(name).values.astype(int) > 0 for name in target]
        y = np.stack(columns, axis=1).astype(np.int64)
    else:
        y = tables.label_values(truth, contract, ids)
    return Labels(y, np.zeros(len(y), np.uint8), ids, contract)


def source(name, is_table):
    columns = TABLES[name][0] if name in TABLES else ["x"]
    where = {"columns": columns} if is_table else {"array": "images"}
    return {**where, "dtype": "float32"}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
