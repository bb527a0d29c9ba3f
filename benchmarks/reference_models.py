"""Trains a small model for each of four data sets and saves it in five formats.

python -m benchmarks.reference_models DATA FOLDER, in a process of its own, since it
imports TensorFlow. Beside each model lie the test rows and what Keras itself predicts.
"""

import sys
import zipfile
from pathlib import Path

import keras
import numpy as np
import onnx
import pandas as pd
import tensorflow as tf
from onnx import TensorProto, helper, numpy_helper

from benchmarks.reference_sets import TABLES

EPOCHS, MANY_EPOCHS = 3, 12
ACTIVATIONS = {"relu": "Relu", "softmax": "Softmax", "sigmoid": "Sigmoid"}
BINARY = 2


def main(data, folder):
    keras.utils.set_random_seed(7)
    digits(data / "mnist", folder / "mnist")
    for name, (columns, target, most) in TABLES.items():
        table(data / name, folder / name, columns, target, most)


def digits(data, folder):
    train, test = np.load(data / "train.npz"), np.load(data / "test.npz")
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((28, 28), name="x"),
            layers.Rescaling(1 / 255),
            layers.Reshape((28, 28, 1)),
            layers.Conv2D(8, 5, strides=2, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )
    x = train["images"].astype(np.float32)
    fit(model, x, train["labels"], EPOCHS, "sparse_categorical_crossentropy")
    save(model, folder, test["images"].astype(np.float32))


def table(data, folder, columns, target, most):
    train = pd.read_csv(data / "train.csv.gz")
    x = train[columns].to_numpy(np.float32)
    scaled = keras.layers.Normalization()
    scaled.adapt(x)
    hidden = keras.layers.Dense(32, activation="relu")
    last = [keras.layers.Dense(BINARY, activation="softmax")]
    if most > BINARY:  # a share of the most there is, so that no row can blow up
        last = [keras.layers.Dense(1, activation="sigmoid")]
        last.append(keras.layers.Rescaling(most))
    inputs = keras.Input((len(columns),), name="x")
    model = keras.Sequential([inputs, scaled, hidden, *last])
    loss = "sparse_categorical_crossentropy" if most == BINARY else "msle"
    fit(model, x, train[target].to_numpy(), MANY_EPOCHS, loss)
    test = pd.read_csv(data / "test.csv.gz")
    save(model, folder, test[columns].to_numpy(np.float32))


def fit(model, x, y, epochs, loss):
    model.compile(keras.optimizers.Adam(0.003), loss)
    model.fit(x, y, 128, epochs, verbose=0)


def save(model, folder, x):
    """The model in five formats, its test rows, and what Keras predicts on them."""
    folder.mkdir(parents=True)
    model.save(folder / "model.keras")
    model.save(folder / "model.h5")
    model.export(folder / "graph", verbose=False)
    with zipfile.ZipFile(folder / "model.zip", "w") as archive:
        for path in (folder / "graph").rglob("*"):
            archive.write(path, path.relative_to(folder / "graph"))
    convert = tf.lite.TFLiteConverter.from_saved_model(str(folder / "graph"))
    (folder / "model.tflite").write_bytes(convert.convert())
    onnx.save(as_onnx(model), folder / "model.onnx")
    np.savez(folder / "rows.npz", x=x, keras=model.predict(x, 256, verbose=0))


def as_onnx(model):
    """The same layers as ONNX operators; images go through them channels first."""
    nodes, weights, at = [], [], "x"

    def add(operator, *constants, **attributes):
        nonlocal at
        names = [f"w{len(weights) + place}" for place in range(len(constants))]
        for constant, name in zip(constants, names, strict=True):
            weights.append(numpy_helper.from_array(np.asarray(constant), name))
        after = f"t{len(nodes)}"
        nodes.append(helper.make_node(operator, [at, *names], [after], **attributes))
        at = after

    for layer in model.layers:
        match type(layer).__name__:
            case "Rescaling":
                add("Mul", np.float32(layer.scale))
            case "Normalization":
                add("Sub", np.asarray(layer.mean, np.float32))
                deviation = np.sqrt(np.asarray(layer.variance, np.float32))
                add("Div", np.maximum(deviation, np.float32(1e-7)))
            case "Reshape":
                add("Reshape", np.array([0, *layer.target_shape]))
                add("Transpose", perm=[0, 3, 1, 2])
            case "Conv2D":
                kernel, bias = layer.get_weights()
                add("Conv", kernel.transpose(3, 2, 0, 1), bias, strides=layer.strides)
            case "MaxPooling2D":
                add("MaxPool", kernel_shape=layer.pool_size, strides=layer.strides)
            case "Flatten":
                add("Transpose", perm=[0, 2, 3, 1])
                add("Flatten")
            case "Dense":
                add("Gemm", *layer.get_weights())
        if activation := getattr(layer, "activation", None):
            add(ACTIVATIONS[activation.__name__])
    return packed(model, nodes, weights, at)


def packed(model, nodes, weights, last):
    given = ["rows", *model.input_shape[1:]]
    answered = ["rows", *model.output_shape[1:]]
    graph = helper.make_graph(
        nodes,
        "model",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, given)],
        [helper.make_tensor_value_info(last, TensorProto.FLOAT, answered)],
        weights,
    )
    opset = [helper.make_opsetid("", 17)]
    return helper.make_model(graph, opset_imports=opset, ir_version=8)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
