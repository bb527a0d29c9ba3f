"""The bare runtime, warm: python -m benchmarks.bare FOLDER NAME TIMES.

Loads a model TIMES times and predicts on the rows that a run gets: by Keras's own
`predict`, and by the call that the engine makes. No isolation, no fork, no copy.
"""

import importlib
import json
import statistics
import sys
from pathlib import Path

from benchmarks.workbench import ROWS, milliseconds
from scoring.artifact import identify
from scoring.sandbox import child, signature
from scoring.sandbox.loaders import MODULES
from scoring.tensors import open_tensors

WITHOUT_PREDICT = -1.0


def main(folder, name, times):
    from benchmarks.workbench import CONTRACT

    rows = open_tensors(folder / f"{name}.rows")
    shapes = {"x": rows["x"].shape[1:]}
    loader = importlib.import_module(MODULES[identify(folder / name)])
    taken = {"load": [], "first": [], "again": [], "predict": []}
    for number in range(times):
        scratch = folder / f"bare-{name}-{number}"
        scratch.mkdir()
        kept = {}

        def load(scratch=scratch, kept=kept):
            with open(folder / name, "rb") as file:
                model = loader.load(file, scratch, 2**30, lambda: None)
            kept["binding"] = signature.bind(CONTRACT, shapes, model.signature)
            kept["run"] = model.runner(kept["binding"].output)

        def call(kept=kept):
            batch = child.batch_rows(shapes)
            run, binding = kept["run"], kept["binding"]
            child.predict(run, binding, rows, ROWS, CONTRACT, batch)

        taken["load"].append(milliseconds(load))
        taken["first"].append(milliseconds(call))
        taken["again"].append(milliseconds(call))
        taken["predict"].append(by_keras(folder / name, rows))
    print(json.dumps({each: statistics.median(ms) for each, ms in taken.items()}))


def by_keras(path, rows) -> float:
    """Keras's own `predict` with its default batch, warm; -1 for other formats."""
    if path.suffix != ".keras":
        return WITHOUT_PREDICT
    import keras

    model = keras.saving.load_model(path, compile=False)
    model.predict(rows["x"][:64], verbose=0)
    return milliseconds(lambda: model.predict(rows["x"], verbose=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
