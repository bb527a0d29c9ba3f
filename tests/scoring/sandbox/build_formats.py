"""Builds one small model in every other format, each by that format's own tools."""

import json

import h5py
import keras
import numpy as np
import onnx
import tensorflow as tf
import tf_keras
from onnx import TensorProto, helper, numpy_helper

from tests.scoring.sandbox.model_rows import X


def build(folder, packed):
    """Fill a folder; return what each model predicts by its own runtime."""
    keras.utils.set_random_seed(2)
    model = keras.Sequential(
        [
            keras.Input((4,), name="x"),
            keras.layers.Dense(6, activation="relu"),
            keras.layers.Dense(3, activation="softmax", name="species"),
        ]
    )
    model.save(folder / "keras3.h5")
    model.save_weights(folder / "only.weights.h5")
    build_tflite(folder, model)
    build_onnx(folder, model)
    fixed = keras.Sequential([keras.Input(batch_shape=(7, 4)), *model.layers])
    fixed.save(folder / "fixed.keras")
    return {
        "formats": model.predict(X, verbose=0),
        "odd": build_odd(folder),
        "keras1": build_keras1(folder),
        "keras2": build_keras2(folder, packed),
    }


def build_odd(folder):
    """Half precision, a loss of the author's own, and dicts in dicts."""

    def my_loss(truth, guess):
        return keras.ops.mean(truth - guess, axis=-1)

    kind = keras.DTypePolicy("mixed_bfloat16")
    x = keras.Input((4,), name="x")
    hidden = keras.layers.Dense(3, activation=keras.ops.silu, dtype=kind)(x)
    last = keras.layers.Softmax(dtype=kind)(hidden)
    model = keras.Model({"features": {"x": x}}, {"answer": {"species": last}})
    model.compile("sgd", {"answer": {"species": my_loss}})
    model.save(folder / "odd.keras")
    answer = model.predict({"features": {"x": X}}, verbose=0)["answer"]["species"]
    return answer.astype(np.float32)


def build_tflite(folder, model):
    """A float file, one of whole numbers only, and one that takes a row at a time."""
    model.export(folder / "formats", verbose=False)
    convert = tf.lite.TFLiteConverter.from_saved_model(str(folder / "formats"))
    (folder / "float.tflite").write_bytes(convert.convert())
    convert.optimizations = [tf.lite.Optimize.DEFAULT]
    convert.representative_dataset = lambda: ([row[None]] for row in X)
    convert.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    convert.inference_input_type = convert.inference_output_type = tf.int8
    (folder / "int8.tflite").write_bytes(convert.convert())

    one, two, three, four = (np.asarray(each) for each in model.get_weights())

    @tf.function(input_signature=[tf.TensorSpec((1, 4), tf.float32, name="x")])
    def single(x):
        return {"species": tf.nn.softmax(tf.nn.relu(x @ one + two) @ three + four)}

    functions = [single.get_concrete_function()]
    convert = tf.lite.TFLiteConverter.from_concrete_functions(functions, tf.Module())
    (folder / "single.tflite").write_bytes(convert.convert())

    @tf.function(input_signature=[tf.TensorSpec((None, 4), tf.float32, name="x")])
    def foreign(x):
        return x[:, :3] * tf.linalg.det(tf.reshape(x, (-1, 2, 2)))[:, None]

    functions = [foreign.get_concrete_function()]
    for name, allowed in (("flex", False), ("custom", True)):
        convert = tf.lite.TFLiteConverter.from_concrete_functions(
            functions, tf.Module()
        )
        convert.allow_custom_ops = allowed
        if not allowed:
            convert.target_spec.supported_ops = [tf.lite.OpsSet.SELECT_TF_OPS]
        (folder / f"{name}.tflite").write_bytes(convert.convert())


