"""Small models that journeys submit, built once by a process of their own."""

import subprocess
import sys
from pathlib import Path

# About 20 s on one core over the 10,000 digits: long enough to be interrupted.
SLOW_DIGITS = """
import keras
from keras import layers
keras.utils.set_random_seed(1)
inputs = keras.Input((28, 28), name="image")
x = layers.Reshape((28, 28, 1))(inputs)
for _ in range(3):
    x = layers.Conv2D(64, 3, padding="same", activation="relu")(x)
x = layers.GlobalAveragePooling2D()(x)
outputs = layers.Dense(10, activation="softmax")(x)
keras.Model(inputs, outputs).save({path!r})
"""

QUICK_DIGITS = """
import keras
from keras import layers
keras.utils.set_random_seed({seed})
inputs = keras.Input((28, 28), name="image")
x = layers.Flatten()(inputs)
outputs = layers.Dense(10, activation="softmax")(layers.Rescaling(1 / 255)(x))
keras.Model(inputs, outputs).save({path!r})
"""


def build(source: str, path: Path, **values) -> Path:
    """Run a few lines that save a model, with TensorFlow kept out of the tests."""
    code = source.format(path=str(path), **values)
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    return path
