"""Builds models of several inputs and outputs, of every type that a contract knows."""

import keras
import numpy as np
import onnx
import tensorflow as tf
from onnx import TensorProto, helper, numpy_helper

from tests.scoring.sandbox.model_rows import COUNTS, FLAGS, ISLANDS, X


def build(folder, packed):
    """Fill a folder; return what each model predicts by its own runtime."""
    keras.utils.set_random_seed(4)
    model, fed = build_types(folder, packed)
    species = model.predict(fed, verbose=0)["species"]
    build_outputs(folder, packed)
    weights = np.random.default_rng(8).normal(size=(6, 3)).astype(np.float32)
    build_tflite(folder, weights)
    build_onnx(folder, weights)
    logits = np.concatenate([X, FLAGS, COUNTS], axis=1).astype(np.float32) @ weights
    return {"types": species, "typed": tf.nn.softmax(logits).numpy()}


def build_types(folder, packed):
    """Floats, a boolean, a whole number and a text in, by name; a dict out."""
    inputs = {
        "x": keras.Input((4,), name="x"),
        "flag": keras.Input((1,), name="flag", dtype="bool"),
        "count": keras.Input((1,), name="count", dtype="int64"),
        "island": keras.Input((1,), name="island", dtype="string"),
    }
    lookup = keras.layers.StringLookup(
        vocabulary=["north", "south", "west"], output_mode="one_hot"
    )
    parts = [inputs["x"], keras.layers.Rescaling(2.0)(inputs["flag"])]
    parts += [keras.layers.Rescaling(0.1)(inputs["count"]), lookup(inputs["island"])]
    joined = keras.layers.Concatenate()(parts)
    last = keras.layers.Dense(3, activation="softmax")
    answers = {"other": keras.layers.Dense(5)(joined), "species": last(joined)}
    model = keras.Model(inputs, answers)
    model.save(folder / "types.keras")
    model.export(folder / "types", verbose=False)
    packed(folder / "types")
    fed = {"x": X, "flag": FLAGS, "count": COUNTS, "island": tf.constant(ISLANDS)}
    return model, fed


def build_outputs(folder, packed):
    """The same layers with their outputs as a list and as a tuple."""
    inputs = keras.Input((4,), name="x")
    one = keras.layers.Dense(3, activation="softmax", name="one")(inputs)
    two = keras.layers.Dense(3, activation="softmax", name="two")(inputs)
    for name, answers in (("list", [one, two]), ("tuple", (one, two))):
        model = keras.Model(inputs, answers)
        model.save(folder / f"{name}.keras")
        np.save(folder / f"{name}.npy", model.predict(X, verbose=0)[1])
    fixed = tf.TensorSpec([64, 4], tf.float32, name="x")
    module = tf.Module()
    module.run = tf.function(
        lambda x: {"one": x[:, :3], "two": tf.nn.softmax(x[:, :3])},
        input_signature=[fixed],
    )
    tf.saved_model.save(
        module, str(folder / "fixed_two"), {"serving_default": module.run}
    )
    packed(folder / "fixed_two")


def build_tflite(folder, weights):
    """Floats, a boolean and a 32-bit whole number."""

    @tf.function(
        input_signature=[
            tf.TensorSpec([None, 4], tf.float32, name="x"),
            tf.TensorSpec([None, 1], tf.bool, name="flag"),
            tf.TensorSpec([None, 1], tf.int32, name="count"),
        ]
    )
    def run(x, flag, count):
        parts = [x, tf.cast(flag, tf.float32), tf.cast(count, tf.float32)]
        return {"species": tf.nn.softmax(tf.concat(parts, 1) @ weights)}

    functions = [run.get_concrete_function()]
    convert = tf.lite.TFLiteConverter.from_concrete_functions(functions, tf.Module())
    (folder / "typed.tflite").write_bytes(convert.convert())


def build_onnx(folder, weights):
    """The same with a 64-bit whole number, saved for 64 rows at a time."""
    nodes = [
        helper.make_node("Cast", ["flag"], ["f"], to=TensorProto.FLOAT),
        helper.make_node("Cast", ["count"], ["c"], to=TensorProto.FLOAT),
        helper.make_node("Concat", ["x", "f", "c"], ["all"], axis=1),
        helper.make_node("MatMul", ["all", "w"], ["l"]),
        helper.make_node("Softmax", ["l"], ["species"]),
    ]
    graph = helper.make_graph(
        nodes,
        "typed",
        [
            helper.make_tensor_value_info("x", TensorProto.FLOAT, [64, 4]),
            helper.make_tensor_value_info("flag", TensorProto.BOOL, [64, 1]),
            helper.make_tensor_value_info("count", TensorProto.INT64, [64, 1]),
        ],
        [helper.make_tensor_value_info("species", TensorProto.FLOAT, [64, 3])],
        [numpy_helper.from_array(weights, "w")],
    )
    opset = [helper.make_opsetid("", 17)]
    onnx.save(
        helper.make_model(graph, opset_imports=opset, ir_version=8),
        folder / "typed.onnx",
    )
