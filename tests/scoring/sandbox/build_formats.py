"""Builds one small model in every other format, each by that format's own tools."""

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
        "keras2": build_keras2(folder, packed),
    }


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
    onnx.save(
        helper.make_model(graph, opset_imports=opset, ir_version=8),
        folder / "dense.onnx",
    )


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
