"""Train a small model on train.csv.gz and save it, ready to submit.

    python starter.py [path of train.csv.gz] [path of the model to write]

It takes less than a minute on two cores. The model takes the text as it stands: how it
is cut into letters, and which ones it knows, are layers of the model.
"""

import sys
from pathlib import Path

import keras
import pandas as pd
from keras import layers, ops

HERE = Path(__file__).resolve().parent
train_path = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "train.csv.gz"
model_path = Path(sys.argv[2]) if len(sys.argv) > 2 else HERE / "languages.keras"

keras.utils.set_random_seed(1)  # the same numbers each time, so that you can compare

# Without keep_default_na a piece of text such as "nan" would turn into a missing value.
table = pd.read_csv(train_path, keep_default_na=False)
table = table.sample(frac=1, random_state=1)
languages = sorted(table["language"].unique())  # the order of the model's answers
texts = table[["text"]].to_numpy(str)
labels = table["language"].map(languages.index).to_numpy()

# A fifth is kept aside: it tells how good the model is on text it has not seen.
held_out = len(labels) // 5

# Letters, pairs and triples of them, each known one with a number of its own. A piece
# of 30 letters has at most 30 + 29 + 28 of them.
letters = layers.TextVectorization(
    max_tokens=20_000,
    standardize=None,
    split="character",
    ngrams=3,
    output_mode="int",
    output_sequence_length=87,
)
letters.adapt(texts[held_out:])

# Each of them says something about the language; the model takes the mean of it.
text = keras.Input((1,), dtype="string", name="text")
hidden = letters(text)
hidden = layers.Embedding(20_000, 48, mask_zero=True)(hidden)
hidden = layers.GlobalAveragePooling1D()(hidden)
hidden = layers.Dropout(0.2)(hidden)
language = layers.Dense(len(languages), activation="softmax", name="language")(hidden)
model = keras.Model(text, language)
model.compile(
    optimizer=keras.optimizers.Adam(0.01),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)

texts = ops.convert_to_tensor(texts)
model.fit(
    texts[held_out:],
    labels[held_out:],
    validation_data=(texts[:held_out], labels[:held_out]),
    epochs=12,
    batch_size=64,
    verbose=2,
)
# Saved without the optimiser, which takes twice the room of the model.
keras.Model(model.inputs, model.outputs).save(model_path)
print(f"Saved {model_path}: this is the file to submit.")
