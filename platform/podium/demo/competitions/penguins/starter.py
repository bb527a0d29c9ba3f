"""Train a small network on train.csv.gz and save it, ready to submit.

    python starter.py [path of train.csv.gz] [path of the model to write]

The model takes the table as it comes: text becomes numbers and missing cells are filled
inside it, because Podium feeds it the bare columns.
"""

import sys
from pathlib import Path

import keras
import numpy as np
import pandas as pd
from keras import layers, ops

HERE = Path(__file__).resolve().parent
train_path = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "train.csv.gz"
model_path = Path(sys.argv[2]) if len(sys.argv) > 2 else HERE / "penguins.keras"

MEASUREMENTS = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]
SPECIES = ["Adelie", "Chinstrap", "Gentoo"]  # the order of the model's answers

keras.utils.set_random_seed(1)  # the same numbers each time, so that you can compare

table = pd.read_csv(train_path).sample(frac=1, random_state=1)
features = {
    "measurements": table[MEASUREMENTS].to_numpy("float32"),
    # A missing word is fed as the empty string.
    "island": table[["island"]].fillna("").to_numpy(str),
    "sex": table[["sex"]].fillna("").to_numpy(str),
}
labels = table["species"].map(SPECIES.index).to_numpy()

# The inputs have the names that the competition gives them.
measurements = keras.Input((4,), name="measurements")
island = keras.Input((1,), dtype="string", name="island")
sex = keras.Input((1,), dtype="string", name="sex")

# Scale the numbers by what is known of them; a missing one becomes 0, the mean.
known = features["measurements"]
scaled = layers.Normalization(
    mean=np.nanmean(known, axis=0), variance=np.nanvar(known, axis=0)
)(measurements)
scaled = ops.nan_to_num(scaled, nan=0.0)

# A word becomes a one among zeros; an unknown or missing one has a place of its own.
where = layers.StringLookup(
    vocabulary=["Biscoe", "Dream", "Torgersen"], output_mode="one_hot"
)(island)
which = layers.StringLookup(vocabulary=["female", "male"], output_mode="one_hot")(sex)

hidden = layers.Concatenate()([scaled, where, which])
hidden = layers.Dense(16, activation="relu")(hidden)
hidden = layers.Dropout(0.2)(hidden)
species = layers.Dense(3, activation="softmax", name="species")(hidden)

model = keras.Model([measurements, island, sex], species)
model.compile(
    optimizer=keras.optimizers.Adam(0.01),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)

# Keep a fifth aside: it tells how good the model is on penguins it has not seen.
held_out = len(labels) // 5
train = {
    name: keras.ops.convert_to_tensor(x[held_out:]) for name, x in features.items()
}
aside = {
    name: keras.ops.convert_to_tensor(x[:held_out]) for name, x in features.items()
}
model.fit(
    train,
    labels[held_out:],
    validation_data=(aside, labels[:held_out]),
    epochs=60,
    batch_size=32,
    verbose=0,
)
_, accuracy = model.evaluate(aside, labels[:held_out], verbose=0)
print(f"Right on {accuracy:.1%} of the {held_out} penguins that were kept aside.")
model.save(model_path)
print(f"Saved {model_path}: this is the file to submit.")
