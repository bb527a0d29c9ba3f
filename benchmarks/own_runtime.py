"""What a model's own runtime predicts: a plain script without a line of the engine.

python -m benchmarks.own_runtime FORMAT MODEL ROWS ANSWER OUTPUT, with NumPy files. Rows
go in all at once, or one by one where the model was saved for one row.
"""

import sys

import numpy as np


def main(format, model, rows, answer, output):
    by = {"h5": keras_2, "savedmodel": saved_model, "tflite": lite, "onnx": onnx}
    np.save(answer, by[format](model, np.load(rows), output))


def keras_2(path, x, output):
    import tf_keras

    return tf_keras.models.load_model(path, compile=False).predict(x, verbose=0)


def saved_model(path, x, output):
    import tensorflow as tf
    import tf_keras  # noqa: F401  (without it old optimisers cannot be restored)

    serve = tf.saved_model.load(path).signatures["serving_default"]
    name = next(iter(serve.structured_input_signature[1]))
    return serve(**{name: tf.constant(x)})[output].numpy()


def lite(path, x, output):
    """By hand: scale and zero point in, scale and zero point out."""
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(path)
    if output:
        serve = interpreter.get_signature_runner()
        name = next(iter(serve.get_input_details()))
        return serve(**{name: x})[output]
    (taken,) = interpreter.get_input_details()
    (given,) = interpreter.get_output_details()
    interpreter.allocate_tensors()
    answers = []
    for row in x:
        interpreter.set_tensor(taken["index"], stepped(row[None], taken))
        interpreter.invoke()
        answer = interpreter.get_tensor(given["index"])
        scale, zero = given["quantization"]
        answers.append((answer.astype("float32") - zero) * scale if scale else answer)
    return np.concatenate(answers)


def stepped(x, details):
    scale, zero = details["quantization"]
    if not scale:
        return x
    span = np.iinfo(details["dtype"])
    steps = np.clip(np.rint(x / scale) + zero, span.min, span.max)
    return steps.astype(details["dtype"])


def onnx(path, x, output):
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    (taken,) = session.get_inputs()
    x = x.reshape(len(x), *(size for size in taken.shape[1:]))
    wanted = output or session.get_outputs()[0].name
    one_by_one = taken.shape[0] == 1
    parts = [row[None] for row in x] if one_by_one else [x]
    return np.concatenate(
        [session.run([wanted], {taken.name: each})[0] for each in parts]
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
