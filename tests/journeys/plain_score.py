"""A baseline's scores by a plain script: Keras, hashlib and scikit-learn, none of ours.

`python plain_score.py FOLDER MODEL` prints {"public": …, "private": …, "all": …}: macro
F1 for the penguins, accuracy for the digits.
"""

import hashlib
import json
import sys
from pathlib import Path

import keras
import numpy as np
import pandas as pd
from sklearn.metrics import accuracy_score, f1_score
from tensorflow import constant

PENGUINS = ["Adelie", "Chinstrap", "Gentoo"]


def penguins(folder: Path, model):
    rows = pd.read_csv(folder / "hidden" / "test.csv.gz", keep_default_na=False)
    labels = pd.read_csv(folder / "hidden" / "labels.csv.gz")
    y_true = rows[["id"]].merge(labels, on="id", validate="1:1")["species"]
    feeds = {}
    for name, columns in (
        (
            "measurements",
            ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"],
        ),
        ("island", ["island"]),
        ("sex", ["sex"]),
    ):
        cells = rows[columns]
        if name == "measurements":
            numbers = cells.replace("", np.nan).astype("float32")
            feeds[name] = constant(numbers.to_numpy())
        else:
            feeds[name] = constant(cells.to_numpy().astype(str))
    wanted = [tensor.name for tensor in model.inputs]
    y_prob = model.predict({name: feeds[name] for name in wanted}, verbose=0)
    y_pred = np.array(PENGUINS)[y_prob.argmax(axis=1)]
    ids = [str(value) for value in rows["id"]]

    def metric(chosen):
        return f1_score(
            y_true[chosen],
            y_pred[chosen],
            labels=PENGUINS,
            average="macro",
            zero_division=0,
        )

    return ids, y_true.to_numpy(), metric


def digits(folder: Path, model):
    images = np.load(folder / "hidden" / "test.npz")["images"].astype("float32")
    y_true = np.load(folder / "hidden" / "labels.npz")["labels"]
    y_pred = model.predict(images, batch_size=1000, verbose=0).argmax(axis=1)

    def metric(chosen):
        return accuracy_score(y_true[chosen], y_pred[chosen])

    return [str(row) for row in range(len(images))], y_true, metric


def is_public(ids, y_true, fraction, seed):
    """Within each class, by the SHA-256 of `seed:id`, the first share of rows."""
    public = np.zeros(len(ids), bool)
    for one in np.unique(y_true):
        rows = np.flatnonzero(y_true == one)
        order = sorted(
            rows, key=lambda r: hashlib.sha256(f"{seed}:{ids[r]}".encode()).hexdigest()
        )
        public[order[: int(fraction * len(order) + 0.5)]] = True
    return public


def main(folder: Path, model_file: str, fraction: float, seed: int) -> None:
    model = keras.saving.load_model(folder / "baselines" / model_file)
    ids, y_true, metric = (penguins if folder.name == "penguins" else digits)(
        folder, model
    )
    public = is_public(ids, y_true, fraction, seed)
    everything = np.ones(len(ids), bool)
    scores = {"public": public, "private": ~public, "all": everything}
    print(json.dumps({split: metric(rows) for split, rows in scores.items()}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3]), int(sys.argv[4]))
