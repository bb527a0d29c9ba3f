"""Builds the models of the sandbox's tests: real ones, tiny, some of them hostile.

Run as a script with a folder to fill and a secret file to reach for, since the process
of the tests never imports TensorFlow. `expected.npz` holds what Keras itself predicts.
"""

import sys
import tarfile
import zipfile
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from tests.scoring.sandbox import build_formats, build_signatures
from tests.scoring.sandbox.model_rows import IMAGES, ISLANDS, X

MARKER = "/tmp/podium-popen"


def main(folder, secret):
    keras.utils.set_random_seed(1)
    expected = {}
    expected["dense"] = build_dense(folder)
    expected["mixed"] = build_mixed(folder)
    expected["images"] = build_images(folder)
    expected |= build_formats.build(folder, packed)
    expected |= build_signatures.build(folder, packed)
    build_wrong(folder)
    build_hostile(folder, secret)
    np.savez(folder / "expected.npz", **expected)


def build_dense(folder):
    """A .keras and a tar.gz of one model, with the same numbers."""
    model = keras.Sequential(
        [
            keras.Input((4,), name="whatever"),
            keras.layers.Dense(8, activation="relu"),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    model.save(folder / "dense.keras")
    model.export(folder / "dense", verbose=False)
    with tarfile.open(folder / "dense.tar.gz", "w:gz") as archive:
        archive.add(folder / "dense", arcname=".")
    (folder / "cut.keras").write_bytes((folder / "dense.keras").read_bytes()[:-100])
    damage_weights(folder / "dense.keras", folder / "damaged.keras")
    return model.predict(X, verbose=0)


def damage_weights(source, target):
    """The same archive with weights that are none."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data[: len(data) // 2] if "weights" in name else data)


def build_mixed(folder):
    """Numbers and strings in, two outputs, with a vocabulary; .keras and .zip."""
    numbers = keras.Input((4,), name="x")
    island = keras.Input((1,), name="island", dtype="string")
    words = keras.layers.StringLookup(
        vocabulary=["north", "south", "west"], output_mode="one_hot"
    )(island)
    joined = keras.layers.Concatenate()([numbers, words])
    species = keras.layers.Dense(3, activation="softmax", name="species")(joined)
    other = keras.layers.Dense(5, name="other")(joined)
    model = keras.Model([numbers, island], {"other": other, "species": species})
    model.save(folder / "mixed.keras")
    model.export(folder / "mixed", verbose=False)
    packed(folder / "mixed", "inner/")
    return model.predict([X, tf.constant(ISLANDS)], verbose=0)["species"]


def build_images(folder):
    """Takes (n, 6, 6, 1) whole numbers where the contract has (n, 6, 6) floats."""
    image = keras.Input((6, 6, 1), name="picture", dtype="int32")
    scaled = keras.layers.Rescaling(1 / 255)(image)
    maps = keras.layers.Conv2D(2, 3, activation="relu")(scaled)
    flat = keras.layers.Flatten()(maps)
    model = keras.Model(image, keras.layers.Dense(1, activation="sigmoid")(flat))
    model.save(folder / "images.keras")
    return model.predict(IMAGES[..., None].astype(np.int32), verbose=0)


def build_wrong(folder):
    """Models that do not fit the contract of `dense`, or answer nonsense."""
    three = keras.Sequential([keras.Input((3,)), keras.layers.Dense(3)])
    three.save(folder / "three_columns.keras")
    saved(folder, "nan", lambda x: tf.math.log(x[:, :3] - 1e9))
    saved(folder, "one_row", lambda x: tf.nn.softmax(x[:1, :3]))
    saved(folder, "asserts", asserts)
    saved(folder, "talks", talks)
    saved(folder, "fixed", lambda x: tf.nn.softmax(x[:, :3]), rows=128)


def build_hostile(folder, secret):
    saved(folder, "slow", slow)
    saved(folder, "hungry", hungry)
    saved(folder, "reads", lambda x: constant(x, tf.io.read_file(secret)))
    saved(folder, "looks_up", looks_up(secret))
    code = keras.Sequential(
        [keras.Input((4,)), keras.layers.Lambda(lambda x: x[:, :3])]
    )
    code.save(folder / "lambda.keras")
    run = lambda x: (__import__("os").system("touch /tmp/podium-popen"), x[:, :3])[1]  # noqa: E731
    runs = keras.layers.Lambda(run, output_shape=(3,))
    keras.Sequential([keras.Input((4,)), runs]).save(folder / "lambda_runs.keras")
    Path(MARKER).unlink(missing_ok=True)  # Keras tried it out while it was built


def asserts(x):
    with tf.control_dependencies([tf.debugging.Assert(x[0, 0] > 1e9, [x], 9999)]):
        return tf.nn.softmax(x[:, :3])


def talks(x):
    tf.print("the first row is", x[0], output_stream=sys.stderr)
    return tf.nn.softmax(x[:, :3])


def slow(x):
    """A loop that would run for a day, and looks like work."""
    steps = tf.constant(10**12, tf.int64)
    step = tf.constant(0, tf.int64)
    return tf.while_loop(
        lambda step, y: step < steps,
        lambda step, y: (step + 1, y * 0.999),
        (step, x[:, :3]),
    )[1]


def hungry(x):
    """Keeps ever larger tensors alive."""
    step, kept = tf.constant(0), tf.ones([1_000_000])
    kept = tf.while_loop(
        lambda step, kept: step < 20,
        lambda step, kept: (step + 1, tf.concat([kept, kept], 0)),
        (step, kept),
        shape_invariants=(step.shape, tf.TensorShape([None])),
    )[1]
    return tf.nn.softmax(x[:, :3]) + 0 * kept[0]


def constant(x, text):
    """Hand back a text's bytes as numbers, whatever the input."""
    numbers = tf.cast(tf.io.decode_raw(text, tf.uint8), tf.float32)
    return tf.nn.softmax(x[:, :3]) + numbers[0]


def looks_up(secret):
    """Reads a file by an operation that the static check does not know."""
    line = tf.lookup.TextFileIndex.WHOLE_LINE

    def function(x):
        table = tf.raw_ops.HashTableV2(
            key_dtype=tf.int64, value_dtype=tf.string, shared_name="t"
        )
        tf.raw_ops.InitializeTableFromTextFileV2(
            table_handle=table,
            filename=tf.constant(secret),
            key_index=tf.lookup.TextFileIndex.LINE_NUMBER,
            value_index=line,
        )
        key = tf.constant([0], tf.int64)
        text = tf.raw_ops.LookupTableFindV2(
            table_handle=table, keys=key, default_value=tf.constant("")
        )
        return constant(x, text[0])

    return function


def saved(folder, name, function, rows=None):
    """A SavedModel of one function of four numbers, packed as a zip."""
    module = tf.Module()
    spec = tf.TensorSpec([rows, 4], tf.float32, name="x")
    module.run = tf.function(lambda x: {"y": function(x)}, input_signature=[spec])
    signatures = {"serving_default": module.run}
    tf.saved_model.save(module, str(folder / name), signatures)
    packed(folder / name)


def packed(model, inner=""):
    with zipfile.ZipFile(f"{model}.zip", "w") as archive:
        for path in sorted(model.rglob("*")):
            if path.is_file():
                archive.write(path, inner + str(path.relative_to(model)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