def build_onnx(folder, model):
    """The same numbers, in a graph of a few nodes."""
    one, two, three, four = (np.asarray(each) for each in model.get_weights())
    names = ["w1", "b1", "w2", "b2"]
    weights = [
        numpy_helper.from_array(array, name)
        for array, name in zip((one, two, three, four), names, strict=True)
    ]
    nodes = [
        helper.make_node("Gemm", ["x", "w1", "b1"], ["h"]),
        helper.make_node("Relu", ["h"], ["r"]),
        helper.make_node("Gemm", ["r", "w2", "b2"], ["l"]),
        helper.make_node("Softmax", ["l"], ["species"]),
        helper.make_node("Identity", ["h"], ["hidden"]),
    ]
    graph = helper.make_graph(
        nodes,
        "dense",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["rows", 4])],
        [
            helper.make_tensor_value_info("hidden", TensorProto.FLOAT, ["rows", 6]),
            helper.make_tensor_value_info("species", TensorProto.FLOAT, ["rows", 3]),
        ],
        weights,
    )
    opset = [helper.make_opsetid("", 17)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=8)
    onnx.save(model, folder / "dense.onnx")
    graph.output.pop(0)
    for tensor in (*graph.input, *graph.output):
        tensor.type.tensor_type.ClearField("shape")
    unranked = helper.make_model(graph, opset_imports=opset, ir_version=8)
    onnx.save(unranked, folder / "unranked.onnx")
    opset[0].version = 99
    newer = helper.make_model(graph, opset_imports=opset, ir_version=8)
    onnx.save(newer, folder / "newer.onnx")


def build_keras2(folder, packed):
    """What only Keras 2 reads: a layer's old argument, and an old optimiser's state."""
    model = tf_keras.Sequential(
        [
            tf_keras.layers.Reshape((2, 2, 1), input_shape=(4,)),
            tf_keras.layers.DepthwiseConv2D(2, depth_multiplier=3),
            tf_keras.layers.Flatten(),
            tf_keras.layers.Softmax(),
        ]
    )
    model.compile(tf_keras.optimizers.legacy.Adam(), "mse")
    model.fit(X[:32], np.zeros((32, 3)), verbose=0)
    model.save(folder / "keras2.h5")
    model.save(folder / "keras2", save_format="tf")
    packed(folder / "keras2")
    return model.predict(X, verbose=0)


def build_keras1(folder):
    """A file as Keras 1.2 wrote it; the answers are reckoned by hand."""
    random = np.random.default_rng(6)
    weights = {
        "convolution2d_1": [random.normal(size=(2, 2, 1, 3)), random.normal(size=3)],
        "dense_1": [random.normal(size=(3, 3)), random.normal(size=3)],
    }
    common = {"trainable": True, "W_regularizer": None, "b_constraint": None}
    layers = [
        ("Reshape", {"name": "reshape_1", "target_shape": [2, 2, 1],
                     "batch_input_shape": [None, 4], "input_dtype": "float32"}),
        ("Convolution2D", {**common, "name": "convolution2d_1", "nb_filter": 3,
                           "nb_row": 2, "nb_col": 2, "subsample": [1, 1],
                           "border_mode": "valid", "dim_ordering": "tf", "bias": True,
                           "init": "glorot_uniform", "activation": "relu"}),
        ("Flatten", {"name": "flatten_1"}),
        ("Dropout", {"name": "dropout_1", "p": 0.5}),
        ("Dense", {**common, "name": "dense_1", "output_dim": 3, "input_dim": 3,
                   "init": "uniform", "activation": "softmax", "bias": True}),
    ]  # fmt: skip
    config = [{"class_name": kind, "config": each} for kind, each in layers]
    with h5py.File(folder / "keras1.h5", "w") as file:
        file.attrs["keras_version"] = b"1.2.2"
        told = {"class_name": "Sequential", "config": config}
        file.attrs["model_config"] = json.dumps(told).encode()
        group = file.create_group("model_weights")
        group.attrs["layer_names"] = [each["name"].encode() for _, each in layers]
        for _, each in layers:
            inner = group.create_group(each["name"])
            names = [f"{each['name']}_{part}" for part in "Wb"]
            held = dict(zip(names, weights.get(each["name"], ()), strict=False))
            inner.attrs["weight_names"] = [name.encode() for name in held]
            for name, array in held.items():
                inner[name] = array.astype(np.float32)
    kernel, bias = weights["convolution2d_1"]
    hidden = np.maximum(X @ kernel.reshape(4, 3) + bias, 0)
    last = np.exp(hidden @ weights["dense_1"][0] + weights["dense_1"][1])
    return last / last.sum(axis=1, keepdims=True)
