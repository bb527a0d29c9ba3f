"""Builds the benchmarks' models: python -m benchmarks.build FOLDER."""

import sys
import zipfile
from pathlib import Path

import keras
import tensorflow as tf

from benchmarks.workbench import IMAGES


def main(folder):
    keras.utils.set_random_seed(1)
    layers = keras.layers
    dense = keras.Sequential(
        [
            keras.Input((20,), name="x"),
            layers.Dense(64, activation="relu"),
            layers.Dense(64, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    dense.save(folder / "dense.keras")
    dense.export(folder / "dense", verbose=False)
    with zipfile.ZipFile(folder / "dense.zip", "w") as archive:
        for path in (folder / "dense").rglob("*"):
            archive.write(path, path.relative_to(folder / "dense"))
    convert = tf.lite.TFLiteConverter.from_saved_model(str(folder / "dense"))
    (folder / "dense.tflite").write_bytes(convert.convert())
    digits = [layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D()]
    digits += [layers.Conv2D(64, 3, activation="relu"), layers.MaxPooling2D()]
    network("digits.keras", digits).save(folder / "digits.keras")
    larger = []
    for maps in (32, 64, 128):
        larger += [
            layers.Conv2D(maps, 3, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.MaxPooling2D(),
        ]
    network("larger.keras", [*larger, layers.Dense(256, activation="relu")]).save(
        folder / "larger.keras"
    )


def network(name, inner):
    last = [keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")]
    return keras.Sequential([keras.Input(IMAGES[name], name="x"), *inner, *last])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
