"""Train a small convolutional network on train.npz and save it, ready to submit.

    python starter.py [path of train.npz] [path of the model to write]

It takes less than a minute on two cores, and gets about 98 % of the digits right.
"""

import sys
from pathlib import Path

import keras
import numpy as np
from keras import layers

HERE = Path(__file__).resolve().parent
train_path = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "train.npz"
model_path = Path(sys.argv[2]) if len(sys.argv) > 2 else HERE / "digits.keras"

keras.utils.set_random_seed(1)  # the same numbers each time, so that you can compare

data = np.load(train_path)
images = data["images"].astype("float32")
labels = data["labels"]

# The last 2,000 images are kept aside: they tell how good the model is on images that
# it has not been trained on.
held_out = 2_000

# Podium feeds the pixels as they are, 0 to 255, so the scaling is part of the model.
model = keras.Sequential(
    [
        keras.Input((28, 28), name="image"),
        layers.Rescaling(1 / 255),
        layers.Reshape((28, 28, 1)),
        layers.Conv2D(16, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dropout(0.3),
        layers.Dense(64, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]
)
model.compile(
    optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]
)
model.fit(
    images[:-held_out],
    labels[:-held_out],
    validation_data=(images[-held_out:], labels[-held_out:]),
    epochs=5,
    batch_size=64,
    verbose=2,
)
model.save(model_path)
print(f"Saved {model_path}: this is the file to submit.")
